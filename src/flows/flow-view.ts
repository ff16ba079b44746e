import type { CidrFilter, Combined, StringFilter, TimeFilter } from '../query/filter.js';
import type { Several } from '../query/several.js';
import type { TimeBound } from '../query/time-bound.js';
import { type Flow, hasOutcome, type ObservedVerdict } from './flow.js';
import { TrafficClass } from './observation.js';

export const FlowTag = {
  ACTIVE: 'ACTIVE',
  BASELINE: 'BASELINE',
  ALLOWED: 'ALLOWED',
  ANOMALOUS: 'ANOMALOUS',
} as const;
export type FlowTag = (typeof FlowTag)[keyof typeof FlowTag];

/** Calls of a cloud metadata service have this class; they are anomalous by default. */
export const METADATA_CLASS = TrafficClass.METADATA;

/** What policies and baselines say of a flow. */
export type FlowMarks = {
  readonly inBaseline: boolean;
  readonly offLocked: boolean;
  /** Whether some policy in force governs the flow. */
  readonly governed: boolean;
  readonly policyVerdict: 'ALLOWED' | 'DENIED' | 'UNDECIDABLE';
  readonly policyBasis: string;
};

/** A flow as lists show it; `active`: seen in the last 24 h before the newest observation of its cluster. */
export type FlowView = Flow & FlowMarks & { readonly active: boolean };

export interface FlowFilter extends Combined<FlowFilter> {
  readonly cluster?: StringFilter | null;
  /** Of either end. */
  readonly namespace?: StringFilter | null;
  /** Name of the deployment at either end. */
  readonly deployment?: StringFilter | null;
  /** `namespace/name`, `EXTERNAL:name`, `NODE:name`. */
  readonly source?: StringFilter | null;
  readonly destination?: StringFilter | null;
  readonly port?: number | null;
  readonly protocol?: string | null;
  readonly firstSeenAt?: TimeFilter | null;
  readonly lastSeenAt?: TimeFilter | null;
  /** Address or block of an external end. */
  readonly sourceAddress?: CidrFilter | null;
  readonly destinationAddress?: CidrFilter | null;
  /** At least one of them. */
  readonly tags?: readonly FlowTag[] | null;
  /** What the dataplane said in the window, else ever. */
  readonly observedVerdict?: ObservedVerdict | null;
  readonly policyVerdict?: FlowView['policyVerdict'] | null;
  readonly since?: TimeBound | null;
  readonly until?: TimeBound | null;
}

const isAllowed = (flow: FlowView): boolean => flow.governed && flow.policyVerdict === 'ALLOWED';

/** Denied by policy or dataplane, off a locked baseline, or towards a metadata service. */
const isAnomalous = (flow: FlowView): boolean =>
  flow.policyVerdict === 'DENIED' ||
  hasOutcome(flow.outcomes, 'DENIED') ||
  flow.offLocked ||
  flow.trafficClass === METADATA_CLASS;

/** In the order in which the recipe prints them; of a window, where `active` and `outcomes` are those of it. */
export const tagsOf = (flow: FlowView): readonly FlowTag[] => [
  ...(flow.active ? [FlowTag.ACTIVE] : []),
  ...(flow.inBaseline ? [FlowTag.BASELINE] : []),
  ...(isAllowed(flow) ? [FlowTag.ALLOWED] : []),
  ...(isAnomalous(flow) ? [FlowTag.ANOMALOUS] : []),
];

export const LISTED_OF_FLOWS = ['port', 'protocol', 'observedVerdict', 'policyVerdict'] as const;
export type ListedOfFlows = (typeof LISTED_OF_FLOWS)[number];

/** As the API takes it. */
export type FlowFilters = Several<FlowFilter, ListedOfFlows>;
