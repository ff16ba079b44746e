import type { EntityManager } from 'typeorm';
import { int4, statement } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';

export type BaselineProgressStore = {
  /** Clusters in which baselines learn by themselves, and more hours are covered than when they were last advanced. */
  due(): Promise<readonly number[]>;
  /** Baselines of a cluster have been advanced by all that is covered. `now` is ISO text. */
  advanced(clusterId: number, now: string): Promise<void>;
  /** Says of deployments whether their baselines learn by themselves. */
  setContinuous(
    clusterId: number,
    deployments: readonly { readonly id: string; readonly continuous: boolean }[],
  ): Promise<void>;
};

const DUE = statement('baselineProgress.due', { clusterId: int4 });

const COVERED = (cluster: string): string =>
  `(select count(distinct l.hour) from ingest_ledger l where l.cluster_id = ${cluster} and l.first_seen_at is not null)`;

export const baselineProgressStore = (manager: EntityManager): BaselineProgressStore => ({
  due: async () => {
    const rows = await DUE.rows(
      manager,
      `select c.id as "clusterId" from cluster c left join baseline_progress p on p.cluster_id = c.id
      where c.deleted_at is null and exists (select from baseline_setting s where s.cluster_id = c.id and s.learning = 'CONTINUOUS')
        and p.covered_hours is distinct from ${COVERED('c.id')}
      order by c.id`,
      [],
    );
    return rows.map(({ clusterId }) => clusterId);
  },
  advanced: async (clusterId, now) => {
    await manager.query(
      `/* baselineProgress.advanced */ insert into baseline_progress (cluster_id, covered_hours, advanced_at)
      select $1::int, ${COVERED('$1')}, $2::timestamptz
      on conflict (cluster_id) do update set covered_hours = excluded.covered_hours, advanced_at = excluded.advanced_at`,
      [clusterId, now],
    );
  },
  setContinuous: async (clusterId, deployments) => {
    await manager.query(
      `/* baselineProgress.setContinuous */ update baseline b set continuous = k.continuous
      from unnest($2::uuid[], $3::bool[]) k (id, continuous)
      where b.cluster_id = ${CLUSTER} and b.deployment_id = k.id and b.continuous <> k.continuous`,
      [clusterId, deployments.map(({ id }) => id), deployments.map(({ continuous }) => continuous)],
    );
  },
});
