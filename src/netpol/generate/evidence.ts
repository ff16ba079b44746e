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

/** All that was seen behind several flows. */
export const together = (one: Evidence, other: Evidence): Evidence => ({
  flows: one.flows + other.flows,
  firstSeenAt: least(one.firstSeenAt, other.firstSeenAt),
  lastSeenAt: greatest(one.lastSeenAt, other.lastSeenAt),
  days: [...new Set([...one.days, ...other.days])].toSorted(),
  events: one.events + other.events,
});
