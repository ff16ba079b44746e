import { outcomesOf } from '../flows/flow.js';
import { isOfLife, isOfVerdict, slotWithin } from '../flows/hour-slot.js';

/**
 * As the list of flows has it: the hour that a flow was last seen in is kept, while that of the first may be forgotten. So
 * a flow that was seen after the window is asked for an hour in it. `$3` and `$4` are the window.
 */
export const IN_WINDOW = `($3::timestamptz is null or f.last_seen_at >= $3::timestamptz)
  and ($4::timestamptz is null or f.first_seen_at < $4::timestamptz)
  and ($4::timestamptz is null or f.last_seen_at < $4::timestamptz
    or exists (select from flow_hour h where h.cluster_id = f.cluster_id and h.flow_id = f.id
      and ${isOfLife('h.slot')} and ${slotWithin('$3', '$4')} offset 0))`;

const DENIED = outcomesOf('DENIED');

/** The hours of the few flows that were denied at some time and let through at another are looked up. */
export const IS_DENIED = `f.outcomes & ${DENIED} <> 0 and (f.outcomes = ${DENIED}
    or not exists (select from flow_hour h where h.cluster_id = f.cluster_id and h.flow_id = f.id and not ${isOfVerdict('DENIED')}
      and ${isOfLife('h.slot')} and ${slotWithin('$3', '$4')} offset 0))`;
