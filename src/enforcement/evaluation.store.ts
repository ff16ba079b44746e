import type { EntityManager } from 'typeorm';
import { unnest } from '../database/statement.js';
import type { PeerEnd } from './endpoint.js';

/** A flow as the engine is asked about it. */
export type FlowEnds = {
  readonly id: string;
  readonly port: number | null;
  readonly protocol: string;
  readonly trafficClass: string;
  readonly source: PeerEnd;
  readonly destination: PeerEnd;
};

export type FlowVerdict = {
  readonly flowId: string;
  readonly verdict: string;
  readonly governed: boolean;
  readonly basis: string;
};

export type EvaluationStore = {
  /** Null asks for every flow of the cluster. Large: about 400 bytes per flow. */
  flowEnds(clusterId: number, flows: readonly string[] | null): Promise<readonly FlowEnds[]>;
  clusterIds(): Promise<readonly number[]>;
  /**
   * Writes the verdicts that differ from those that stand there, and answers how many did. The transaction holds the
   * cluster's flows (`flow-lock.store.ts`): by ingestion, or by `openEpoch`.
   */
  putVerdicts(clusterId: number, verdicts: readonly FlowVerdict[]): Promise<number>;
  /** Says which epoch is under way, so that readers can say so; other writers of the cluster's flows wait. */
  openEpoch(clusterId: number): Promise<string>;
  /** What stands there now is the verdicts of this epoch. */
  completeEpoch(clusterId: number, epoch: string): Promise<void>;
};

const END = (alias: string): string =>
  `json_build_object('id', ${alias}.id, 'kind', ${alias}.kind, 'name', ${alias}.name, 'address', host(${alias}.address),
    'cidr', ${alias}.cidr, 'dnsName', ${alias}.dns_name, 'entity', ${alias}.entity, 'reason', ${alias}.reason)`;

const ALL = 'flow f';
const NAMED = `unnest($2::uuid[]) k (id)
  cross join lateral (select * from flow where cluster_id = $1 and id = k.id offset 0) f`;

/**
 * `offset 0` keeps each lookup apart. As plain joins, tables without statistics made peer x peer of this: 24 s for the
 * 5,000 flows of one chunk.
 */
const ends = (flows: string): string => `/* evaluation.flowEnds */
  select f.id, f.port, f.protocol, f.traffic_class as "trafficClass", ${END('s')} as source, ${END('d')} as destination
  from ${flows}
  cross join lateral (select * from peer where cluster_id = f.cluster_id and id = f.source_id offset 0) s
  cross join lateral (select * from peer where cluster_id = f.cluster_id and id = f.destination_id offset 0) d
  where f.cluster_id = $1 order by f.id`;

/** The lock makes places in the table (`ctid`) good for the statement: no plan depends on statistics. */
const putVerdicts = (rows: string): string => `/* evaluation.putVerdicts */
  with differing as materialized (
    select f.place, x.verdict, x.governed, x.basis from ${rows}
    cross join lateral (select ctid as place, policy_verdict, governed, basis from flow
      where cluster_id = $1 and id = x.flow_id offset 0) f
    where (f.policy_verdict, f.governed, f.basis) is distinct from (x.verdict, x.governed, x.basis)
  ), written as (
    update flow f set policy_verdict = x.verdict, governed = x.governed, basis = x.basis
    from differing x where f.ctid = x.place returning 1
  )
  select count(*)::int as count from written`;

export const evaluationStore = (manager: EntityManager): EvaluationStore => ({
  flowEnds: (clusterId, flows) =>
    flows === null
      ? manager.query(ends(ALL), [clusterId])
      : manager.query(ends(NAMED), [clusterId, flows]),
  clusterIds: async () => {
    const rows: readonly { id: number }[] = await manager.query(
      '/* evaluation.clusterIds */ select id from cluster order by id',
    );
    return rows.map(({ id }) => id);
  },
  putVerdicts: async (clusterId, verdicts) => {
    const { from, values } = unnest(
      verdicts,
      'x',
      {
        flow_id: ['uuid', row => row.flowId],
        verdict: ['text', row => row.verdict],
        governed: ['boolean', row => row.governed],
        basis: ['text', row => row.basis],
      },
      2,
    );
    const [row] = await manager.query(putVerdicts(from), [clusterId, ...values]);
    return row.count;
  },
  openEpoch: async clusterId => {
    const [row] = await manager.query(
      `/* evaluation.openEpoch */ with opened as (
        update cluster set pending_epoch = verdict_epoch + 1 where id = $1 returning pending_epoch)
      select pending_epoch as epoch from opened`,
      [clusterId],
    );
    return row.epoch;
  },
  completeEpoch: async (clusterId, epoch) => {
    await manager.query(
      `/* evaluation.completeEpoch */
      update cluster set verdict_epoch = $2::bigint, pending_epoch = null where id = $1`,
      [clusterId, epoch],
    );
  },
});
