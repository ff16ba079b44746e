import type { Labels } from './labels.js';
import type { Action, Direction, Tier } from './policy.js';
import type { Place } from './problem.js';

export const Verdict = {
  ALLOWED: 'ALLOWED',
  DENIED: 'DENIED',
  UNDECIDABLE: 'UNDECIDABLE',
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** What a verdict rests on. */
export const Basis = {
  POLICY: 'policy',
  DEFAULT_ALLOW: 'default-allow',
  SPEC_EXCEPTION: 'spec-exception',
  UNDEFINED_HOST_NETWORK: 'undefined-hostnetwork',
  UNDEFINED_SNAT: 'undefined-snat',
  UNDEFINED_PROTOCOL: 'undefined-protocol',
  CNI_DEPENDENT: 'cni-dependent',
  MIXED_BACKENDS: 'mixed-backends',
  MIXED_LABEL_SETS: 'mixed-label-sets',
  UNRESOLVED_PEER: 'unresolved-peer',
  MISSING_INVENTORY: 'missing-inventory',
} as const;
export type Basis = (typeof Basis)[keyof typeof Basis];

/** One end of a connection that is asked about. */
export type Endpoint =
  /** A pod of the facts, by key: whatever pod of its workload that may be, or with `alone` this one. */
  | { readonly kind: 'pod'; readonly key: string; readonly alone?: boolean }
  /** An address; one that a pod, Service or node of the facts holds is that one. */
  | { readonly kind: 'address'; readonly address: string }
  /** Every address of a block; where they differ the verdict is UNDECIDABLE, `unresolved-peer`. */
  | { readonly kind: 'block'; readonly cidr: string }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'service'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'domain'; readonly name: string }
  | { readonly kind: 'ingress-controller' }
  /** The Kubernetes API server, at whichever of its addresses. */
  | { readonly kind: 'api-server' }
  /** Known to exist, not known what it is; `reason` becomes the missing fact. */
  | { readonly kind: 'unresolved'; readonly reason: string; readonly unruled?: Unruled };

/** Why no rule can name an end, as the rest of a sentence about it, and what may be done instead. */
export type Unruled = { readonly cannot: string; readonly hint: string };

/** `port` null: a protocol without ports, or a port that the source of the flow dropped. */
export type Connection = {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly port: number | null;
  /** `TCP`, `UDP`, `SCTP`, or any other name (`ICMP`). */
  readonly protocol: string;
};

/** One policy or rule that took part in a decision. */
export type Reason = {
  readonly direction: Direction;
  readonly tier: Tier;
  /** Kind, namespace and name of the policy. */
  readonly policy: {
    readonly kind: string;
    readonly namespace: string | null;
    readonly name: string;
  };
  /** Null: the policy selects the subject, and none of its rules matched. */
  readonly rule: {
    readonly index: number;
    readonly name: string | null;
    readonly action: Action;
    /** Which of several peers of the rule the other end is, by their places in its list; left out where it has one or none. */
    readonly peers?: readonly number[];
  } | null;
  readonly place: Place;
  /** Of an end that may be one of several: for which of them it holds; left out: for all. */
  readonly appliesTo?: string;
  /** Where no rule matched: the one that is nearest, and what would have to differ. */
  readonly miss?: string;
};

/** What is nearest in a policy that isolates and has no rule in a direction. */
export const NO_RULE: Readonly<Record<Direction, string>> = {
  INGRESS: 'it has no ingress rule and allows nothing',
  EGRESS: 'it has no egress rule and allows nothing',
};

/** The decision of one direction. */
export type Half = {
  readonly direction: Direction;
  readonly verdict: Verdict;
  readonly basis: Basis;
  /** True when some policy of any tier selects the subject in this direction. */
  readonly governed: boolean;
  readonly reasons: readonly Reason[];
  /** The fact that would decide, when UNDECIDABLE; else null. */
  readonly missing: string | null;
};

/** A verdict with its reasons; derived from both halves. */
export type Decision = {
  readonly verdict: Verdict;
  readonly basis: Basis;
  readonly governed: boolean;
  readonly egress: Half;
  readonly ingress: Half;
  readonly missing: string | null;
  /** What would leave one answer, when UNDECIDABLE, and which answer holds when. */
  readonly settledBy?: string;
  /** What else is to be known of the connection, and does not change the verdict. */
  readonly notes?: readonly string[];
};

/** How the engine reads what the API leaves open. */
export type Modes = {
  /** Row 17 of docs/law.md: `nodes` (default) does not select hostNetwork pods, `pods` treats them as ordinary ones. */
  readonly hostNetwork: 'nodes' | 'pods';
  /** Row 11: whether an ipBlock matches a pod by its address. */
  readonly ipBlockPods: 'never' | 'by-address';
  /** Row 20: where the ingress controller runs; absent or null: a pod of which nothing is known. */
  readonly ingressController?: { readonly namespace: string; readonly labels: Labels } | null;
};

export const DEFAULT_MODES: Modes = { hostNetwork: 'nodes', ipBlockPods: 'never' };
