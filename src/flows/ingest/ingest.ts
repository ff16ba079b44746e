import { type SpanFacts, spanned } from '../../tracing/tracing.js';
import { FORMAT_UNKNOWN } from '../formats/detect.js';
import type { KeptIngest } from './kept.js';
import { added, type Ingested, isStopped, NOTHING_INGESTED, noCluster } from './outcome.js';
import type { PartitionStore } from './partition.store.js';
import { inBatches } from './read-ahead.js';
import { type IngestInput, type ReadChunk, readChunks } from './read-chunks.js';
import { type IngestStores, type RecordDeps, record } from './record.js';

export type IngestDeps<S extends IngestStores> = RecordDeps<S> & {
  /** On a connection of its own: partitions are made outside of the chunks' transaction. */
  readonly partitions: PartitionStore;
  /** The id of the cluster of that name; null: there is none, and the first records that are stored make it. */
  readonly clusterNamed: (name: string) => Promise<number | null>;
  readonly kept: KeptIngest;
  /** How long what was read waits for more, in milliseconds. */
  readonly patience: number;
};

/** Chunks of one transaction: the more, the more seldom an edge that many of them have is written. */
const [FEWEST, AT_FIRST, MOST] = [5, 40, 64];

/** Other writers of the cluster wait as long, and so does who hears that a chunk is stored. */
const [QUICK, SLOW] = [4_000, 8_000];

/**
 * An edge that is written once for 200,000 records costs a third of one that is written for each 50,000. Nobody is told
 * of a record before it is stored, and the end of a stream waits for nothing.
 */
export const PATIENCE = 8_000;

/** How many chunks may be one transaction, after one of so many has taken so long (milliseconds). */
export function mostAfter(most: number, chunks: number, took: number): number {
  if (took > SLOW) return Math.max(FEWEST, Math.floor(most / 2));
  return took < QUICK && chunks === most ? Math.min(MOST, most * 2) : most;
}

async function ensureDays(
  partitions: PartitionStore,
  known: Set<string>,
  chunks: readonly ReadChunk[],
): Promise<void> {
  for (const day of new Set(chunks.flatMap(({ days }) => days))) {
    if (!known.has(day)) await partitions.ensureDay(day);
    known.add(day);
  }
}

const spanOf = (chunks: readonly ReadChunk[]): SpanFacts => ({
  name: 'ingest chunks',
  attributes: {
    'weirgate.chunks': chunks.length,
    'weirgate.records': chunks.reduce((sum, { size }) => sum + size, 0),
  },
});

/** Nobody can tell what its records are. Records that a format refuses are the cluster's: they are counted there. */
const isVain = ({ size, outcome }: ReadChunk): boolean =>
  size === (outcome.rejectedReasons[FORMAT_UNKNOWN] ?? 0);

/**
 * Takes a stream of records into the store, and reads on while it writes. A chunk is stored wholly or not at all;
 * where writing is slower, the chunks that are ready are one transaction. The same stream again changes nothing, and one
 * of which nothing could be read or stored makes no cluster. Stops at a key that was used for other records.
 * @throws what the store throws; chunks before it stay recorded, and sending the stream again goes on there
 */
export async function ingest<S extends IngestStores>(
  deps: IngestDeps<S>,
  input: IngestInput,
): Promise<Ingested> {
  let clusterId = await deps.clusterNamed(input.cluster);
  const days = new Set(await deps.partitions.days());
  const settled = new Map();
  let sum = NOTHING_INGESTED;
  let most = AT_FIRST;
  const store = async (chunks: readonly ReadChunk[]): Promise<boolean> => {
    if (clusterId === null && chunks.every(isVain)) {
      sum = chunks.reduce((all, { outcome }) => added(all, outcome), sum);
      return true;
    }
    const stream = { cluster: input.cluster, clusterId, settled };
    const started = performance.now();
    await ensureDays(deps.partitions, days, chunks);
    const recorded = await spanned(spanOf(chunks), () => record(deps, stream, chunks));
    clusterId = recorded.clusterId;
    sum = added(sum, recorded.outcome);
    most = mostAfter(most, chunks.length, performance.now() - started);
    return !isStopped(sum);
  };
  await inBatches(readChunks(input), { most: () => most, patience: deps.patience }, store);
  return clusterId === null ? added(noCluster(input.cluster), sum) : sum;
}
