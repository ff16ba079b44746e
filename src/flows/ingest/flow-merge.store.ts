import type { EntityManager } from 'typeorm';
import { int4, nullable, statement, text, uuid } from '../../database/row.js';
import { asInt8, CLUSTER, sumAsInt8, sumOfInt8 } from '../../database/statement.js';
import { outcomeSql } from '../flow.js';
import { lockFlows } from '../flow-lock.store.js';
import { flowsOfPeers } from '../flow-peers.js';
import { classOfAllSql, classOfBothSql, surerBasis, surestOfAllSql } from './class-rank.js';

type EdgeEnds = {
  readonly id: string;
  readonly sourceId: string;
  readonly destinationId: string;
  readonly port: number | null;
  readonly protocol: string;
};

/** An edge that becomes another one. */
export type EdgeMove = {
  readonly from: string;
  readonly to: string;
  readonly sourceId: string;
  readonly destinationId: string;
  readonly port: number | null;
  /** Null: as it is. */
  readonly servicePort: number | null;
  readonly trafficClass: string | null;
};

export type FlowMergeStore = {
  edgesOf(clusterId: number, peers: readonly string[]): Promise<readonly EdgeEnds[]>;
  /** Adds each edge and its hours to the one that it becomes; verdicts and marks are made anew by the rooms above. */
  move(clusterId: number, moves: readonly EdgeMove[]): Promise<void>;
};

const EDGES_OF = statement<EdgeEnds>('flowMerges.edgesOf', {
  id: uuid,
  sourceId: uuid,
  destinationId: uuid,
  port: nullable(int4),
  protocol: text,
});

const plus = (table: string, column: string): string =>
  `case when ${table}.${column} is null then excluded.${column} else ${sumOfInt8(`${table}.${column}`, `coalesce(excluded.${column}, 0)`)} end`;

const MOVES = `unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int[], $7::int[], $8::text[])
    m (old, new, source_id, destination_id, port, service_port, traffic_class)`;

/** Open only where all of them are. */
const OPEN_PORTS = `case when bool_and(f.open_ports is not null) then least_ports(
      string_to_array(trim(both ',' from string_agg(array_to_string(f.open_ports, ','), ',')), ',')::int[], '{}') end`;

const MOVE_EDGES = `/* flowMerges.moveEdges */
  insert into flow (cluster_id, id, source_id, destination_id, port, protocol, service_port, traffic_class,
    first_seen_at, last_seen_at, observed_verdict, outcomes, direction_known, observed_policies,
    policies_named_at, direction_basis, open_ports, open_hints, events,
    connections, bytes)
  select $1::int, m.new, min(m.source_id::text)::uuid, min(m.destination_id::text)::uuid, min(m.port), min(f.protocol),
    min(coalesce(m.service_port, f.service_port)), ${classOfAllSql('coalesce(m.traffic_class, f.traffic_class)')}, min(f.first_seen_at), max(f.last_seen_at),
    (array_agg(f.observed_verdict order by f.last_seen_at desc, ${outcomeSql('f.observed_verdict')} desc))[1], bit_or(f.outcomes), bool_or(f.direction_known),
    (array_agg(f.observed_policies order by f.policies_named_at desc nulls last))[1], max(f.policies_named_at), ${surestOfAllSql('f')},
    ${OPEN_PORTS}, case when bool_and(f.open_hints is not null) then bit_or(f.open_hints) end, ${asInt8('sum(f.events)')}, ${sumAsInt8('f.connections')},
    ${sumAsInt8('f.bytes')}
  from ${MOVES} cross join lateral (select * from flow where cluster_id = ${CLUSTER} and id = m.old offset 0) f
  group by m.new
  on conflict (cluster_id, id) do update set
    service_port = least(flow.service_port, excluded.service_port),
    traffic_class = ${classOfBothSql('flow.traffic_class', 'excluded.traffic_class')},
    first_seen_at = least(flow.first_seen_at, excluded.first_seen_at),
    last_seen_at = greatest(flow.last_seen_at, excluded.last_seen_at),
    observed_verdict = case when (excluded.last_seen_at, ${outcomeSql('excluded.observed_verdict')})
      >= (flow.last_seen_at, ${outcomeSql('flow.observed_verdict')}) then excluded.observed_verdict else flow.observed_verdict end,
    outcomes = flow.outcomes | excluded.outcomes,
    direction_known = flow.direction_known or excluded.direction_known,
    direction_basis = ${surerBasis('flow', 'excluded')},
    open_ports = least_ports(flow.open_ports, excluded.open_ports),
    open_hints = flow.open_hints | excluded.open_hints,
    observed_policies = case when excluded.policies_named_at is not null
      and (flow.policies_named_at is null or excluded.policies_named_at >= flow.policies_named_at)
      then excluded.observed_policies else flow.observed_policies end,
    policies_named_at = greatest(flow.policies_named_at, excluded.policies_named_at),
    events = ${sumOfInt8('flow.events', 'excluded.events')},
    connections = ${plus('flow', 'connections')}, bytes = ${plus('flow', 'bytes')}`;

const MOVE_HOURS = `/* flowMerges.moveHours */
  insert into flow_hour (cluster_id, flow_id, slot, events, connections, bytes)
  select $1::int, m.new, h.slot, ${asInt8('sum(h.events)')}, ${sumAsInt8('h.connections')}, ${sumAsInt8('h.bytes')}
  from unnest($2::uuid[], $3::uuid[]) m (old, new)
  cross join lateral (select * from flow_hour where cluster_id = ${CLUSTER} and flow_id = m.old offset 0) h
  group by m.new, h.slot
  on conflict (cluster_id, flow_id, slot) do update set
    events = ${sumOfInt8('flow_hour.events', 'excluded.events')},
    connections = ${plus('flow_hour', 'connections')}, bytes = ${plus('flow_hour', 'bytes')}`;

export const flowMergeStore = (manager: EntityManager): FlowMergeStore => ({
  edgesOf: (clusterId, peers) =>
    EDGES_OF.rows(
      manager,
      `select f.id, f.source_id as "sourceId", f.destination_id as "destinationId", f.port, f.protocol
      from ${flowsOfPeers('unnest($2::uuid[]) k (id)')} order by f.id`,
      [clusterId, peers],
    ),
  move: async (clusterId, moves) => {
    const old = moves.map(({ from }) => from);
    const fresh = moves.map(({ to }) => to);
    await lockFlows(manager, clusterId);
    await manager.query(MOVE_EDGES, [
      clusterId,
      old,
      fresh,
      moves.map(({ sourceId }) => sourceId),
      moves.map(({ destinationId }) => destinationId),
      moves.map(({ port }) => port),
      moves.map(({ servicePort }) => servicePort),
      moves.map(({ trafficClass }) => trafficClass),
    ]);
    await manager.query(MOVE_HOURS, [clusterId, old, fresh]);
    await manager.query(
      `/* flowMerges.forgetHours */ delete from flow_hour where cluster_id = ${CLUSTER} and flow_id = any($2::uuid[])`,
      [clusterId, old],
    );
    await manager.query(
      `/* flowMerges.forgetEdges */ delete from flow f using unnest($2::uuid[]) m (old)
      cross join lateral (select ctid as place from flow where cluster_id = ${CLUSTER} and id = m.old offset 0) x
      where f.ctid = x.place`,
      [clusterId, old],
    );
  },
});
