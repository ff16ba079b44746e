import type { EntityManager } from 'typeorm';
import { FLOW_LISTENER } from '../database/events.js';

export type FlowTellStore = {
  /** Tells of flows that were observed, where somebody on any replica listens; at most a thousand are named. */
  tell(clusterId: number, flows: readonly string[]): Promise<void>;
};

const MOST_NAMED = 1_000;

/** Postgres takes less than 8,000 bytes at once. */
const AT_ONCE = 200;

/** No row: nobody listens. */
const TELL = `/* flowTells.tell */
  select pg_notify('weirgate_flows', 'flows ' || $1::int || ' ' || $2::text || ' ' || $3::int) where exists (
    select from pg_stat_activity where datname = current_database() and application_name = '${FLOW_LISTENER}')`;

export const flowTellStore = (manager: EntityManager): FlowTellStore => ({
  tell: async (clusterId, flows) => {
    const skipped = Math.max(0, flows.length - MOST_NAMED);
    for (let from = 0; from < Math.min(flows.length, MOST_NAMED); from += AT_ONCE) {
      const ids = flows.slice(from, Math.min(from + AT_ONCE, MOST_NAMED)).join(',');
      const values = [clusterId, ids, from === 0 ? skipped : 0];
      const told: readonly object[] = await manager.query(TELL, values);
      if (told.length === 0) return;
    }
  },
});
