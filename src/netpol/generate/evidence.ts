import type { Endpoint } from '../verdict.js';

/** What was seen of one flow, or of all flows behind one rule. Times are ISO text in UTC, so that text order is time order. */
export type Evidence = {
  readonly flows: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  /** Days with traffic, `YYYY-MM-DD`, sorted. */
  readonly days: readonly string[];
  readonly events: bigint;
};

/** A flow that policies are generated from, oriented client to server, on the pod's port. */
export type ObservedFlow = {
  readonly id: string;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** What people call the two ends: `shop/api`, `EXTERNAL:api.example.com`. */
  readonly names: { readonly source: string; readonly destination: string };
  readonly port: number | null;
  readonly protocol: string;
  readonly evidence: Evidence;
};

/** The text that sorts first. */
export const least = (one: string, other: string): string => (one < other ? one : other);
const greatest = (one: string, other: string): string => (one > other ? one : other);

/** All that was seen behind several flows; null where there is none. */
export function together(all: readonly Evidence[]): Evidence | null {
  const [first, ...others] = all;
  if (first === undefined || others.length === 0) return first ?? null;
  return {
    flows: all.reduce((sum, { flows }) => sum + flows, 0),
    firstSeenAt: all.map(({ firstSeenAt }) => firstSeenAt).reduce(least),
    lastSeenAt: all.map(({ lastSeenAt }) => lastSeenAt).reduce(greatest),
    days: [...new Set(all.flatMap(({ days }) => days))].toSorted(),
    events: all.reduce((sum, { events }) => sum + events, 0n),
  };
}
