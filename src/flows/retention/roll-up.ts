import {
  type SettingsStore,
  takeSettings,
  type WhichSettings,
} from '../../inventory/cluster-settings.js';
import type { JobStore } from '../../jobs/job.store.js';
import type { JobHandler } from '../../jobs/run-job.js';
import type { RollUpStore } from './roll-up.store.js';
import { daysFault, type RetentionOutcome } from './set-retention.js';

type Stores = {
  readonly clusters: SettingsStore;
  readonly jobs: Pick<JobStore, 'add'>;
  readonly rollUps: RollUpStore;
};

export type RollUpDeps = {
  readonly reads: Stores;
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
};

export const ROLL_UP = 'roll-up';

/**
 * Counts by hour of a cluster become counts by day, those that are older than it says: sums over whole days stay as they are.
 * One transaction for each day, so that a job that ends in between has lost nothing.
 */
export const rollUpOld =
  ({ transaction, reads }: RollUpDeps): JobHandler =>
  async ({ clusterId }, { signal, progress }) => {
    const before = await reads.rollUps.rollUpBound(clusterId);
    if (before === null) return { details: { hours: 0, days: 0 } };
    const days = await reads.rollUps.daysWithHours(clusterId, before);
    await reads.rollUps.rolledUpTo(clusterId, before);
    let hours = 0;
    for (const [place, day] of days.entries()) {
      signal.throwIfAborted();
      hours += await transaction(({ rollUps }) => rollUps.rollUp(clusterId, day));
      progress(place + 1, days.length);
    }
    return { details: { before, hours, days: days.length } };
  };

/** Every night, a job for each cluster whose hours become days. */
export const rollUpNightly =
  ({ transaction }: RollUpDeps) =>
  (): Promise<void> =>
    transaction(async ({ rollUps, jobs }) => {
      for (const clusterId of await rollUps.rollingUp())
        await jobs.add({ clusterId, kind: ROLL_UP, request: {} });
    });

export type SetRollUpInput = WhichSettings & { readonly days: number | null };

/** Sets after how many days hours become days, and asks for the job that does it; both or none. What is rolled up stays so. */
export const setRollUp = (
  { transaction }: Pick<RollUpDeps, 'transaction'>,
  { days, ...which }: SetRollUpInput,
): Promise<RetentionOutcome> =>
  transaction(async ({ clusters, rollUps, jobs }) => {
    const fault = daysFault(days);
    if (fault !== null) return { cluster: null, job: null, problems: [fault] };
    const { cluster, fault: refused } = await takeSettings(clusters, which);
    if (cluster === null) return { cluster, job: null, problems: [refused] };
    await rollUps.setRollUpDays(cluster.id, days);
    const job =
      days === null ? null : await jobs.add({ clusterId: cluster.id, kind: ROLL_UP, request: {} });
    return { cluster: { ...cluster, rollUpDays: days }, job, problems: [] };
  });
