import type { TakenChunk } from '../ledger/ledger.js';
import type { ReadChunk } from './read-chunks.js';

/** Of a chunk that was stored now, some of whose records were stored before. */
const fresh = (
  { chunk, hours, sampling, withoutId }: ReadChunk,
  duplicates: number,
): TakenChunk => ({
  source: chunk.format,
  accepted: chunk.accepted - duplicates,
  duplicates,
  withoutId,
  lost: chunk.lost,
  sampling,
  skipped: chunk.skipped,
  rejected: chunk.rejected,
  firstSeenAt: chunk.firstSeenAt,
  hours,
});

/** Of a chunk that was stored before. */
const again = ({ chunk, size }: ReadChunk): TakenChunk => ({
  source: chunk.format,
  accepted: 0,
  duplicates: size,
  withoutId: 0,
  lost: 0,
  sampling: null,
  skipped: {},
  rejected: {},
  firstSeenAt: chunk.firstSeenAt,
  hours: [],
});

type Claimed = { readonly fresh: readonly ReadChunk[]; readonly again: readonly ReadChunk[] };

/** What became of chunks, for the ledger. @param duplicates of the fresh ones, in their order */
export const takenOf = (claimed: Claimed, duplicates: readonly number[]): readonly TakenChunk[] => [
  ...claimed.fresh.map((one, at) => fresh(one, duplicates[at] ?? 0)),
  ...claimed.again.map(again),
];
