import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { ownPeers, touchesOwn } from '../access/masked.js';
import { inClusters } from '../access/visible.js';
import {
  bool,
  type Columns,
  cidr,
  int4,
  json,
  jsonb,
  nullable,
  oneOf,
  statement,
  text,
  uuid,
} from '../database/row.js';
import { CLUSTER, unnest } from '../database/statement.js';
import { type ObservedPolicy, ObservedVerdict } from '../flows/flow.js';
import { lockFlows } from '../flows/flow-lock.store.js';
import { PeerKind } from '../inventory/peer.js';
import { asking, type Condition, joined } from '../query/condition.js';
import { COUNTED } from '../query/page.js';
import type { PeerEnd } from './endpoint.js';

/** A flow as the engine is asked about it. */
export type FlowEnds = {
  readonly id: string;
  readonly port: number | null;
  readonly protocol: string;
  /** Of the Service that it went through. */
  readonly servicePort: number | null;
  readonly trafficClass: string;
  /** The latest. */
  readonly observedVerdict: ObservedVerdict;
  readonly observedPolicies: readonly ObservedPolicy[] | null;
  readonly source: PeerEnd;
  readonly destination: PeerEnd;
};

export type FlowVerdict = {
  readonly flowId: string;
  readonly verdict: string;
  readonly governed: boolean;
  readonly basis: string;
};

/** A flow as it is judged: its ends by their peers' ids, and the verdict that stands there. */
export type JudgedFlow = {
  readonly id: string;
  readonly sourceId: string;
  readonly destinationId: string;
  readonly port: number | null;
  readonly protocol: string;
  /** Of the Service that it went through. */
  readonly servicePort: number | null;
  readonly trafficClass: string;
  readonly verdict: string;
  readonly governed: boolean;
  readonly basis: string;
};

export type EvaluationStore = {
  /** With all that is known of their ends, for explanations; in the order of ids. */
  flowEnds(clusterId: number, flows: readonly string[]): Promise<readonly FlowEnds[]>;
  /** Flows by id, in the order of ids. */
  judgedByIds(clusterId: number, flows: readonly string[]): Promise<readonly JudgedFlow[]>;
  /** The next flows of a cluster in the order of ids, `limit` at most; `after` null begins. */
  judgedAfter(
    clusterId: number,
    after: string | null,
    limit: number,
  ): Promise<readonly JudgedFlow[]>;
  peerEnds(clusterId: number, peers: readonly string[]): Promise<readonly PeerEnd[]>;
  /** Whether the verdicts of a cluster are to be made anew. */
  isPending(clusterId: number): Promise<boolean>;
  /**
   * Writes the verdicts that differ from those that stand there, and answers how many did. The transaction holds the
   * cluster's flows (`lock`).
   */
  putVerdicts(clusterId: number, verdicts: readonly FlowVerdict[]): Promise<number>;
  /** Other writers of the cluster's flows wait until this transaction ends. */
  lock(clusterId: number): Promise<void>;
  /** What stands there now is the verdicts of the epoch that was under way. */
  completeEpoch(clusterId: number): Promise<void>;
};

const JUDGED_FLOW: Columns<JudgedFlow> = {
  id: uuid,
  sourceId: uuid,
  destinationId: uuid,
  port: nullable(int4),
  protocol: text,
  servicePort: nullable(int4),
  trafficClass: text,
  verdict: text,
  governed: bool,
  basis: text,
};

const STATEMENTS = {
  flowEnds: statement<FlowEnds>('evaluation.flowEnds', {
    id: uuid,
    port: nullable(int4),
    protocol: text,
    servicePort: nullable(int4),
    trafficClass: text,
    observedVerdict: oneOf(ObservedVerdict),
    observedPolicies: nullable(jsonb<readonly ObservedPolicy[]>()),
    source: json<PeerEnd>(),
    destination: json<PeerEnd>(),
  }),
  judgedByIds: statement('evaluation.judgedByIds', JUDGED_FLOW),
  judgedAfter: statement('evaluation.judgedAfter', JUDGED_FLOW),
  peerEnds: statement<PeerEnd>('evaluation.peerEnds', {
    id: uuid,
    kind: oneOf(PeerKind),
    name: text,
    address: nullable(text),
    cidr: nullable(cidr),
    dnsName: nullable(text),
    entity: nullable(text),
    reason: nullable(text),
  }),
  isPending: statement('evaluation.isPending', { pending: bool }),
  putVerdicts: statement('evaluation.putVerdicts', COUNTED),
} as const;

const END = (alias: string): string =>
  `json_build_object('id', ${alias}.id, 'kind', ${alias}.kind, 'name', ${alias}.name, 'address', host(${alias}.address),
    'cidr', ${alias}.cidr, 'dnsName', ${alias}.dns_name, 'entity', ${alias}.entity, 'reason', ${alias}.reason)`;

const NAMED = `unnest($2::uuid[]) k (id)
  cross join lateral (select * from flow where cluster_id = ${CLUSTER} and id = k.id offset 0) f`;

/**
 * `offset 0` keeps each lookup apart. As plain joins, tables without statistics made peer x peer of this: 24 s for the
 * 5,000 flows of one chunk.
 */
const ENDS = (own: string): string => `
  select f.id, f.port, f.protocol, f.service_port as "servicePort", f.traffic_class as "trafficClass",
    f.observed_verdict as "observedVerdict", f.observed_policies as "observedPolicies", ${END('s')} as source, ${END('d')} as destination
  from ${NAMED}
  cross join lateral (select * from peer where cluster_id = f.cluster_id and id = f.source_id offset 0) s
  cross join lateral (select * from peer where cluster_id = f.cluster_id and id = f.destination_id offset 0) d
  where ${own} order by f.id`;

const JUDGED = `f.id, f.source_id as "sourceId", f.destination_id as "destinationId", f.port, f.protocol,
  f.service_port as "servicePort", f.traffic_class as "trafficClass", f.policy_verdict as verdict, f.governed, f.basis`;

const PEER_ENDS = (own: string): string => `
  select p.id, p.kind, p.name, host(p.address) as address, p.cidr, p.dns_name as "dnsName", p.entity, p.reason
  from unnest($2::uuid[]) k (id)
  cross join lateral (select * from peer where cluster_id = ${CLUSTER} and id = k.id offset 0) p where ${own}`;

/** The lock makes places in the table (`ctid`) good for the statement: no plan depends on statistics. */
const putVerdicts = (rows: string): string => `
  with differing as materialized (
    select f.place, x.verdict, x.governed, x.basis from ${rows}
    cross join lateral (select ctid as place, policy_verdict, governed, basis from flow
      where cluster_id = ${CLUSTER} and id = x.flow_id offset 0) f
    where (f.policy_verdict, f.governed, f.basis) is distinct from (x.verdict, x.governed, x.basis)
  ), written as (
    update flow f set policy_verdict = x.verdict, governed = x.governed, basis = x.basis
    from differing x where f.ctid = x.place returning 1
  )
  select count(*)::int as count from written`;

/** Flows that touch a workload of the scope; their ends are told as they are, to what computes. */
const ofFlows = (
  caller: Caller,
  values: readonly unknown[],
  text: (own: string) => string,
): Condition =>
  asking(
    values,
    [joined(ownPeers(caller), ', '), inClusters(caller, 'f.cluster_id')],
    (items, seen) =>
      `${items === '' ? '' : `with ${items}`} ${text(`${touchesOwn(caller).sql} and ${seen}`)}`,
  );

const reading = (manager: EntityManager, caller: Caller) => ({
  flowEnds: (clusterId: number, flows: readonly string[]) =>
    STATEMENTS.flowEnds.ask(manager, ofFlows(caller, [clusterId, flows], ENDS)),
  judgedByIds: (clusterId: number, flows: readonly string[]) =>
    STATEMENTS.judgedByIds.ask(
      manager,
      ofFlows(
        caller,
        [clusterId, flows],
        own => `select ${JUDGED} from ${NAMED} where ${own} order by f.id`,
      ),
    ),
  judgedAfter: (clusterId: number, after: string | null, limit: number) =>
    STATEMENTS.judgedAfter.ask(
      manager,
      ofFlows(
        caller,
        [clusterId, after, limit],
        own => `select ${JUDGED} from flow f
      where f.cluster_id = ${CLUSTER} and f.id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000') and ${own}
      order by f.cluster_id, f.id limit $3`,
      ),
    ),
  peerEnds: (clusterId: number, peers: readonly string[]) =>
    STATEMENTS.peerEnds.ask(
      manager,
      asking([clusterId, peers], [inClusters(caller, 'p.cluster_id')], own => PEER_ENDS(own)),
    ),
  isPending: async (clusterId: number): Promise<boolean> => {
    const [row] = await STATEMENTS.isPending.rows(
      manager,
      'select pending_epoch is not null as pending from cluster where id = $1',
      [clusterId],
    );
    return row?.pending ?? false;
  },
});

export const evaluationStore = (manager: EntityManager, caller: Caller): EvaluationStore => ({
  ...reading(manager, caller),
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
    const parameters = [clusterId, ...values];
    return (await STATEMENTS.putVerdicts.row(manager, putVerdicts(from), parameters)).count;
  },
  lock: clusterId => lockFlows(manager, clusterId),
  completeEpoch: async clusterId => {
    await manager.query(
      `/* evaluation.completeEpoch */ update cluster
      set verdict_epoch = coalesce(pending_epoch, verdict_epoch + 1), pending_epoch = null where id = $1`,
      [clusterId],
    );
  },
});
