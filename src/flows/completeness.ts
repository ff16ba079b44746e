import type { SourceLedger } from './ledger/source-ledger.js';

/** What a window did not show: gaps, loss, unresolved ends, deployments without traffic. */
export type Completeness = {
  /** The window that was looked at; null is open. */
  readonly since: string | null;
  readonly until: string | null;
  /** First and last observation in it, to the hour where a flow goes on beyond it; null where there is none. */
  readonly firstSeenAt: string | null;
  readonly lastSeenAt: string | null;
  /** Distinct flows. */
  readonly flows: number;
  /** Events that the sources say they lost; bigint as text. */
  readonly lostEvents: string;
  /** Records that could not be used. */
  readonly rejectedRecords: string;
  /** Distinct flows with an end that nobody could name. */
  readonly unresolvedFlows: number;
  /** Hours without any observation between the first and the last. */
  readonly silentHours: number;
  /** `namespace/name` of deployments without a flow in the window; the first hundred. */
  readonly silentDeployments: readonly string[];
  /** What came of each source, ordered by name. */
  readonly sources: readonly SourceLedger[];
  /** Of the flows, 0 to 1; null where there are none. */
  readonly unresolvedShare: number | null;
  /** `namespace/name` of CronJobs without a pod and without a flow in the window; the first hundred. */
  readonly idleCronJobs: readonly string[];
  /** Days, by their start, that the window begins or ends within and whose hours were rolled up. */
  readonly cutDays: readonly string[];
  /** What the window would show of the time before is forgotten; null: nothing of it is. */
  readonly forgottenUntil: string | null;
};

type SinceTheLedger = 'sources' | 'unresolvedShare' | 'idleCronJobs' | 'cutDays' | 'forgottenUntil';

/** What was stored with a simulation; without the later fields before there was a ledger. */
export type StoredCompleteness = Omit<Completeness, SinceTheLedger> &
  Partial<Pick<Completeness, SinceTheLedger>>;

export const unresolvedShare = ({
  flows,
  unresolvedFlows,
}: Pick<Completeness, 'flows' | 'unresolvedFlows'>): number | null =>
  flows === 0 ? null : unresolvedFlows / flows;

/** What was not asked for then is empty now. */
export const asStored = (stored: StoredCompleteness): Completeness => ({
  sources: [],
  idleCronJobs: [],
  cutDays: [],
  forgottenUntil: null,
  unresolvedShare: unresolvedShare(stored),
  ...stored,
});
