import type { StoredCompleteness } from '../flows/completeness.js';
import type { Versions } from '../inventory/versions.store.js';
import type { Modes, Source, Verdict } from '../netpol/index.js';

export type SimulationKey = { readonly clusterId: number; readonly id: string };

export const SimulationStatus = {
  PENDING: 'PENDING',
  RUNNING: 'RUNNING',
  DONE: 'DONE',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
} as const;
export type SimulationStatus = (typeof SimulationStatus)[keyof typeof SimulationStatus];

export const FlowClass = {
  STILL_ALLOWED: 'STILL_ALLOWED',
  NEWLY_BLOCKED: 'NEWLY_BLOCKED',
  NEWLY_ALLOWED: 'NEWLY_ALLOWED',
  STILL_BLOCKED: 'STILL_BLOCKED',
  UNDECIDABLE: 'UNDECIDABLE',
} as const;
export type FlowClass = (typeof FlowClass)[keyof typeof FlowClass];

/** What the change does to a flow; a verdict that cannot be given on either side is not guessed. */
export function classOf(before: Verdict, after: Verdict): FlowClass {
  if (before === 'UNDECIDABLE' || after === 'UNDECIDABLE') return FlowClass.UNDECIDABLE;
  if (before === 'ALLOWED') {
    return after === 'ALLOWED' ? FlowClass.STILL_ALLOWED : FlowClass.NEWLY_BLOCKED;
  }
  return after === 'ALLOWED' ? FlowClass.NEWLY_ALLOWED : FlowClass.STILL_BLOCKED;
}

/**
 * Of traffic that policies were taken to allow and that the dataplane denied, as policies that are not known to us may: the
 * candidate is not what blocks it, and nothing says that it would pass.
 */
export const ALLOWED_BEFORE: readonly FlowClass[] = [
  FlowClass.NEWLY_BLOCKED,
  FlowClass.STILL_ALLOWED,
];

/** The class of a flow that the dataplane denied in the whole window. */
export const deniedClassOf = (one: FlowClass): FlowClass =>
  ALLOWED_BEFORE.includes(one) ? FlowClass.STILL_BLOCKED : one;

/** In distinct flows. */
export type SimulationSummary = {
  readonly stillAllowed: number;
  readonly newlyBlocked: number;
  readonly newlyAllowed: number;
  readonly stillBlocked: number;
  readonly undecidable: number;
};

export type SimulatedDay = {
  /** `YYYY-MM-DD` in UTC */
  readonly day: string;
  readonly class: FlowClass;
  readonly flows: number;
  readonly events: string;
};

export type SimulatedFlow = {
  readonly flowId: string;
  readonly class: FlowClass;
  readonly before: Verdict;
  readonly after: Verdict;
};

/** Hours of a flow and what the change does to it in them, under the labels of then. */
export type Span = {
  readonly flowId: string;
  /** Half-open, hours since 1970. */
  readonly from: number;
  readonly until: number;
  readonly class: FlowClass;
  readonly outcome: number;
  /** A moment (DateTime) of the state that was judged; null: that of now. */
  readonly at: string | null;
  /** It is what the flow as a whole is said to be. */
  readonly isAnswer: boolean;
};

export type ConnectivityChange = {
  readonly source: string;
  readonly destination: string;
  /** Port sets as `TCP 80,443`; null where there are none. */
  readonly newlyAllowed: string | null;
  readonly newlyBlocked: string | null;
};

export type StoredFinding = {
  readonly severity: string;
  readonly rule: string;
  readonly message: string;
  readonly policy: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly hint: string | null;
  /** Not there in simulations that were made before this was told. */
  readonly introduced?: boolean;
};

export const PolicyStatus = {
  ADDED: 'ADDED',
  MODIFIED: 'MODIFIED',
  UNCHANGED: 'UNCHANGED',
  DELETED: 'DELETED',
} as const;
export type PolicyStatus = (typeof PolicyStatus)[keyof typeof PolicyStatus];

export const PolicyEffect = {
  SAME: 'SAME',
  TIGHTER: 'TIGHTER',
  WIDER: 'WIDER',
  BOTH: 'BOTH',
} as const;
export type PolicyEffect = (typeof PolicyEffect)[keyof typeof PolicyEffect];

/** What becomes of one policy. */
export type PolicyChange = {
  readonly status: PolicyStatus;
  readonly kind: string;
  /** Null for cluster-scoped kinds. */
  readonly namespace: string | null;
  readonly name: string;
  /** Null: not worked out, since too many change. */
  readonly effect: PolicyEffect | null;
};

export const AssertionBasis = { POLICIES: 'POLICIES', HISTORY: 'HISTORY' } as const;
export type AssertionBasis = (typeof AssertionBasis)[keyof typeof AssertionBasis];

/** What is contrary to an assertion. */
export type AssertionViolation = {
  readonly basis: AssertionBasis;
  readonly source: string;
  readonly destination: string;
  /** Such as `TCP 80,443`. */
  readonly ports: string;
  /** From end to end, both included. */
  readonly path: readonly string[];
};

export type AssertionResult = {
  readonly name: string;
  readonly text: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly holds: boolean;
  /** The first of each basis. */
  readonly violations: readonly AssertionViolation[];
  /** How many there are. */
  readonly violationCount: number;
};

/** As a mutation was asked. */
export type SimulationInput = {
  readonly policies?: string | null | undefined;
  readonly policySet?: string | null | undefined;
  readonly assertions?: string | null | undefined;
  readonly remove?: readonly string[] | null | undefined;
  readonly since?: string | null | undefined;
  readonly until?: string | null | undefined;
};

export type Simulation = {
  readonly clusterId: number;
  readonly id: string;
  /** Name of who asked for it; null where that is not known. */
  readonly caller: string | null;
  /** What was asked for, as the API takes it; read without the text of policies, which may be megabytes. */
  readonly request: SimulationInput;
  readonly status: SimulationStatus;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly since: string | null;
  readonly until: string | null;
  readonly summary: SimulationSummary | null;
  readonly days: readonly SimulatedDay[] | null;
  readonly findings: readonly StoredFinding[] | null;
  /** Null: it is under way, or was made before this was kept. */
  readonly policies: readonly PolicyChange[] | null;
  /** Null: none were made, or it is under way. */
  readonly assertions: readonly AssertionResult[] | null;
  readonly completeness: StoredCompleteness | null;
  readonly error: string | null;
};

/** Classes in the order of the list: what needs a look stands first. */
export const RANKS: readonly FlowClass[] = [
  FlowClass.NEWLY_BLOCKED,
  FlowClass.NEWLY_ALLOWED,
  FlowClass.UNDECIDABLE,
  FlowClass.STILL_BLOCKED,
  FlowClass.STILL_ALLOWED,
];

/** What was asked for; kept, so that explanations can be made when they are read. */
export type SimulationRequest = {
  readonly candidate: {
    readonly sources: readonly Source[];
    readonly remove: readonly string[];
    readonly modes: Modes;
    /** What the policies in force and the facts were. */
    readonly versions: Versions;
  };
};
