import type { ObservedVerdict } from '../flows/flow.js';

/** What became of an edge, or of one of its ports, from one window to another. */
export const GraphChange = {
  CAME: 'CAME',
  WENT: 'WENT',
  CHANGED: 'CHANGED',
  STAYED: 'STAYED',
  UNKNOWN: 'UNKNOWN',
} as const;
export type GraphChange = (typeof GraphChange)[keyof typeof GraphChange];

/** Whether a flow was seen in a window. `MAYBE`: the counts that would tell are forgotten, or are of the whole day. */
export const Seen = { YES: 'YES', MAYBE: 'MAYBE', NO: 'NO' } as const;
export type Seen = (typeof Seen)[keyof typeof Seen];

/** A flow that was seen in one of two windows, or in both. */
export type ComparedPort = {
  readonly flowId: string;
  readonly port: number | null;
  readonly protocol: string;
  /** Over all time, as ISO text. */
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly before: Seen;
  readonly after: Seen;
  /** What the dataplane said of it in either window; empty where it was not seen for certain. */
  readonly verdictsBefore: readonly ObservedVerdict[];
  readonly verdictsAfter: readonly ObservedVerdict[];
  /** It was seen in both, and let through, denied or audited in one alone. */
  readonly otherwise: boolean;
};

/** All such flows from one peer to another, of which one at least did not stay as it was. */
export type ComparedEdge = {
  readonly sourceId: string;
  readonly destinationId: string;
  readonly ports: readonly ComparedPort[];
};

type Sights = Pick<ComparedPort, 'before' | 'after' | 'otherwise'>;

export function portChange({ before, after, otherwise }: Sights): GraphChange {
  if (before === 'MAYBE' || after === 'MAYBE') return GraphChange.UNKNOWN;
  if (before !== after) return after === 'YES' ? GraphChange.CAME : GraphChange.WENT;
  return otherwise ? GraphChange.CHANGED : GraphChange.STAYED;
}

/** "CAME" and "WENT" where no port was there before, or none is after; "UNKNOWN" where that cannot be told. */
export function edgeChange(ports: readonly Sights[]): GraphChange {
  const has = (when: 'before' | 'after', seen: Seen): boolean =>
    ports.some(port => port[when] === seen);
  if (!has('before', 'YES')) return has('before', 'MAYBE') ? GraphChange.UNKNOWN : GraphChange.CAME;
  if (!has('after', 'YES')) return has('after', 'MAYBE') ? GraphChange.UNKNOWN : GraphChange.WENT;
  const changes = new Set(ports.map(portChange));
  const { CAME, WENT, CHANGED, UNKNOWN, STAYED } = GraphChange;
  if ([CAME, WENT, CHANGED].some(change => changes.has(change))) return CHANGED;
  return changes.has(UNKNOWN) ? UNKNOWN : STAYED;
}

/** When the first of them was first seen. @throws Error where there are none */
export function firstOf(ports: readonly Pick<ComparedPort, 'firstSeenAt'>[]): string {
  const [first] = ports.map(({ firstSeenAt }) => firstSeenAt).toSorted();
  if (first === undefined) throw new Error('an edge has no port');
  return first;
}
