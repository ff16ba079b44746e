import type { ObservedVerdict } from './flow.js';

/*
 * The key of a flow's counts: an hour and what the dataplane said in it, as one number of four bytes (decision 60). SQL makes and
 * reads them by `slot_from`, `slot_until`, `slot_hour` and `slot_verdict`.
 */

const HOUR_MICROS = 3_600_000_000;

const VERDICTS_OF_HOUR = 8;

const SLOTS_OF_DAY = 24 * VERDICTS_OF_HOUR;

/** By their codes. */
const VERDICTS: readonly ObservedVerdict[] = ['ALLOWED', 'DENIED', 'AUDIT', 'ERROR', 'UNKNOWN'];

const CODES = new Map(VERDICTS.map((verdict, code) => [verdict, code]));

const codeOf = (verdict: ObservedVerdict): number => CODES.get(verdict) ?? 0;

/** @param hour microseconds since 1970, anywhere in the hour */
export const slotOf = (hour: number, verdict: ObservedVerdict): number =>
  Math.floor(hour / HOUR_MICROS) * VERDICTS_OF_HOUR + codeOf(verdict);

/** A number for the verdict of a slot: the same for slots of one verdict. */
export const verdictOfSlot = (slot: number): number => slot % VERDICTS_OF_HOUR;

/** SQL: an hour `h` in the index `flow_hour_hour`. Where one flow's hours are looked up, no planner can take it for a way. */
export const HOUR_IN_INDEX = '(h.slot >> 3)';

/** SQL: the day of an hour `h`, counted from 1970 in UTC: rows are grouped by it in less time than by a date. */
export const DAY_OF_SLOT = `(h.slot / ${SLOTS_OF_DAY})`;

/** SQL: an hour `h` is of the verdict, in the words of the same index. */
export const isOfVerdict = (verdict: ObservedVerdict): string =>
  `(h.slot & 7) = ${codeOf(verdict)}`;

/** SQL: a number for the verdict of an hour `h`. */
export const bitOfSlot = (bitOf: (verdict: ObservedVerdict) => number): string =>
  `(array[${VERDICTS.map(bitOf).join(', ')}])[(h.slot & 7) + 1]`;

/** SQL: the slot of the same hour as `h`, of the verdict. */
export const slotBeside = (verdict: ObservedVerdict): string =>
  `(h.slot | 7) - ${7 - codeOf(verdict)}`;

/**
 * SQL: among the hours of a flow `f`. It has some only from the day that it was first seen in, whose hours may have become one count at
 * the start of the day, to the hour that it was last seen in.
 * @param slot SQL of an hour's slot
 */
export const isOfLife = (slot: string): string =>
  `${slot} >= slot_from(f.first_seen_at) / ${SLOTS_OF_DAY} * ${SLOTS_OF_DAY} and ${slot} <= slot_from(f.last_seen_at) + 7`;

/**
 * SQL: when an hour of the cluster `$1` ends, of SQL of its start. One at the start of a day whose hours became one count ends with the day.
 */
export const endOfHour = (hour: string): string =>
  `(${hour} + case when ${hour} < (select rolled_until from cluster where id = $1)
    and ${hour} = date_trunc('day', ${hour}, 'UTC') then interval '24 hours' else interval '1 hour' end)`;

/**
 * SQL: an hour `h` overlaps a window, of SQL of its two times; null is open. None overlaps one that ends where it begins. Functions
 * of times are values to the planner, which leaves out the days beside the window; it would not for `$1 - interval '1 hour'`.
 */
export const slotWithin = (since: string, until: string): string =>
  `(${since}::timestamptz is null or h.slot >= slot_from(${since}::timestamptz))
  and (${until}::timestamptz is null or h.slot < slot_until(${until}::timestamptz))
  and (${since}::timestamptz < ${until}::timestamptz) is not false`;
