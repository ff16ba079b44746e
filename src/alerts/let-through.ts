import { CLUSTER } from '../database/statement.js';
import type { EdgeHour } from '../flows/edge.js';
import { endOfHour, isOfLife } from '../flows/hour-slot.js';

/** Times in microseconds since 1970. */
export type LetThrough = {
  readonly flowId: string;
  readonly events: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
};

export const LET_THROUGH = `
  select f.id as "flowId", sum(h.events)::bigint as events,
    (extract(epoch from greatest(min(h.hour), min(f.first_seen_at))) * 1000000)::float8 as "firstSeen",
    (extract(epoch from least(${endOfHour('max(h.hour)')}, max(f.last_seen_at))) * 1000000)::float8 as "lastSeen"
  from unnest($2::uuid[]) k (id)
  cross join lateral (select * from flow where cluster_id = ${CLUSTER} and id = k.id offset 0) f
  cross join lateral (select slot_hour(slot) as hour, events from flow_hour where cluster_id = ${CLUSTER} and flow_id = k.id
    and ${isOfLife('slot')} and slot_verdict(slot) in ('ALLOWED', 'UNKNOWN') offset 0) h
  group by 1`;

/** Not an hour that is stored: what was let through in all of them. */
export const asHour = ({ flowId, events, firstSeen, lastSeen }: LetThrough): EdgeHour => ({
  flowId,
  hour: firstSeen,
  verdict: 'ALLOWED',
  firstSeen,
  lastSeen,
  events: Number(events),
  connections: null,
  bytes: null,
  ends: null,
});
