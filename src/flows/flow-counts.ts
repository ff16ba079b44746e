import type { Window } from './flow-condition.js';
import type { FlowView } from './flow-view.js';

/** What was counted of a flow in a window's whole hours; bigints as text. */
export type FlowCounts = {
  readonly events: string;
  /** Null: no source told. */
  readonly connections: string | null;
  readonly bytes: string | null;
  /** Events of each verdict. */
  readonly allowed: string;
  readonly denied: string;
  readonly audited: string;
  readonly failed: string;
  readonly unknown: string;
};

/** The same, with the set of all verdicts of the window's hours: none, where it was not seen. */
export type WindowCounts = FlowCounts & { readonly outcomes: number };

export const NO_COUNTS: WindowCounts = {
  events: '0',
  connections: null,
  bytes: null,
  allowed: '0',
  denied: '0',
  audited: '0',
  failed: '0',
  unknown: '0',
  outcomes: 0,
};

type Seen = Pick<FlowView, 'firstSeenAt' | 'lastSeenAt'>;

/** "A flow is in a window when an hour row overlaps it and so does [first seen, last seen]": as `isInWindow` asks in SQL. */
const isSeen = (
  { firstSeenAt, lastSeenAt }: Seen,
  { outcomes }: WindowCounts,
  { since, until }: Window,
): boolean =>
  outcomes !== 0 &&
  (since === null || lastSeenAt >= since) &&
  (until === null || firstSeenAt < until);

/** The flow as its tags are told for a window. */
export const flowInWindow = <F extends FlowView>(
  flow: F,
  counts: WindowCounts,
  window: Window,
): F => ({ ...flow, active: isSeen(flow, counts, window), outcomes: counts.outcomes });
