import type { Explained } from '../enforcement/explained.js';
import type { Completeness } from '../flows/completeness.js';
import type { Verdict } from '../netpol/index.js';

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
  /** Why the flow is allowed or not under the candidate. */
  readonly explanation: Explained;
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
};

export type Simulation = {
  readonly clusterId: number;
  readonly id: string;
  readonly status: SimulationStatus;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly since: string | null;
  readonly until: string | null;
  readonly summary: SimulationSummary | null;
  readonly days: readonly SimulatedDay[] | null;
  readonly findings: readonly StoredFinding[] | null;
  readonly completeness: Completeness | null;
  readonly error: string | null;
};

export const summaryOf = (flows: readonly { readonly class: FlowClass }[]): SimulationSummary => {
  const count = (wanted: FlowClass): number => flows.filter(flow => flow.class === wanted).length;
  return {
    stillAllowed: count(FlowClass.STILL_ALLOWED),
    newlyBlocked: count(FlowClass.NEWLY_BLOCKED),
    newlyAllowed: count(FlowClass.NEWLY_ALLOWED),
    stillBlocked: count(FlowClass.STILL_BLOCKED),
    undecidable: count(FlowClass.UNDECIDABLE),
  };
};
