import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { inClusters } from '../access/visible.js';
import { bool, cidr, int4, json, nullable, oneOf, statement, text, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import type { PeerEnd } from '../enforcement/endpoint.js';
import type { Window } from '../flows/flow-condition.js';
import { ofPeer } from '../flows/flow-peers.js';
import { askedOfFlows, type OwnFlows } from '../flows/flow-seen.js';
import { HOUR_IN_INDEX, isOfLife, slotWithin } from '../flows/hour-slot.js';
import { PeerKind } from '../inventory/peer.js';
import { asking } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { hourText, type TouchedFlow } from './replay-times.js';
import type { SimulationKey } from './simulation.js';
import { RANKS, type Span } from './simulation.js';
import { IN_WINDOW, IS_DENIED } from './window-flows.js';

/** What a replay reads and writes. */
export type ReplayStore = {
  /** The next flows of a window with one of `peers` as an end, as `windowFlows` pages. */
  touchedFlows(
    clusterId: number,
    window: Window,
    peers: readonly string[],
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<readonly TouchedFlow[]>;
  /** Ids of the deployments to which something outside of the cluster ever came, in no promised order. */
  enteredFromOutside(clusterId: number): Promise<readonly string[]>;
  /** Who peers are, by their names, also those that have ended; in no promised order. */
  namedPeers(clusterId: number, peers: readonly string[]): Promise<readonly NamedPeer[]>;
  /** What flows were in their hours, where that is not what they are now. */
  addSpans(key: SimulationKey, spans: readonly Span[]): Promise<void>;
};

export type NamedPeer = Pick<PeerEnd, 'id' | 'kind' | 'name' | 'address' | 'cidr'> & {
  readonly namespace: string | null;
  readonly workloadKind: string | null;
};

const STATEMENTS = {
  touchedFlows: statement<TouchedFlow>('simulations.touchedFlows', {
    id: uuid,
    sourceId: uuid,
    destinationId: uuid,
    port: nullable(int4),
    protocol: text,
    servicePort: nullable(int4),
    trafficClass: text,
    firstSeenAt: text,
    lastSeenAt: text,
    denied: bool,
    hours: json<readonly number[]>(),
  }),
  enteredFromOutside: statement<{ readonly id: string }>('simulations.enteredFromOutside', {
    id: uuid,
  }),
  namedPeers: statement<NamedPeer>('simulations.namedPeers', {
    id: uuid,
    kind: oneOf(PeerKind),
    name: text,
    address: nullable(text),
    cidr: nullable(cidr),
    namespace: nullable(text),
    workloadKind: nullable(text),
  }),
} as const;

const HOUR = (time: string): string => `floor(extract(epoch from ${time}) / 3600)::int`;

/** Where the hours are forgotten, the last is known yet. */
const touchedFlowsOf = ({ clause, own, whole }: OwnFlows): string => `${clause}
  select f.id, f.source_id as "sourceId", f.destination_id as "destinationId", f.port, f.protocol,
    f.service_port as "servicePort", f.traffic_class as "trafficClass", ${dateTimeText('f.first_seen_at')} as "firstSeenAt", ${dateTimeText('f.last_seen_at')} as "lastSeenAt",
    ${IS_DENIED} as denied,
    coalesce((select json_agg(h.hour order by h.hour) from (select distinct ${HOUR_IN_INDEX} as hour from flow_hour h
      where h.cluster_id = f.cluster_id and h.flow_id = f.id
        and ${isOfLife('h.slot')} and ${slotWithin('$3', '$4')}) h),
      json_build_array(${HOUR('f.last_seen_at')})) as hours
  from flow f
  where f.cluster_id = ${CLUSTER} and f.id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000') and ${IN_WINDOW}
    and (f.source_id = any($6::uuid[]) or f.destination_id = any($6::uuid[])) and ${own} and ${whole}
  order by f.cluster_id, f.id limit $5`;

const SPANS_AT_ONCE = 20_000;

async function addSpans(
  manager: EntityManager,
  { clusterId, id }: SimulationKey,
  spans: readonly Span[],
): Promise<void> {
  await manager.query(
    `/* simulations.addSpans */
    insert into simulated_span (cluster_id, simulation_id, flow_id, from_hour, until_hour, rank, outcome, judged_at, is_answer)
    select $1::int, $2::uuid, * from unnest($3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::int[], $7::smallint[],
      $8::timestamptz[], $9::boolean[])`,
    [
      clusterId,
      id,
      spans.map(({ flowId }) => flowId),
      spans.map(({ from }) => hourText(from)),
      spans.map(({ until }) => hourText(until)),
      spans.map(span => RANKS.indexOf(span.class)),
      spans.map(({ outcome }) => outcome),
      spans.map(({ at }) => at),
      spans.map(({ isAnswer }) => isAnswer),
    ],
  );
}

export const replayStore = (manager: EntityManager, caller: Caller): ReplayStore => ({
  touchedFlows: (clusterId, { since, until }, peers, { after, limit }) =>
    STATEMENTS.touchedFlows.ask(
      manager,
      askedOfFlows(caller, [clusterId, after, since, until, limit, peers], touchedFlowsOf),
    ),
  enteredFromOutside: async clusterId => {
    const rows = await STATEMENTS.enteredFromOutside.ask(
      manager,
      askedOfFlows(
        caller,
        [clusterId],
        ({ clause, own }) => `${clause}select distinct f.destination_id as id from peer p
      cross join lateral (select * from flow where cluster_id = p.cluster_id and ${ofPeer('source_id', 'p.id')} offset 0) f
      where p.cluster_id = ${CLUSTER} and p.kind = 'EXTERNAL' and ${own}`,
      ),
    );
    return rows.map(({ id }) => id);
  },
  namedPeers: (clusterId, peers) =>
    STATEMENTS.namedPeers.ask(
      manager,
      asking(
        [clusterId, peers],
        [inClusters(caller, 'p.cluster_id')],
        own => `select p.id, p.kind, p.name, host(p.address) as address, p.cidr, p.namespace, p.workload_kind as "workloadKind"
      from unnest($2::uuid[]) k (id)
      cross join lateral (select * from peer where cluster_id = ${CLUSTER} and id = k.id offset 0) p where ${own}`,
      ),
    ),
  addSpans: async (key, spans) => {
    for (let first = 0; first < spans.length; first += SPANS_AT_ONCE)
      await addSpans(manager, key, spans.slice(first, first + SPANS_AT_ONCE));
  },
});
