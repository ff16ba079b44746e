import type { EntityManager } from 'typeorm';
import { bool, statement, uuid } from '../../database/row.js';
import { plainArray, sumOfInt8 } from '../../database/statement.js';
import type { Edge, EdgeHour } from '../edge.js';
import { outcomeSql } from '../flow.js';
import { METADATA_CLASS } from '../flow-view.js';
import { slotOf } from '../hour-slot.js';
import { TrafficClass } from '../observation.js';
import { classOfBothSql, surerBasis } from './class-rank.js';

/** What the policies in force say of an edge. */
export type EdgeVerdict = {
  readonly verdict: string;
  readonly governed: boolean;
  readonly basis: string;
};

/** By the ids of edges. */
export type EdgeVerdicts = ReadonlyMap<string, EdgeVerdict>;

/** An edge that somebody may have to look at. */
export type Recorded = {
  readonly id: string;
  /** It was not known before. */
  readonly fresh: boolean;
  /** It was a probe so far and is none now: what policies say of it is to be found anew. */
  readonly unmasked: boolean;
};

export type FlowRecordStore = {
  /**
   * Adds a batch to the edges; ids are unique within the batch. Answers those that somebody may have to look at.
   * @param verdicts of edges that may be new; those that are new and have none are to be judged afterwards
   */
  recordEdges(
    clusterId: number,
    edges: readonly Edge[],
    verdicts: EdgeVerdicts,
  ): Promise<readonly Recorded[]>;
  /** Adds a batch to the hours; (flow, hour, verdict) is unique within the batch. */
  recordHours(clusterId: number, hours: readonly EdgeHour[]): Promise<void>;
};

const RECORDED = statement<Recorded>('flows.recordEdges', {
  id: uuid,
  fresh: bool,
  unmasked: bool,
});

/** Of an edge that is to be judged anew in the same transaction. */
const UNJUDGED = '';

/** It was a probe, which no policy is asked about, or of no known Service (row 20 of docs/law.md), until this batch. */
const IS_UNMASKED = `(flow.traffic_class = '${TrafficClass.HEALTH_PROBE}'
      and excluded.traffic_class <> '${TrafficClass.HEALTH_PROBE}')
    or (excluded.service_port is not null
      and (flow.service_port is null or excluded.service_port < flow.service_port))`;

/** Rows are written in the order of their ids, so that each page is met once. */
const RECORD_EDGES = `
  with written as (
  insert into flow (cluster_id, id, source_id, destination_id, port, protocol, service_port, traffic_class,
    first_seen_at, last_seen_at, observed_verdict, events, connections, bytes, policy_verdict, governed, basis, outcomes,
    direction_known, observed_policies, policies_named_at, direction_basis, open_ports, open_hints)
  select $1::int, x.id, x.source_id, x.destination_id, x.port, x.protocol, x.service_port, x.traffic_class,
    to_timestamp(x.first_seen), to_timestamp(x.last_seen), x.observed_verdict, x.events, x.connections, x.bytes,
    coalesce(x.policy_verdict, 'UNDECIDABLE'), coalesce(x.governed, false), coalesce(x.basis, 'missing-inventory'), x.outcomes,
    x.direction_known, x.policies::jsonb, to_timestamp(x.policies_at), x.direction_basis, x.open_ports::int[], x.open_hints
  from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::int[], $8::text[],
    $9::float8[], $10::float8[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[],
    $15::text[], $16::boolean[], $17::text[], $18::smallint[], $19::boolean[], $20::text[], $21::float8[],
    $22::text[], $23::text[], $24::smallint[])
    x (id, source_id, destination_id, port, protocol, service_port, traffic_class, first_seen, last_seen,
      observed_verdict, events, connections, bytes, policy_verdict, governed, basis, outcomes, direction_known,
      policies, policies_at, direction_basis, open_ports, open_hints)
  order by x.id
  on conflict (cluster_id, id) do update set
    service_port = least(flow.service_port, excluded.service_port),
    traffic_class = ${classOfBothSql('flow.traffic_class', 'excluded.traffic_class')},
    basis = case when ${IS_UNMASKED} then '${UNJUDGED}' else flow.basis end,
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
    connections = case when flow.connections is null then excluded.connections
      else ${sumOfInt8('flow.connections', 'coalesce(excluded.connections, 0)')} end,
    bytes = case when flow.bytes is null then excluded.bytes
      else ${sumOfInt8('flow.bytes', 'coalesce(excluded.bytes, 0)')} end
  returning id, xmax = 0 as fresh, basis = '${UNJUDGED}' as unmasked, off_locked, traffic_class, policy_verdict
  )
  select id, fresh, unmasked from written
  where fresh or unmasked or off_locked or traffic_class = '${METADATA_CLASS}' or policy_verdict = 'DENIED'`;

const RECORD_HOURS = `/* flows.recordHours */
  insert into flow_hour (cluster_id, flow_id, slot, events, connections, bytes)
  select $1::int, x.flow_id, x.slot, x.events, x.connections, x.bytes
  from unnest($2::uuid[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[]) x (flow_id, slot, events, connections, bytes)
  order by x.flow_id, x.slot
  on conflict (cluster_id, flow_id, slot) do update set
    events = ${sumOfInt8('flow_hour.events', 'excluded.events')},
    connections = case when flow_hour.connections is null then excluded.connections
      else ${sumOfInt8('flow_hour.connections', 'coalesce(excluded.connections, 0)')} end,
    bytes = case when flow_hour.bytes is null then excluded.bytes
      else ${sumOfInt8('flow_hour.bytes', 'coalesce(excluded.bytes, 0)')} end`;

/** `to_timestamp` rounds to microseconds; a double of seconds is exact to a quarter of one. */
const seconds = (micros: number): number => micros / 1e6;

const edgeValues = (
  clusterId: number,
  rows: readonly Edge[],
  verdicts: EdgeVerdicts,
): unknown[] => [
  clusterId,
  plainArray(rows, row => row.id),
  plainArray(rows, row => row.sourceId),
  plainArray(rows, row => row.destinationId),
  plainArray(rows, row => row.port),
  plainArray(rows, row => row.protocol),
  plainArray(rows, row => row.servicePort),
  plainArray(rows, row => row.trafficClass),
  plainArray(rows, row => seconds(row.firstSeen)),
  plainArray(rows, row => seconds(row.lastSeen)),
  plainArray(rows, row => row.observedVerdict),
  plainArray(rows, row => row.events),
  plainArray(rows, row => row.connections),
  plainArray(rows, row => row.bytes),
  plainArray(rows, row => verdicts.get(row.id)?.verdict ?? null),
  plainArray(rows, row => verdicts.get(row.id)?.governed ?? null),
  plainArray(rows, row => verdicts.get(row.id)?.basis ?? null),
  plainArray(rows, row => row.outcomes),
  plainArray(rows, row => row.directionKnown),
  // Names of others: these need quotes.
  rows.map(row => row.policies),
  plainArray(rows, row => (row.policies === null ? null : seconds(row.policiesAt))),
  plainArray(rows, row => row.directionBasis),
  rows.map(row => (row.open === null ? null : plainArray(row.open.sourcePorts, port => port))),
  plainArray(rows, row => row.open?.hints ?? null),
];

const hourValues = (clusterId: number, rows: readonly EdgeHour[]): unknown[] => [
  clusterId,
  plainArray(rows, row => row.flowId),
  plainArray(rows, row => slotOf(row.hour, row.verdict)),
  plainArray(rows, row => row.events),
  plainArray(rows, row => row.connections),
  plainArray(rows, row => row.bytes),
];

/** 20,000 in a statement are no faster, and on a busy machine they took longer than a statement may. */
const ROWS = 5_000;

function* parts<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += ROWS) yield rows.slice(start, start + ROWS);
}

export const flowRecordStore = (manager: EntityManager): FlowRecordStore => ({
  recordEdges: async (clusterId, edges, verdicts) => {
    const recorded: (readonly Recorded[])[] = [];
    for (const rows of parts(edges))
      recorded.push(
        await RECORDED.rows(manager, RECORD_EDGES, edgeValues(clusterId, rows, verdicts)),
      );
    return recorded.flat();
  },
  recordHours: async (clusterId, hours) => {
    for (const rows of parts(hours)) await manager.query(RECORD_HOURS, hourValues(clusterId, rows));
  },
});
