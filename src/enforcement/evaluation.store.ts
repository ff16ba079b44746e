import type { EntityManager } from 'typeorm';
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
  /** Null asks for every flow of the cluster. Large: about 400 bytes a flow. */
  flowEnds(clusterId: number, flows: readonly string[] | null): Promise<readonly FlowEnds[]>;
  clusterIds(): Promise<readonly number[]>;
  /** The epoch that readers use. */
  epoch(clusterId: number): Promise<string>;
  putVerdicts(clusterId: number, epoch: string, verdicts: readonly FlowVerdict[]): Promise<void>;
  /** Readers use the new epoch from here on; the rows of earlier ones go. */
  completeEpoch(clusterId: number, epoch: string): Promise<void>;
  /** Says which epoch is under way, so that readers can say so; waits for another one of the same cluster. */
  openEpoch(clusterId: number): Promise<string>;
};

const END = (alias: string): string =>
  `json_build_object('id', ${alias}.id, 'kind', ${alias}.kind, 'name', ${alias}.name, 'address', host(${alias}.address),
    'cidr', ${alias}.cidr, 'dnsName', ${alias}.dns_name, 'entity', ${alias}.entity, 'reason', ${alias}.reason)`;

export const evaluationStore = (manager: EntityManager): EvaluationStore => ({
  flowEnds: (clusterId, flows) =>
    manager.query(
      `/* evaluation.flowEnds */
      select f.id, f.port, f.protocol, f.traffic_class as "trafficClass", ${END('s')} as source, ${END('d')} as destination
      from flow f
      join peer s on s.cluster_id = f.cluster_id and s.id = f.source_id
      join peer d on d.cluster_id = f.cluster_id and d.id = f.destination_id
      where f.cluster_id = $1 and ($2::uuid[] is null or f.id = any($2::uuid[])) order by f.id`,
      [clusterId, flows],
    ),
  clusterIds: async () => {
    const rows: readonly { id: number }[] = await manager.query(
      '/* evaluation.clusterIds */ select id from cluster order by id',
    );
    return rows.map(({ id }) => id);
  },
  epoch: async clusterId => {
    const [row] = await manager.query(
      '/* evaluation.epoch */ select verdict_epoch as epoch from cluster where id = $1',
      [clusterId],
    );
    return row.epoch;
  },
  putVerdicts: async (clusterId, epoch, verdicts) => {
    await manager.query(
      `/* evaluation.putVerdicts */
      insert into flow_verdict (cluster_id, flow_id, epoch, verdict, governed, basis)
      select $1::int, x.flow_id, $2::bigint, x.verdict, x.governed, x.basis
      from unnest($3::uuid[], $4::text[], $5::boolean[], $6::text[]) x (flow_id, verdict, governed, basis)
      order by x.flow_id
      on conflict (cluster_id, flow_id, epoch) do update
        set verdict = excluded.verdict, governed = excluded.governed, basis = excluded.basis`,
      [
        clusterId,
        epoch,
        verdicts.map(row => row.flowId),
        verdicts.map(row => row.verdict),
        verdicts.map(row => row.governed),
        verdicts.map(row => row.basis),
      ],
    );
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
      `/* evaluation.completeEpoch */ with completed as (
        update cluster set verdict_epoch = $2::bigint, pending_epoch = null where id = $1)
      delete from flow_verdict where cluster_id = $1 and epoch < $2::bigint`,
      [clusterId, epoch],
    );
  },
});
