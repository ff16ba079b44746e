import { createHash } from 'node:crypto';
import { type Problem, Severity } from '../../netpol/index.js';
import type { Edge } from '../edge.js';
import type { ObservationReader } from '../formats/format.js';
import type { RawRecord } from '../formats/record.js';
import type { Reading, Rejected } from '../observation.js';
import { HOUR, timeText } from '../time.js';
import { type AttributionStores, attribute } from './attribution.js';
import type { Chunk, ChunkStore } from './chunk.store.js';
import type { FlowRecordStore, Recorded } from './flow.store.js';
import { foldEdges, LONGEST_WINDOW_HOURS } from './fold-edges.js';
import type { PartitionStore } from './partition.store.js';

/** A stream is cut after so many records; each chunk is one transaction (data-model.md). */
export const CHUNK = 5_000;

/** Named rejects in one answer; the counts are exact all the same. */
const MOST_PROBLEMS = 1_000;

export type IngestStores = AttributionStores & {
  readonly chunks: ChunkStore;
  readonly flowRecords: FlowRecordStore;
};

/** What a transaction has recorded, for the rooms above. */
export type RecordedBatch = {
  readonly clusterId: number;
  readonly edges: readonly Edge[];
  readonly recorded: readonly Recorded[];
};

export type IngestDeps<S extends IngestStores> = {
  readonly transaction: <T>(work: (stores: S) => Promise<T>) => Promise<T>;
  /** On a connection of its own: partitions are made outside of the chunk's transaction. */
  readonly partitions: PartitionStore;
  /** The id of the cluster of that name, made where it is missing. */
  readonly ensureCluster: (name: string) => Promise<number>;
  /** In the same transaction: verdicts, baselines, alerts. */
  readonly afterRecord: (stores: S, batch: RecordedBatch) => Promise<void>;
  /** ISO text. */
  readonly now: () => string;
};

export type IngestInput = {
  readonly cluster: string;
  readonly format: string;
  readonly reader: ObservationReader;
  readonly records: AsyncIterable<readonly RawRecord[]>;
  /** Names the whole stream; chunk n is `KEY/n`. Null: each chunk is named by its content. */
  readonly key: string | null;
};

export type Ingested = {
  readonly accepted: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly duplicates: number;
  readonly lost: number;
  readonly skippedReasons: Readonly<Record<string, number>>;
  readonly rejectedReasons: Readonly<Record<string, number>>;
  /** The first rejects by name, and why nothing more was done. */
  readonly problems: readonly Problem[];
};

export const NOTHING_INGESTED: Ingested = {
  accepted: 0,
  skipped: 0,
  rejected: 0,
  duplicates: 0,
  lost: 0,
  skippedReasons: {},
  rejectedReasons: {},
  problems: [],
};

/** The same records in chunks of exactly `CHUNK`, however the input was cut. */
async function* chunksOf(records: IngestInput['records']): AsyncGenerator<readonly RawRecord[]> {
  let open: RawRecord[] = [];
  for await (const batch of records) {
    for (const record of batch) {
      open.push(record);
      if (open.length < CHUNK) continue;
      yield open;
      open = [];
    }
  }
  if (open.length > 0) yield open;
}

const hashOf = (records: readonly RawRecord[]): string => {
  const hash = createHash('sha256');
  for (const { text } of records) hash.update(text).update('\n');
  return hash.digest('hex');
};

const problemOf = (rejected: Rejected): Problem => ({
  code: rejected.code,
  severity: Severity.WARNING,
  message: rejected.message,
  path: rejected.path,
  place: { file: null, line: rejected.line, column: 1 },
  hint: rejected.hint,
});

const keyReused = (key: string): Problem => ({
  code: 'KEY_REUSED',
  severity: Severity.ERROR,
  message: `key \`${key}\` was used before for other records`,
  path: null,
  place: null,
  hint: 'choose a new key, or send the same records again',
});

const countsOf = (names: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const merged = (
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> => {
  const sum: Record<string, number> = { ...one };
  for (const [name, count] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};

const isError = ({ severity }: Problem): boolean => severity === Severity.ERROR;

/** What stopped the stream is never left out. */
const named = (problems: readonly Problem[]): readonly Problem[] =>
  problems.length <= MOST_PROBLEMS
    ? problems
    : [
        ...problems.filter(problem => !isError(problem)).slice(0, MOST_PROBLEMS),
        ...problems.filter(isError),
      ];

const added = (one: Ingested, other: Ingested): Ingested => ({
  accepted: one.accepted + other.accepted,
  skipped: one.skipped + other.skipped,
  rejected: one.rejected + other.rejected,
  duplicates: one.duplicates + other.duplicates,
  lost: one.lost + other.lost,
  skippedReasons: merged(one.skippedReasons, other.skippedReasons),
  rejectedReasons: merged(one.rejectedReasons, other.rejectedReasons),
  problems: named([...one.problems, ...other.problems]),
});

const outcomeOf = ({ observations, rejected, skipped, lost }: Reading): Ingested => ({
  accepted: observations.length,
  skipped: total(skipped),
  rejected: rejected.length,
  duplicates: 0,
  lost,
  skippedReasons: skipped,
  rejectedReasons: countsOf(rejected.map(({ code }) => code)),
  problems: rejected.map(problemOf),
});

function chunkOf(reading: Reading, key: string, contentHash: string, format: string): Chunk {
  const { observations } = reading;
  const first = observations.reduce((least, { firstSeen }) => Math.min(least, firstSeen), Infinity);
  const last = observations.reduce((most, { lastSeen }) => Math.max(most, lastSeen), 0);
  const some = observations.length > 0;
  return {
    key,
    contentHash,
    format,
    firstSeenAt: some ? timeText(first) : null,
    lastSeenAt: some ? timeText(last) : null,
    accepted: observations.length,
    skipped: reading.skipped,
    rejected: countsOf(reading.rejected.map(({ code }) => code)),
    lost: reading.lost,
  };
}

type ChunkInput = { readonly chunk: Chunk; readonly reading: Reading; readonly size: number };

/** One chunk in one transaction: claimed, attributed, folded, recorded, told. */
async function record<S extends IngestStores>(
  deps: IngestDeps<S>,
  stores: S,
  clusterId: number,
  { chunk, reading, size }: ChunkInput,
): Promise<Ingested> {
  const now = deps.now();
  if (!(await stores.chunks.claim(clusterId, chunk, now))) {
    const before = await stores.chunks.byKey(clusterId, chunk.key);
    if (before?.contentHash === chunk.contentHash) return { ...NOTHING_INGESTED, duplicates: size };
    return { ...NOTHING_INGESTED, problems: [keyReused(chunk.key)] };
  }
  const attributed = await attribute(stores, clusterId, reading.observations);
  const { edges, hours } = foldEdges(attributed);
  await stores.chunks.touchCluster(clusterId, now, chunk.lastSeenAt);
  const recorded = await stores.flowRecords.recordEdges(clusterId, edges);
  await stores.flowRecords.recordHours(clusterId, hours);
  await deps.afterRecord(stores, { clusterId, edges, recorded });
  return outcomeOf(reading);
}

const readChunk = (reader: ObservationReader, records: readonly RawRecord[]): Reading => {
  for (const record of records) reader.push(record);
  return reader.take();
};

const DAY = 24 * HOUR;

/** More days in one chunk than this are outliers, which the default partition takes. */
const MOST_DAYS = 64;

/** The days that the hours of a chunk lie in, `YYYY-MM-DD`. */
function daysOf({ observations }: Reading): readonly string[] {
  const days = new Set<number>();
  for (const { firstSeen, lastSeen } of observations) {
    const last = Math.min(lastSeen, firstSeen + LONGEST_WINDOW_HOURS * HOUR);
    for (let day = firstSeen - (firstSeen % DAY); day <= last; day += DAY) days.add(day);
  }
  return days.size > MOST_DAYS ? [] : [...days].map(day => timeText(day).slice(0, 10));
}

/**
 * Takes a stream of records into the store, chunk by chunk: what a chunk answered is stored, and what failed
 * is wholly undone. The same stream again changes nothing. Stops at a key that was used for other records.
 * @throws what the store throws; chunks before it stay recorded, and sending the stream again goes on there
 */
export async function ingest<S extends IngestStores>(
  deps: IngestDeps<S>,
  input: IngestInput,
): Promise<Ingested> {
  const clusterId = await deps.ensureCluster(input.cluster);
  const days = new Set(await deps.partitions.days());
  let sum = NOTHING_INGESTED;
  let number = 0;
  for await (const records of chunksOf(input.records)) {
    number += 1;
    const reading = readChunk(input.reader, records);
    const contentHash = hashOf(records);
    const key = input.key === null ? `sha256:${contentHash}` : `${input.key}/${number}`;
    for (const day of daysOf(reading)) {
      if (!days.has(day)) await deps.partitions.ensureDay(day);
      days.add(day);
    }
    const chunk = chunkOf(reading, key, contentHash, input.format);
    const outcome = await deps.transaction(stores =>
      record(deps, stores, clusterId, { chunk, reading, size: records.length }),
    );
    sum = added(sum, outcome);
    if (outcome.problems.some(isError)) break;
  }
  return sum;
}
