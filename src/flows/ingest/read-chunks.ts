import { createHash, type Hash } from 'node:crypto';
import type { ObservationReader } from '../formats/format.js';
import type { RawRecord } from '../formats/record.js';
import { type CountedHour, countedHours } from '../ledger/counted-hours.js';
import { type SeenHour, seenHours } from '../ledger/seen-hours.js';
import type { Observation, Reading } from '../observation.js';
import { HOUR, timeText } from '../time.js';
import type { Chunk } from './chunk.store.js';
import { foldObservations } from './fold-observations.js';
import { LONGEST_WINDOW_HOURS, type ObservedEdges } from './observed-edges.js';
import { countsOf, type Ingested, outcomeOf, taken } from './outcome.js';
import { columnsOf, type RecordColumns } from './record-columns.js';
import { seedOf } from './record-id.js';

/** A stream is cut after so many records, each of which has an idempotency key (docs/identity-and-time.md, Chunks). */
export const CHUNK = 5_000;

export type IngestInput = {
  readonly cluster: string;
  readonly format: string;
  readonly reader: ObservationReader;
  readonly records: AsyncIterable<readonly RawRecord[]>;
  /** Names the whole stream; chunk n is `KEY/n`. Null: each chunk is named by its content. */
  readonly key: string | null;
};

/** A chunk that is read, and waits to be stored. */
export type ReadChunk = {
  readonly chunk: Chunk;
  readonly observed: ObservedEdges;
  /** The observations one by one; null where none has an id. */
  readonly records: RecordColumns | null;
  /** Records. */
  readonly size: number;
  /** What becomes of them if the chunk is not known yet. */
  readonly outcome: Ingested;
  /** The days that its hours lie in, `YYYY-MM-DD`. */
  readonly days: readonly string[];
  readonly hours: readonly SeenHour[];
  readonly counted: readonly CountedHour[];
  /** The greatest factor that the source told; null: none. */
  readonly sampling: number | null;
};

type Span = { readonly first: number; readonly last: number };

function spanOf(observations: readonly Observation[]): Span | null {
  if (observations.length === 0) return null;
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const { firstSeen, lastSeen } of observations) {
    if (firstSeen < first) first = firstSeen;
    if (lastSeen > last) last = lastSeen;
  }
  return { first, last };
}

const DAY = 24 * HOUR;

/** More days in one chunk than this are outliers, which the default partition takes. */
const MOST_DAYS = 64;

const dayOf = (micros: number): number => micros - (micros % DAY);

function daysOf(observations: readonly Observation[]): readonly string[] {
  const days = new Set<number>();
  for (const { firstSeen, lastSeen } of observations) {
    const last = Math.min(lastSeen, firstSeen + LONGEST_WINDOW_HOURS * HOUR);
    for (let day = dayOf(firstSeen); day <= last; day += DAY) days.add(day);
  }
  return days.size > MOST_DAYS ? [] : [...days].map(day => timeText(day).slice(0, 10));
}

function chunkOf(reading: Reading, key: string, contentHash: string, format: string): Chunk {
  const span = spanOf(reading.observations);
  return {
    key,
    contentHash,
    format,
    firstSeenAt: span === null ? null : timeText(span.first),
    lastSeenAt: span === null ? null : timeText(span.last),
    ...taken(reading),
    clusterNames: reading.clusterNames ?? null,
    rejected: countsOf(reading.rejected.map(({ code }) => code)),
    lost: reading.lost,
  };
}

type Open = {
  readonly input: IngestInput;
  number: number;
  size: number;
  hash: Hash;
  /** Text that is not hashed yet. */
  text: string;
};

/** A call for each record costs more than its bytes. */
const HASHED_AT_ONCE = 1 << 16;

function hashText(open: Open): void {
  open.hash.update(open.text);
  open.text = '';
}

function endChunk(open: Open): ReadChunk {
  const { input, size } = open;
  open.number += 1;
  const reading = input.reader.take();
  hashText(open);
  const contentHash = open.hash.digest('hex');
  const key = input.key === null ? `sha256:${contentHash}` : `${input.key}/${open.number}`;
  open.size = 0;
  open.hash = createHash('sha256');
  const format = input.reader.formatName?.() ?? input.format;
  const { observed, places } = foldObservations(
    reading.observations,
    reading.listeners,
    reading.answers,
  );
  const records = columnsOf(reading.observations, places, seedOf(format));
  const chunk = chunkOf(reading, key, contentHash, format);
  return {
    chunk,
    observed,
    records,
    size,
    outcome: outcomeOf(reading, taken(reading)),
    days: daysOf(reading.observations),
    hours: seenHours(reading.observations),
    counted: countedHours(reading, records),
    sampling: reading.sampling,
  };
}

/**
 * Cuts a stream into chunks. Each record is read and forgotten at once: 5,000 records that are kept until their
 * chunk is full cost the collector more than reading them.
 */
export async function* readChunks(input: IngestInput): AsyncGenerator<ReadChunk> {
  const open: Open = { input, number: 0, size: 0, hash: createHash('sha256'), text: '' };
  for await (const batch of input.records) {
    for (const record of batch) {
      open.text += `${record.text}\n`;
      if (open.text.length > HASHED_AT_ONCE) hashText(open);
      input.reader.push(record);
      open.size += 1;
      if (open.size === CHUNK) yield endChunk(open);
    }
  }
  if (open.size > 0) yield endChunk(open);
}
