/** A row of `cluster`. Times are ISO text in UTC with microseconds. */
export type Cluster = {
  /** Assigned by the application, and never again after the cluster was deleted. */
  readonly id: number;
  readonly name: string;
  readonly createdAt: string;
  /** Observation time of the newest snapshot. */
  readonly lastImportAt: string | null;
  /** When flows were last taken in. */
  readonly lastIngestAt: string | null;
  /** The latest that any flow was seen. */
  readonly newestObservationAt: string | null;
  /** Versions of what verdicts rest on (`versions.store.ts`); bigints as text. */
  readonly factsVersion: string;
  readonly policiesVersion: string;
  /** The last complete evaluation of verdicts; bigint as text. */
  readonly verdictEpoch: string;
  /** The evaluation under way, if any. */
  readonly pendingEpoch: string | null;
  /** Days of observation time for which flows are kept; null keeps all. */
  readonly retentionDays: number | null;
  /** Days of observation time after which counts by hour become counts by day; null: never. */
  readonly rollUpDays: number | null;
  /** Counts before it are by day, the start of one in UTC; null: none are. */
  readonly rolledUntil: string | null;
  /** What was observed before it was forgotten once; null: nothing was. */
  readonly forgottenUntil: string | null;
  /** Goes up with each change of retention, roll-up and declared ranges; 0: nobody set any. */
  readonly settingsVersion: number;
};
