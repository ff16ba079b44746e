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
  /** The port of the Service that it went through; null or left out: none is known. */
  readonly servicePort?: number | null;
  readonly evidence: Evidence;
  /** Whether more than an attempt to connect was seen; left out: the source does not tell. */
  readonly answered?: boolean;
};

/** The text that sorts first. */
export const least = (one: string, other: string): string => (one < other ? one : other);
const greatest = (one: string, other: string): string => (one > other ? one : other);

/** All that was seen behind several flows; null where none is behind them. */
export function together(all: readonly (Evidence | null)[]): Evidence | null {
  const [first, ...others] = all.filter(one => one !== null);
  if (first === undefined) return null;
  if (others.length === 0) return { ...first, days: first.days.toSorted() };
  const days = new Set(first.days);
  let { flows, firstSeenAt, lastSeenAt, events } = first;
  for (const one of others) {
    flows += one.flows;
    events += one.events;
    firstSeenAt = least(firstSeenAt, one.firstSeenAt);
    lastSeenAt = greatest(lastSeenAt, one.lastSeenAt);
    for (const day of one.days) days.add(day);
  }
  return { flows, firstSeenAt, lastSeenAt, days: [...days].toSorted(), events };
}
