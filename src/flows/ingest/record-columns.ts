import { ObservedVerdict } from '../flow.js';
import { type Observation, Reporter } from '../observation.js';
import {
  addRecord,
  type Counted,
  type ObservedEdge,
  type ObservedEdges,
} from './observed-edges.js';
import { looksLikeReply } from './outcome.js';
import { recordHash, recordIds } from './record-id.js';

/**
 * The records of a chunk as columns, 55 bytes each: of a chunk that holds records which are stored already, the others
 * are added up again.
 */
export type RecordColumns = {
  /** What each is known by; 0: it has no id. */
  readonly ids: Float64Array;
  /** Its edge: a place in the chunk's. */
  readonly edges: Uint32Array;
  readonly firstSeen: Float64Array;
  readonly lastSeen: Float64Array;
  readonly verdicts: Uint8Array;
  readonly events: Float64Array;
  /** NaN: null. */
  readonly connections: Float64Array;
  readonly bytes: Float64Array;
  /** 0: null. */
  readonly countedBy: Uint8Array;
  /** 1: it looks like a reply, and is counted as one. */
  readonly replies: Uint8Array;
};

const VERDICTS = Object.values(ObservedVerdict);
const NUMBERS = new Map(VERDICTS.map((verdict, number) => [verdict, number]));
const ENDS = [null, Reporter.SOURCE, Reporter.DESTINATION] as const;

const newColumns = (size: number, edges: Uint32Array): RecordColumns => ({
  ids: new Float64Array(size),
  edges,
  firstSeen: new Float64Array(size),
  lastSeen: new Float64Array(size),
  verdicts: new Uint8Array(size),
  events: new Float64Array(size),
  connections: new Float64Array(size),
  bytes: new Float64Array(size),
  countedBy: new Uint8Array(size),
  replies: new Uint8Array(size),
});

/**
 * Null where no record has an id.
 * @param edges the edge of each record, a place in the chunk's
 * @param seed of the ids of the format
 */
export function columnsOf(
  observations: readonly Observation[],
  edges: Uint32Array,
  seed: number,
): RecordColumns | null {
  const idOf = recordIds();
  const columns = newColumns(observations.length, edges);
  let found = false;
  for (const [at, one] of observations.entries()) {
    const { firstSeen } = one;
    const id = idOf(one);
    found ||= id !== null;
    columns.ids[at] = id === null ? 0 : recordHash(seed, firstSeen, id);
    columns.firstSeen[at] = firstSeen;
    columns.lastSeen[at] = one.lastSeen;
    columns.verdicts[at] = NUMBERS.get(one.verdict) ?? 0;
    columns.events[at] = one.events;
    columns.connections[at] = one.connections ?? Number.NaN;
    columns.bytes[at] = one.bytes ?? Number.NaN;
    columns.countedBy[at] = ENDS.indexOf(one.countedBy);
    columns.replies[at] = looksLikeReply(one) ? 1 : 0;
  }
  return found ? columns : null;
}

const numberAt = (column: Float64Array, at: number): number => column[at] as number;

const countAt = (column: Float64Array, at: number): number | null => {
  const count = numberAt(column, at);
  return Number.isNaN(count) ? null : count;
};

const countedAt = (columns: RecordColumns, at: number): Counted => ({
  firstSeen: numberAt(columns.firstSeen, at),
  lastSeen: numberAt(columns.lastSeen, at),
  verdict: VERDICTS[columns.verdicts[at] as number] ?? ObservedVerdict.UNKNOWN,
  events: numberAt(columns.events, at),
  connections: countAt(columns.connections, at),
  bytes: countAt(columns.bytes, at),
  countedBy: ENDS[columns.countedBy[at] as number] ?? null,
});

const emptied = (edge: ObservedEdge): ObservedEdge => ({
  ...edge,
  firstSeen: Number.POSITIVE_INFINITY,
  lastSeen: 0,
  events: 0,
  connections: null,
  bytes: null,
  hours: [],
  records: edge.records === null ? null : [],
});

/** What a chunk adds up to without some of its records (1 where one is left out). */
export function foldOthers(
  { ends, edges, listeners, answers }: ObservedEdges,
  columns: RecordColumns,
  leftOut: Uint8Array,
): ObservedEdges {
  const sums: (ObservedEdge | undefined)[] = edges.map(() => undefined);
  for (let at = 0; at < leftOut.length; at++) {
    if (leftOut[at] === 1) continue;
    const place = columns.edges[at] as number;
    const sum = sums[place] ?? emptied(edges[place] as ObservedEdge);
    sums[place] = sum;
    addRecord(sum, countedAt(columns, at));
  }
  const others = sums.filter(sum => sum !== undefined);
  const isEmpty = [others, listeners, answers].every(some => some.length === 0);
  return { ends: isEmpty ? [] : ends, edges: others, listeners, answers };
}
