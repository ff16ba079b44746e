import { randomUUID } from 'node:crypto';
import { repeatedHours } from '../ledger/counted-hours.js';
import type { ChunkStore } from './chunk.store.js';
import type { KeptCluster } from './kept.js';
import { knownRecords } from './known-records.js';
import type { ObservedEdges } from './observed-edges.js';
import type { ReadChunk } from './read-chunks.js';
import { foldOthers } from './record-columns.js';
import type { RecordIdStore, RecordIds } from './record-id.store.js';

export type CountOnceStores = {
  readonly chunks: Pick<ChunkStore, 'setAccepted'>;
  readonly recordIds: RecordIdStore;
};

/** Chunks without the records that are stored already. */
export type CountedOnce = {
  readonly observed: readonly ObservedEdges[];
  /** Records that were left out, of each chunk, by hour. */
  readonly duplicates: readonly ReadonlyMap<number, number>[];
  /** Keeps what was learned; to be called when the transaction has been committed. */
  readonly commit: () => void;
};

type WithIds = ReadChunk & {
  readonly records: NonNullable<ReadChunk['records']>;
  readonly chunk: { readonly firstSeenAt: string; readonly lastSeenAt: string };
};

const hasIds = (one: ReadChunk): one is WithIds => one.records !== null;

/** Of a cluster: 160 MB on disk. Ids of the oldest records go first. */
const MOST_IDS = 20_000_000;

/** After so many new ones it is asked whether there are too many. */
const LOOK_EVERY = 1_000_000;

/** Kept in memory: 16 MB. A stream meets the chunks before it again and again. */
const MOST_KEPT = 2_000_000;

/** Sets that one statement reads: 4 MB of chunks that are full. */
const AT_ONCE = 100;

type Meet = (ids: Float64Array) => void;

/** Passes all ids by that were recorded about the time of the chunks. */
async function meetStored(
  { recordIds }: CountOnceStores,
  kept: KeptCluster,
  chunks: readonly WithIds[],
  meet: Meet,
): Promise<void> {
  const stored = await recordIds.overlapping(
    kept.clusterId,
    chunks.map(({ chunk }) => chunk),
  );
  const others: string[] = [];
  for (const set of stored) {
    const ids = kept.recordIds.get(set);
    if (ids === undefined) others.push(set);
    else meet(ids);
  }
  for (let start = 0; start < others.length; start += AT_ONCE) {
    const sets = await recordIds.idsOf(kept.clusterId, others.slice(start, start + AT_ONCE));
    for (const [set, ids] of sets) {
      meet(ids);
      kept.recordIds.set(set, ids);
    }
    boundKept(kept);
  }
}

function boundKept({ recordIds }: KeptCluster): void {
  let total = 0;
  for (const { length } of recordIds.values()) total += length;
  for (const [set, { length }] of recordIds) {
    if (total <= MOST_KEPT) return;
    recordIds.delete(set);
    total -= length;
  }
}

const NONE: ReadonlyMap<number, number> = new Map();

const repeated = ({ records }: ReadChunk, marks: Uint8Array | undefined) =>
  records === null || marks === undefined ? NONE : repeatedHours(records, marks);

export const sumOfHours = (hours: ReadonlyMap<number, number>): number =>
  [...hours.values()].reduce((sum, count) => sum + count, 0);

type Repeats = Uint8Array | null;

const newSet = ({ chunk, records }: WithIds, repeats: Repeats): RecordIds => ({
  id: randomUUID(),
  firstSeenAt: chunk.firstSeenAt,
  lastSeenAt: chunk.lastSeenAt,
  ids: records.ids.filter((id, at) => id !== 0 && repeats?.[at] !== 1),
});

async function remember(
  { recordIds }: CountOnceStores,
  kept: KeptCluster,
  sets: readonly RecordIds[],
): Promise<void> {
  if (sets.length === 0) return;
  await recordIds.remember(kept.clusterId, sets);
  kept.idsStored += sets.reduce((sum, { ids }) => sum + ids.length, 0);
  if (kept.idsStored < LOOK_EVERY) return;
  await recordIds.bound(kept.clusterId, MOST_IDS);
  kept.idsStored = 0;
}

/** Says of chunks that repeat others how many records they really brought. */
async function tellAccepted(
  { chunks: store }: CountOnceStores,
  clusterId: number,
  repeats: ReadonlyMap<ReadChunk, Uint8Array>,
): Promise<void> {
  if (repeats.size === 0) return;
  const chunks = [...repeats].map(([one, marks]) => ({
    ...one.chunk,
    accepted: one.chunk.accepted - sumOfHours(repeated(one, marks)),
  }));
  await store.setAccepted(clusterId, chunks);
}

/**
 * Leaves out the records that are stored already, by their ids, and remembers the others. From here to the end of the
 * transaction nobody else records what has ids in the cluster.
 */
export async function countOnce(
  stores: CountOnceStores,
  kept: KeptCluster,
  chunks: readonly ReadChunk[],
): Promise<CountedOnce> {
  const observed = chunks.map(chunk => chunk.observed);
  const withIds = chunks.filter(hasIds);
  if (withIds.length === 0)
    return { observed, duplicates: chunks.map(() => NONE), commit: () => {} };
  const { clusterId } = kept;
  await stores.recordIds.hold(clusterId);
  const known = knownRecords(withIds.map(({ records }) => records.ids));
  await meetStored(stores, kept, withIds, known.meet);
  const marks = known.repeats();
  const repeats = new Map<ReadChunk, Uint8Array>();
  for (const [at, chunk] of withIds.entries()) {
    const own = marks[at] ?? null;
    if (own !== null) repeats.set(chunk, own);
  }
  const sets = withIds
    .map((chunk, at) => newSet(chunk, marks[at] ?? null))
    .filter(({ ids }) => ids.length > 0);
  await remember(stores, kept, sets);
  await tellAccepted(stores, clusterId, repeats);
  return {
    observed: chunks.map((chunk): ObservedEdges => {
      const own = repeats.get(chunk);
      if (own === undefined || chunk.records === null) return chunk.observed;
      return foldOthers(chunk.observed, chunk.records, own);
    }),
    duplicates: chunks.map(chunk => repeated(chunk, repeats.get(chunk))),
    commit: () => {
      for (const { id, ids } of sets) kept.recordIds.set(id, ids);
      boundKept(kept);
    },
  };
}
