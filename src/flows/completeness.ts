/** What a window did not show: gaps, loss, unresolved ends, deployments without traffic. */
export type Completeness = {
  /** The window that was looked at; null is open. */
  readonly since: string | null;
  readonly until: string | null;
  /** First and last observation in it; null where there is none. */
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
};
