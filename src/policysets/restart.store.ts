import type { EntityManager } from 'typeorm';
import { statement, text, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import type { Window } from '../flows/flow-condition.js';

/** A deployment of which some pod is known with its start, and none that started in the window. */
export type NotRestarted = { readonly id: string; readonly name: string };

export type RestartStore = {
  /** Of these deployments, as `namespace/name`, ordered by it. */
  notRestarted(
    clusterId: number,
    window: Window,
    ids: readonly string[],
  ): Promise<readonly NotRestarted[]>;
};

const NOT_RESTARTED = statement<NotRestarted>('restarts.notRestarted', { id: uuid, name: text });

export const restartStore = (manager: EntityManager): RestartStore => ({
  notRestarted: (clusterId, { since, until }, ids) =>
    NOT_RESTARTED.rows(
      manager,
      `select d.id, d.namespace || '/' || d.name as name from peer d
      join lateral (
        select count(*) as known, count(*) filter (where ($3::timestamptz is null or p.started_at >= $3::timestamptz)
          and ($4::timestamptz is null or p.started_at < $4::timestamptz)) as started
        from pod p where p.cluster_id = d.cluster_id and p.deployment_id = d.id and p.started_at is not null) pods on true
      where d.cluster_id = ${CLUSTER} and d.id = any($2::uuid[]) and pods.known > 0 and pods.started = 0
      order by 2, 1`,
      [clusterId, ids, since, until],
    ),
});
