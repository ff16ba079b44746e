import type { CountedHour } from '../ledger/counted-hours.js';
import type { Counted, TakenChunk } from '../ledger/ledger.js';
import { type CountedOnce, sumOfHours } from './count-once.js';
import type { ReadChunk } from './read-chunks.js';

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Of a kind of count, what no hour has. */
const beside = (all: Counted['skipped'], hours: readonly CountedHour[]): Counted['skipped'] =>
  Object.fromEntries(
    Object.entries(all)
      .map(([reason, count]): [string, number] => [
        reason,
        hours.reduce((rest, { skipped }) => rest - (skipped[reason] ?? 0), count),
      ])
      .filter(([, count]) => count > 0),
  );

/** Of a chunk that was stored now, some of whose records were stored before. */
const fresh = (
  { chunk, hours, counted, sampling }: ReadChunk,
  duplicates: CountedOnce['duplicates'][number],
): TakenChunk => ({
  source: chunk.format,
  lost: chunk.lost,
  sampling,
  rejected: chunk.rejected,
  skipped: beside(chunk.skipped, counted),
  duplicates: 0,
  firstSeenAt: chunk.firstSeenAt,
  hours,
  counted: counted.map(one => {
    const repeats = duplicates.get(one.hour) ?? 0;
    return { ...one, accepted: one.accepted - repeats, duplicates: repeats };
  }),
});

/** Of a chunk that was stored before. */
function again({ chunk, size, counted }: ReadChunk): TakenChunk {
  const hours = new Map(
    counted.map(({ hour, accepted, skipped }) => [hour, accepted + total(skipped)]),
  );
  return {
    source: chunk.format,
    lost: 0,
    sampling: null,
    rejected: {},
    skipped: {},
    duplicates: size - sumOfHours(hours),
    firstSeenAt: chunk.firstSeenAt,
    hours: [],
    counted: [...hours].map(([hour, duplicates]) => ({
      ...{ hour, duplicates },
      ...{ accepted: 0, withoutId: 0, skipped: {} },
    })),
  };
}

type Claimed = { readonly fresh: readonly ReadChunk[]; readonly again: readonly ReadChunk[] };

/** What became of chunks, for the ledger. @param duplicates of the fresh ones, in their order */
export const takenOf = (
  claimed: Claimed,
  duplicates: CountedOnce['duplicates'],
): readonly TakenChunk[] => [
  ...claimed.fresh.map((one, at) => fresh(one, duplicates[at] ?? new Map())),
  ...claimed.again.map(again),
];
