import type { EntityManager } from 'typeorm';
import { float8, int4, jsonb, oneOf, statement, uuid } from '../../database/row.js';
import { CLUSTER, plainArray, sumOfInt8 } from '../../database/statement.js';
import { ObservedVerdict } from '../flow.js';
import { lockFlows } from '../flow-lock.store.js';
import { slotOf } from '../hour-slot.js';
import type { Correction, HourKey, KnownEnds, StoredEnds, StoredHour } from './end-counts.js';

export type EndCountStore = {
  /** What ends have counted in these hours so far. Wants the lock on the cluster's flows. */
  known(clusterId: number, hours: readonly HourKey[]): Promise<readonly KnownEnds[]>;
  /** Keeps what they have counted now; the hours are stored. */
  put(clusterId: number, hours: readonly StoredHour[]): Promise<void>;
  /** All that ends have counted of these flows. Keeps other writers of flows away from here to the end of the transaction. */
  ofFlows(clusterId: number, flows: readonly string[]): Promise<readonly KnownEnds[]>;
  /** Takes away what hours, and the totals of their flows, have counted twice. */
  correct(clusterId: number, corrections: readonly Correction[]): Promise<void>;
};

const KNOWN = statement<{ readonly place: number; readonly ends: StoredEnds }>('endCounts.known', {
  place: int4,
  ends: jsonb<StoredEnds>(),
});

const OF_FLOWS = statement<KnownEnds>('endCounts.ofFlows', {
  flowId: uuid,
  hour: float8,
  verdict: oneOf(ObservedVerdict),
  ends: jsonb<StoredEnds>(),
});

const keyValues = (clusterId: number, hours: readonly HourKey[]): unknown[] => [
  clusterId,
  plainArray(hours, ({ flowId }) => flowId),
  plainArray(hours, ({ hour, verdict }) => slotOf(hour, verdict)),
];

const PUT = `/* endCounts.put */
  update flow_hour h set ends = x.ends::bigint[]
  from unnest($2::uuid[], $3::int[], $4::text[]) x (flow_id, slot, ends)
  where h.cluster_id = ${CLUSTER} and h.flow_id = x.flow_id and h.slot = x.slot`;

const CORRECTED = `set events = ${sumOfInt8('t.events', 'x.events')},
    connections = ${sumOfInt8('t.connections', 'coalesce(x.connections, 0)')},
    bytes = ${sumOfInt8('t.bytes', 'coalesce(x.bytes, 0)')}`;

const CORRECTIONS = `unnest($2::uuid[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[])
    x (flow_id, slot, events, connections, bytes)`;

const CORRECT_HOURS = `/* endCounts.correctHours */
  update flow_hour t ${CORRECTED} from ${CORRECTIONS}
  where t.cluster_id = ${CLUSTER} and t.flow_id = x.flow_id and t.slot = x.slot`;

const CORRECT_FLOWS = `/* endCounts.correctFlows */
  update flow t ${CORRECTED} from (select flow_id, sum(events) as events, sum(connections) as connections, sum(bytes) as bytes
    from ${CORRECTIONS} group by 1) x
  where t.cluster_id = ${CLUSTER} and t.id = x.flow_id`;

const arrayText = (ends: StoredEnds): string => plainArray(ends, count => count);

export const endCountStore = (manager: EntityManager): EndCountStore => ({
  known: async (clusterId, hours) => {
    const rows = await KNOWN.rows(
      manager,
      `select k.place::int4 as place, to_jsonb(h.ends) as ends
      from unnest($2::uuid[], $3::int[]) with ordinality k (id, slot, place)
      cross join lateral (select ends from flow_hour where cluster_id = ${CLUSTER} and flow_id = k.id
        and slot = k.slot and ends is not null offset 0) h`,
      keyValues(clusterId, hours),
    );
    return rows.map(({ place, ends }) => ({ ...(hours[place - 1] as HourKey), ends }));
  },
  put: async (clusterId, hours) => {
    const ends = hours.map(({ stored }) => arrayText(stored));
    await manager.query(PUT, [...keyValues(clusterId, hours), ends]);
  },
  ofFlows: async (clusterId, flows) => {
    await lockFlows(manager, clusterId);
    return OF_FLOWS.rows(
      manager,
      `select h.flow_id as "flowId", (h.slot >> 3) * 3600000000::float8 as hour, slot_verdict(h.slot) as verdict,
        to_jsonb(h.ends) as ends
      from unnest($2::uuid[]) k (id) cross join lateral (
        select * from flow_hour where cluster_id = ${CLUSTER} and flow_id = k.id and ends is not null offset 0) h`,
      [clusterId, flows],
    );
  },
  correct: async (clusterId, corrections) => {
    const values = [
      ...keyValues(clusterId, corrections),
      plainArray(corrections, ({ events }) => events),
      plainArray(corrections, ({ connections }) => connections),
      plainArray(corrections, ({ bytes }) => bytes),
    ];
    await manager.query(CORRECT_HOURS, values);
    await manager.query(CORRECT_FLOWS, values);
  },
});
