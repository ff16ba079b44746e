import { type Columns, float8, int8, oneOf, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import type { EdgeHour } from '../flows/edge.js';
import { ObservedVerdict } from '../flows/flow.js';
import { endOfHour, isOfLife } from '../flows/hour-slot.js';

/** Times in microseconds since 1970. */
export type HourRow = Pick<EdgeHour, 'flowId' | 'hour' | 'verdict' | 'firstSeen' | 'lastSeen'> & {
  readonly events: string;
};

export const HOUR_ROW: Columns<HourRow> = {
  flowId: uuid,
  hour: float8,
  verdict: oneOf(ObservedVerdict),
  firstSeen: float8,
  lastSeen: float8,
  events: int8,
};

/** The flows of cluster `$1` seen from `$2` until `$3`, those after `$4`. */
export const FLOWS_AFTER = `select id from flow
  where cluster_id = ${CLUSTER} and last_seen_at >= $2::timestamptz and first_seen_at < $3::timestamptz
    and ($4::uuid is null or id > $4) order by id limit $5`;

const MICROSECONDS = (moment: string): string =>
  `(extract(epoch from ${moment}) * 1000000)::float8`;

/** Each flow is looked up: of 5,000 among a million, a join would read them all. */
export const HOURS_OF = `select h.flow_id as "flowId", ${MICROSECONDS('h.hour')} as hour, slot_verdict(h.slot) as verdict,
    ${MICROSECONDS('greatest(h.hour, f.first_seen_at)')} as "firstSeen",
    ${MICROSECONDS(`least(${endOfHour('h.hour')}, f.last_seen_at)`)} as "lastSeen", h.events
  from unnest($2::uuid[]) k (id)
  cross join lateral (select * from flow where cluster_id = ${CLUSTER} and id = k.id offset 0) f
  cross join lateral (select *, slot_hour(slot) as hour from flow_hour where cluster_id = ${CLUSTER} and flow_id = k.id
    and ${isOfLife('slot')} and slot >= slot_from($3::timestamptz) and slot < slot_until($4::timestamptz) and events > 0 offset 0) h`;

export const hourOf = (row: HourRow): EdgeHour => ({
  ...row,
  events: Number(row.events),
  connections: null,
  bytes: null,
  ends: null,
});
