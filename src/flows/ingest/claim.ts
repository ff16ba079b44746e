import type { ChunkKey, ChunkStore } from './chunk.store.js';
import {
  added,
  type Ingested,
  isStopped,
  keyReused,
  NOTHING_INGESTED,
  repeated,
} from './outcome.js';
import type { ReadChunk } from './read-chunks.js';

type Claimed = {
  /** Chunks to be stored. */
  readonly fresh: readonly ReadChunk[];
  /** Chunks that are stored already. */
  readonly again: readonly ReadChunk[];
  readonly outcome: Ingested;
};

/** What a chunk is known by. */
const nameOf = ({ key, format }: ChunkKey): string => `${format} ${key}`;

/** Takes from `open` the keys of chunks that are to be stored: what stays in it is for nobody. */
function sortOut(
  chunks: readonly ReadChunk[],
  open: Map<string, ChunkKey>,
  hashes: Map<string, string>,
): Claimed {
  const fresh: ReadChunk[] = [];
  const again: ReadChunk[] = [];
  let outcome = NOTHING_INGESTED;
  for (const one of chunks) {
    const { key, contentHash } = one.chunk;
    const name = nameOf(one.chunk);
    if (isStopped(outcome)) continue;
    if (open.delete(name)) {
      fresh.push(one);
      hashes.set(name, contentHash);
      outcome = added(outcome, one.outcome);
    } else {
      const isKnown = hashes.get(name) === contentHash;
      if (isKnown) again.push(one);
      outcome = added(outcome, isKnown ? repeated(one.size) : keyReused(key));
    }
  }
  return { fresh, again, outcome };
}

/**
 * Claims the keys of the chunks that are new. Those whose key was used for other records end the stream: what comes
 * after them is not stored.
 */
export async function claim(
  { chunks: store }: { readonly chunks: Pick<ChunkStore, 'claim' | 'byKeys' | 'giveBack'> },
  clusterId: number,
  chunks: readonly ReadChunk[],
  now: string,
): Promise<Claimed> {
  const all = chunks.map(({ chunk }) => chunk);
  const open = new Map((await store.claim(clusterId, all, now)).map(key => [nameOf(key), key]));
  const others = all.filter(chunk => !open.has(nameOf(chunk)));
  const known = others.length === 0 ? [] : await store.byKeys(clusterId, others);
  const hashes = new Map(known.map(chunk => [nameOf(chunk), chunk.contentHash]));
  const sorted = sortOut(chunks, open, hashes);
  if (open.size > 0) await store.giveBack(clusterId, [...open.values()]);
  return sorted;
}
