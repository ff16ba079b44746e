import { HOUR, timeText } from '../time.js';
import type { SeenHour } from './seen-hours.js';

type Counts = Readonly<Record<string, number>>;

/** What came of a source in an hour of observation time. */
export type LedgerHour = {
  /** Name of the format. */
  readonly source: string;
  /** ISO text. */
  readonly hour: string;
  readonly accepted: number;
  readonly duplicates: number;
  /** Of the accepted: those that nothing tells from repeats. */
  readonly withoutId: number;
  /** As the source reports it. */
  readonly lost: number;
  /** The greatest factor that the source told: one of so many was recorded. Null: it told none. */
  readonly sampling: number | null;
  /** Reason to count. */
  readonly skipped: Counts;
  readonly rejected: Counts;
  /** The first and the last that accepted records show of this hour, whichever chunk they came with; null: nothing. */
  readonly firstSeenAt: string | null;
  readonly lastSeenAt: string | null;
};

/** What became of records that have a time. */
export type Counted = Pick<LedgerHour, 'accepted' | 'duplicates' | 'withoutId' | 'skipped'>;

/** What became of one chunk: its records by their own hours, and what has no time. */
export type TakenChunk = Pick<
  LedgerHour,
  'source' | 'lost' | 'sampling' | 'rejected' | 'skipped' | 'duplicates'
> & {
  /** First observation of the chunk, ISO text; null: it has none. */
  readonly firstSeenAt: string | null;
  readonly hours: readonly SeenHour[];
  readonly counted: readonly (Counted & { readonly hour: number })[];
};

const sum = (one: Counts, other: Counts): Counts => {
  const all: Record<string, number> = { ...one };
  for (const [reason, count] of Object.entries(other)) all[reason] = (all[reason] ?? 0) + count;
  return all;
};

const greatest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);

const earliest = (one: string | null, other: string | null): string | null =>
  one === null || other === null ? (one ?? other) : one < other ? one : other;

const latest = (one: string | null, other: string | null): string | null =>
  one === null || other === null ? (one ?? other) : one > other ? one : other;

const both = (one: LedgerHour, other: LedgerHour): LedgerHour => ({
  source: one.source,
  hour: one.hour,
  accepted: one.accepted + other.accepted,
  duplicates: one.duplicates + other.duplicates,
  withoutId: one.withoutId + other.withoutId,
  lost: one.lost + other.lost,
  sampling: greatest(one.sampling, other.sampling),
  skipped: sum(one.skipped, other.skipped),
  rejected: sum(one.rejected, other.rejected),
  firstSeenAt: earliest(one.firstSeenAt, other.firstSeenAt),
  lastSeenAt: latest(one.lastSeenAt, other.lastSeenAt),
});

const hourOf = (time: string): string => {
  const millis = Date.parse(time);
  return timeText((millis - (millis % (HOUR / 1_000))) * 1_000);
};

const UNCOUNTED = {
  accepted: 0,
  duplicates: 0,
  withoutId: 0,
  lost: 0,
  sampling: null,
  skipped: {},
  rejected: {},
} as const;

const seenIn = (source: string, { hour, first, last }: SeenHour): LedgerHour => ({
  ...UNCOUNTED,
  source,
  hour: timeText(hour),
  firstSeenAt: timeText(first),
  lastSeenAt: timeText(last),
});

const NOT_SEEN = { firstSeenAt: null, lastSeenAt: null } as const;

/**
 * What chunks add to the ledger, ordered by source and hour. Each record counts in the hour of its first moment; what has no
 * time of its own (rejects, losses, lines that are no flows), in the hour of its chunk's first observation, or else in that of its receipt. What
 * was seen is told of every hour.
 */
export function ledgerOf(chunks: readonly TakenChunk[], receivedAt: string): readonly LedgerHour[] {
  const hours = new Map<string, LedgerHour>();
  const add = (one: LedgerHour): void => {
    const key = `${one.source} ${one.hour}`;
    const known = hours.get(key);
    hours.set(key, known === undefined ? one : both(known, one));
  };
  for (const { hours: seen, counted, firstSeenAt, ...timeless } of chunks) {
    const { source } = timeless;
    add({ ...UNCOUNTED, ...timeless, ...NOT_SEEN, hour: hourOf(firstSeenAt ?? receivedAt) });
    for (const { hour, ...counts } of counted)
      add({ ...UNCOUNTED, ...counts, ...NOT_SEEN, source, hour: timeText(hour) });
    for (const one of seen) add(seenIn(source, one));
  }
  return [...hours.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
