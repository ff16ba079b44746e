export const ObservedVerdict = {
  ALLOWED: 'ALLOWED',
  DENIED: 'DENIED',
  AUDIT: 'AUDIT',
  ERROR: 'ERROR',
  UNKNOWN: 'UNKNOWN',
} as const;
/** What the dataplane said. */
export type ObservedVerdict = (typeof ObservedVerdict)[keyof typeof ObservedVerdict];

/** A set of verdicts is a number: one bit each, the graver the higher. */
const OUTCOMES: Readonly<Record<ObservedVerdict, number>> = {
  ALLOWED: 1,
  UNKNOWN: 2,
  ERROR: 4,
  AUDIT: 8,
  DENIED: 16,
};

/** How many sets of verdicts there are. */
export const OUTCOME_SETS = 32;

/** The set of these verdicts. */
export const outcomesOf = (...verdicts: readonly ObservedVerdict[]): number =>
  verdicts.reduce((set, verdict) => set | OUTCOMES[verdict], 0);

/** Whether a set has at least one of these verdicts. */
export const hasOutcome = (set: number, ...verdicts: readonly ObservedVerdict[]): boolean =>
  (set & outcomesOf(...verdicts)) !== 0;

/** Of two verdicts of one moment, which come in any order. */
export const graverOf = (one: ObservedVerdict, other: ObservedVerdict): ObservedVerdict =>
  OUTCOMES[one] >= OUTCOMES[other] ? one : other;

/** SQL: the set of one verdict, which stands in a column. */
export const outcomeSql = (column: string): string =>
  `case ${column} ${Object.entries(OUTCOMES)
    .map(([verdict, bit]) => `when '${verdict}' then ${bit}`)
    .join(' ')} else ${OUTCOMES.UNKNOWN} end`;

/** A policy that the dataplane named as what decided, in its own words. */
export type ObservedPolicy = {
  readonly action: 'ALLOW' | 'DENY';
  /** Of the end that decided; null: not told. */
  readonly direction: 'INGRESS' | 'EGRESS' | null;
  /** Such as `CiliumNetworkPolicy`; null: not told. */
  readonly kind: string | null;
  /** Null: of the whole cluster, or not told. */
  readonly namespace: string | null;
  readonly name: string;
};

/** A directed edge, stored once: a row of `flow`. Times are ISO text in UTC with microseconds. */
export type Flow = {
  readonly clusterId: number;
  /** First 128 bits of SHA-256 over (source, destination, port, protocol). */
  readonly id: string;
  readonly sourceId: string;
  readonly destinationId: string;
  /** The pod's port after DNAT; null where the protocol has none or the source dropped it. */
  readonly port: number | null;
  readonly protocol: string;
  readonly servicePort: number | null;
  readonly trafficClass: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  /** The latest. */
  readonly observedVerdict: ObservedVerdict;
  /** What the dataplane ever said: a set (`outcomesOf`). */
  readonly outcomes: number;
  /** Whether somebody told who asked whom; else it may be the answer to a flow, and no rule is made of it. */
  readonly directionKnown: boolean;
  /** What tells it (`ReplyBasis`); null: it was stored before that was kept. */
  readonly directionBasis: string | null;
  /** As the dataplane named them last; null: it never did. */
  readonly observedPolicies: readonly ObservedPolicy[] | null;
  readonly events: string;
  readonly connections: string | null;
  readonly bytes: string | null;
};
