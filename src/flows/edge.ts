import { stableId } from '../inventory/identity.js';
import type { ObservedVerdict } from './flow.js';
import type { CountingEnd, ReplyBasis } from './observation.js';

/** What records that prove no direction show all the same. */
export type Open = {
  readonly sourcePorts: readonly number[];
  /** A set of `DirectionHint`. */
  readonly hints: number;
};

/** What a batch adds to one edge. Counts are numbers here: a batch never exceeds 2^53. */
export type Edge = {
  readonly id: string;
  readonly sourceId: string;
  readonly destinationId: string;
  readonly port: number | null;
  readonly protocol: string;
  readonly servicePort: number | null;
  readonly trafficClass: string;
  /** False: nothing tells who asked whom. */
  readonly directionKnown: boolean;
  /** What tells it, or what was assumed. */
  readonly directionBasis: ReplyBasis;
  /** Of an edge none of whose records proves it; null: one does, or nothing ever will. */
  readonly open: Open | null;
  /** The policies that were named last, as JSON; null: none were. */
  readonly policies: string | null;
  /** When that was, in microseconds. */
  readonly policiesAt: number;
  /** Microseconds since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly observedVerdict: ObservedVerdict;
  /** Every verdict among its records: a set (`outcomesOf`). */
  readonly outcomes: number;
  readonly events: number;
  readonly connections: number | null;
  readonly bytes: number | null;
};

/** What is counted of connections. Numbers, since a batch never exceeds 2^53. */
export type Counts = {
  readonly events: number;
  readonly connections: number | null;
  readonly bytes: number | null;
};

/** What each end counted of the same traffic. */
export type EndCounts = Readonly<Record<CountingEnd, Counts>>;

/** What a batch adds to one edge, hour and observed verdict. */
export type EdgeHour = {
  readonly flowId: string;
  /** Its start, in microseconds since 1970. */
  readonly hour: number;
  readonly verdict: ObservedVerdict;
  /** Of the records that are counted here; microseconds since 1970. Not the hour's bounds, and not stored. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly events: number;
  readonly connections: number | null;
  readonly bytes: number | null;
  /** What the ends counted themselves, beside the counts above; null: nothing. */
  readonly ends: EndCounts | null;
};

/** The stable id of an edge within its cluster. */
export const flowId = (
  sourceId: string,
  destinationId: string,
  port: number | null,
  protocol: string,
): string => stableId(`flow ${sourceId} ${destinationId} ${port ?? ''} ${protocol}`);

/** Adds counts of which either may be unknown: unknown only when both are. At most 2^53 - 1, which is exact. */
export const plus = (one: number | null, other: number | null): number | null =>
  one === null ? other : Math.min(one + (other ?? 0), Number.MAX_SAFE_INTEGER);

const GREATEST = 2n ** 63n - 1n;

/** The sum of counts as the store gives them; at most what it can hold. */
export function sumOfCounts(counts: readonly string[]): string {
  const sum = counts.reduce((total, count) => total + BigInt(count), 0n);
  return (sum > GREATEST ? GREATEST : sum).toString();
}
