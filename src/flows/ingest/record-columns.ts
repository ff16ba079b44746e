import { ObservedVerdict } from '../flow.js';
import type { Observation } from '../observation.js';
import {
  addRecord,
  type Counted,
  type ObservedEdge,
  type ObservedEdges,
} from './observed-edges.js';
import { recordHash } from './record-id.js';

/**
 * The records of a chunk as columns, 53 bytes each: of a chunk that holds records which are stored already, the others
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
};

const VERDICTS = Object.values(ObservedVerdict);
const NUMBERS = new Map(VERDICTS.map((verdict, number) => [verdict, number]));

const newColumns = (size: number, edges: Uint32Array): RecordColumns => ({
  ids: new Float64Array(size),
  edges,
  firstSeen: new Float64Array(size),
  lastSeen: new Float64Array(size),
  verdicts: new Uint8Array(size),
  events: new Float64Array(size),
  connections: new Float64Array(size),
  bytes: new Float64Array(size),
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
  if (observations.every(({ recordId }) => recordId === null)) return null;
  const columns = newColumns(observations.length, edges);
  for (const [at, one] of observations.entries()) {
    const { recordId, firstSeen } = one;
    columns.ids[at] = recordId === null ? 0 : recordHash(seed, firstSeen, recordId);
    columns.firstSeen[at] = firstSeen;
    columns.lastSeen[at] = one.lastSeen;
    columns.verdicts[at] = NUMBERS.get(one.verdict) ?? 0;
    columns.events[at] = one.events;
    columns.connections[at] = one.connections ?? Number.NaN;
    columns.bytes[at] = one.bytes ?? Number.NaN;
  }
  return columns;
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
  { ends, edges }: ObservedEdges,
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
  return { ends: others.length === 0 ? [] : ends, edges: others };
}
