import type { Cluster } from '../../inventory/cluster.js';
import {
  type SettingsStore,
  takeSettings,
  type WhichSettings,
} from '../../inventory/cluster-settings.js';
import type { Job } from '../../jobs/job.js';
import { type Problem, Severity } from '../../netpol/index.js';
import { RETENTION, type RetentionDeps } from './forget.js';

type Stores = Parameters<Parameters<RetentionDeps['transaction']>[0]>[0] & {
  readonly clusters: SettingsStore;
};

export type SetRetentionDeps = {
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
};

export type SetRetentionInput = WhichSettings & { readonly days: number | null };

export type RetentionOutcome = {
  readonly cluster: Cluster | null;
  /** What does it from now on; null where nothing is to be done. */
  readonly job: Job | null;
  readonly problems: readonly Problem[];
};

const MOST_DAYS = 36_500;

export const daysFault = (days: number | null): Problem | null =>
  days === null || (days >= 1 && days <= MOST_DAYS)
    ? null
    : {
        code: 'DAYS_INVALID',
        severity: Severity.ERROR,
        message: `\`${days}\` is not a number of days that flows can be kept`,
        path: 'days',
        place: null,
        hint: `say 1 to ${MOST_DAYS}, or null to keep all`,
      };

/** Sets how long flows are kept, and asks for the job that forgets what is older; both or none. */
export const setRetention = (
  { transaction }: SetRetentionDeps,
  { days, ...which }: SetRetentionInput,
): Promise<RetentionOutcome> =>
  transaction(async ({ clusters, retention, jobs }) => {
    const fault = daysFault(days);
    if (fault !== null) return { cluster: null, job: null, problems: [fault] };
    const { cluster, fault: refused } = await takeSettings(clusters, which);
    if (cluster === null) return { cluster, job: null, problems: [refused] };
    await retention.setDays(cluster.id, days);
    const job =
      days === null
        ? null
        : await jobs.add({ clusterId: cluster.id, kind: RETENTION, request: {} });
    return { cluster: { ...cluster, retentionDays: days }, job, problems: [] };
  });
