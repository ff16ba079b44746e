import { looksLikeReply } from '../ingest/outcome.js';
import type { RecordColumns } from '../ingest/record-columns.js';
import { type Reading, SkipReason } from '../observation.js';
import { hourOf } from '../time.js';

/** What became of the records of a chunk that lie in an hour (its start in microseconds), by their first moment. */
export type CountedHour = {
  readonly hour: number;
  accepted: number;
  /** Of the accepted: those that nothing tells from repeats. */
  withoutId: number;
  readonly skipped: Record<string, number>;
};

const add = (counts: Record<string, number>, reason: string, count: number): void => {
  counts[reason] = (counts[reason] ?? 0) + count;
};

/** @param columns of the observations; null where none has an id */
export function countedHours(
  { observations, skippedHours = new Map() }: Reading,
  columns: RecordColumns | null,
): readonly CountedHour[] {
  const hours = new Map<number, CountedHour>();
  const at = (hour: number): CountedHour => {
    const one = hours.get(hour) ?? { hour, accepted: 0, withoutId: 0, skipped: {} };
    hours.set(hour, one);
    return one;
  };
  for (const [place, observation] of observations.entries()) {
    const one = at(hourOf(observation.firstSeen));
    if (looksLikeReply(observation)) {
      add(one.skipped, SkipReason.REPLY, 1);
      continue;
    }
    one.accepted += 1;
    if (columns === null || columns.ids[place] === 0) one.withoutId += 1;
  }
  for (const [hour, skips] of skippedHours)
    for (const [reason, count] of Object.entries(skips)) add(at(hour).skipped, reason, count);
  return [...hours.values()];
}

/** By hour, the records that are left out (1) and were accepted: what looks like a reply was counted as one. */
export function repeatedHours(
  { firstSeen, replies }: RecordColumns,
  leftOut: Uint8Array,
): ReadonlyMap<number, number> {
  const hours = new Map<number, number>();
  for (const [at, mark] of leftOut.entries()) {
    if (mark === 0 || replies[at] === 1) continue;
    const hour = hourOf(firstSeen[at] ?? 0);
    hours.set(hour, (hours.get(hour) ?? 0) + 1);
  }
  return hours;
}
