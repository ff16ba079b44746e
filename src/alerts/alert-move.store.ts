import type { EntityManager } from 'typeorm';
import { sumOfInt8 } from '../database/statement.js';

export type AlertMoveStore = {
  /** Flows have become others: alerts are of what they became, and counts of two that became one are added up. */
  moveFlows(
    clusterId: number,
    moves: readonly { readonly from: string; readonly to: string }[],
  ): Promise<void>;
};

const MOVE = `/* alertMoves.moveMatches */
  with gone as (
    delete from alert_match a using unnest($2::uuid[], $3::uuid[]) m (old, new)
    where a.cluster_id = $1 and a.flow_id = m.old returning a.*, m.new
  )
  insert into alert_match as stored (cluster_id, alert_id, flow_id, rules, events, passed, first_occurred_at, last_occurred_at)
  select distinct on (g.alert_id, g.new) g.cluster_id, g.alert_id, g.new, g.rules, sum(g.events) over w, sum(g.passed) over w,
    min(g.first_occurred_at) over w, max(g.last_occurred_at) over w
  from gone g window w as (partition by g.alert_id, g.new) order by g.alert_id, g.new
  on conflict (cluster_id, alert_id, flow_id) do update set events = ${sumOfInt8('stored.events', 'excluded.events')},
    passed = ${sumOfInt8('stored.passed', 'excluded.passed')},
    first_occurred_at = least(stored.first_occurred_at, excluded.first_occurred_at),
    last_occurred_at = greatest(stored.last_occurred_at, excluded.last_occurred_at)`;

export const alertMoveStore = (manager: EntityManager): AlertMoveStore => ({
  moveFlows: async (clusterId, moves) => {
    const values = [clusterId, moves.map(({ from }) => from), moves.map(({ to }) => to)];
    await manager.query(MOVE, values);
    await manager.query(
      `/* alertMoves.moveAlerts */ update alert a set flow_id = m.new from unnest($2::uuid[], $3::uuid[]) m (old, new)
      where a.cluster_id = $1 and a.flow_id = m.old`,
      values,
    );
  },
});
