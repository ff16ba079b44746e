import type { EntityManager } from 'typeorm';
import { float8, int4, nullable, oneOf, statement, uuid } from '../../database/row.js';
import { asInt8, CLUSTER, plainArray, sumAsInt8 } from '../../database/statement.js';
import { ObservedVerdict, outcomeSql } from '../flow.js';
import { lockFlows } from '../flow-lock.store.js';
import { endOfHour } from '../hour-slot.js';

/** An hour, or a day whose hours became one count, that something was counted in; times in microseconds. */
export type CountedTime = {
  readonly flowId: string;
  readonly slot: number;
  readonly start: number;
  readonly end: number;
  readonly verdict: ObservedVerdict;
  /** 0: a record that began in an earlier hour was still there. */
  readonly events: number;
  readonly connections: number | null;
  readonly bytes: number | null;
};

/** Hours of a flow that become a flow of their own. */
export type FlowPart = {
  readonly from: string;
  readonly id: string;
  readonly slots: readonly number[];
};

export type SplitEdgeStore = {
  /** When these flows were counted, by flow, in the order of time. Keeps other writers of flows away to the end of the transaction. */
  times(clusterId: number, flows: readonly string[]): Promise<readonly CountedTime[]>;
  /**
   * Takes the parts out of their flows, each to a flow between the same ends with the sums of its hours. A part, and what is left of
   * its flow, was seen from its first hour to the end of its last one, as far as the flow was; something must be left of each flow.
   */
  split(clusterId: number, parts: readonly FlowPart[]): Promise<void>;
};

const TIMES = statement<CountedTime>('splitEdges.times', {
  flowId: uuid,
  slot: int4,
  start: float8,
  end: float8,
  verdict: oneOf(ObservedVerdict),
  events: float8,
  connections: nullable(float8),
  bytes: nullable(float8),
});

const MICROS = (time: string): string => `(extract(epoch from ${time}) * 1000000)::float8`;

const START = 'slot_hour(h.slot)';

const COPY = `/* splitEdges.copy */
  insert into flow (cluster_id, id, source_id, destination_id, port, protocol, service_port, traffic_class,
    first_seen_at, last_seen_at, observed_verdict, outcomes, direction_known, observed_policies, policies_named_at,
    direction_basis, open_ports, open_hints, events)
  select f.cluster_id, x.id, f.source_id, f.destination_id, f.port, f.protocol, f.service_port, f.traffic_class,
    f.first_seen_at, f.last_seen_at, f.observed_verdict, f.outcomes, f.direction_known, f.observed_policies, f.policies_named_at,
    f.direction_basis, f.open_ports, f.open_hints, 0
  from (select distinct old, id from unnest($2::uuid[], $3::uuid[]) p (old, id)) x
  cross join lateral (select * from flow where cluster_id = ${CLUSTER} and id = x.old offset 0) f`;

const MOVE_HOURS = `/* splitEdges.moveHours */
  with gone as (
    delete from flow_hour h using unnest($2::uuid[], $3::uuid[], $4::int[]) p (old, id, slot)
    where h.cluster_id = ${CLUSTER} and h.flow_id = p.old and h.slot = p.slot
    returning h.*, p.id
  ) insert into flow_hour (cluster_id, flow_id, slot, events, connections, bytes, ends)
  select cluster_id, id, slot, events, connections, bytes, ends from gone`;

/** The verdict of the last hour; of several in it the one that the flow had last, where it is among them. */
const RESUM = `/* splitEdges.resum */
  update flow f set events = s.events, connections = s.connections, bytes = s.bytes, outcomes = s.outcomes,
    first_seen_at = greatest(f.first_seen_at, s.first), last_seen_at = least(f.last_seen_at, s.last - interval '1 microsecond'),
    observed_verdict = case when f.observed_verdict = any(s.verdicts) then f.observed_verdict else s.verdicts[1] end
  from unnest($2::uuid[]) x (id)
  cross join lateral (
    select ${asInt8('sum(h.events)')} as events, ${sumAsInt8('h.connections')} as connections, ${sumAsInt8('h.bytes')} as bytes,
      bit_or(${outcomeSql('slot_verdict(h.slot)')})::smallint as outcomes, min(${START}) as first, max(${endOfHour(START)}) as last,
      (array_agg(slot_verdict(h.slot) order by h.slot desc)) as verdicts
    from flow_hour h where h.cluster_id = ${CLUSTER} and h.flow_id = x.id) s
  where f.cluster_id = ${CLUSTER} and f.id = x.id and s.events is not null`;

export const splitEdgeStore = (manager: EntityManager): SplitEdgeStore => ({
  times: async (clusterId, flows) => {
    await lockFlows(manager, clusterId);
    return TIMES.rows(
      manager,
      `select h.flow_id as "flowId", h.slot, ${MICROS(START)} as start, ${MICROS(endOfHour(START))} as end,
        slot_verdict(h.slot) as verdict, h.events::float8 as events, h.connections::float8 as connections, h.bytes::float8 as bytes
      from unnest($2::uuid[]) k (id)
      cross join lateral (select * from flow_hour where cluster_id = ${CLUSTER} and flow_id = k.id offset 0) h
      order by h.flow_id, h.slot`,
      [clusterId, flows],
    );
  },
  split: async (clusterId, parts) => {
    const rows = parts.flatMap(({ from, id, slots }) => slots.map(slot => ({ from, id, slot })));
    const ends = [plainArray(rows, ({ from }) => from), plainArray(rows, ({ id }) => id)];
    await manager.query(COPY, [clusterId, ...ends]);
    await manager.query(MOVE_HOURS, [clusterId, ...ends, plainArray(rows, ({ slot }) => slot)]);
    const flows = [...new Set(parts.flatMap(({ from, id }) => [from, id]))];
    await manager.query(RESUM, [clusterId, plainArray(flows, id => id)]);
  },
});
