import type { Cluster } from '../../inventory/cluster.js';
import type { ClusterStore } from '../../inventory/cluster.store.js';
import { noCluster } from '../../inventory/existing-cluster.js';
import type { Job } from '../../jobs/job.js';
import { type Problem, Severity } from '../../netpol/index.js';
import { RETENTION, type RetentionDeps } from './forget.js';

type Stores = Parameters<Parameters<RetentionDeps['transaction']>[0]>[0] & {
  readonly clusters: Pick<ClusterStore, 'byName' | 'names'>;
};

export type SetRetentionDeps = {
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
};

export type SetRetentionInput = { readonly cluster: string; readonly days: number | null };

export type SetRetentionOutcome = {
  readonly cluster: Cluster | null;
  /** What forgets from now on; null where all is kept. */
  readonly job: Job | null;
  readonly problems: readonly Problem[];
};

const MOST_DAYS = 36_500;

const refused = (code: string, path: string, message: string, hint: string) => ({
  cluster: null,
  job: null,
  problems: [{ code, severity: Severity.ERROR, message, path, place: null, hint }],
});

/** Sets how long flows are kept, and asks for the job that forgets what is older; both or none. */
export const setRetention = (
  { transaction }: SetRetentionDeps,
  { cluster: name, days }: SetRetentionInput,
): Promise<SetRetentionOutcome> =>
  transaction(async ({ clusters, retention, jobs }) => {
    if (days !== null && (days < 1 || days > MOST_DAYS))
      return refused(
        'DAYS_INVALID',
        'days',
        `\`${days}\` is not a number of days that flows can be kept`,
        `say 1 to ${MOST_DAYS}, or null to keep all`,
      );
    const cluster = await clusters.byName(name);
    if (cluster === null)
      return { cluster, job: null, problems: [await noCluster(clusters, name)] };
    await retention.setDays(cluster.id, days);
    const job =
      days === null
        ? null
        : await jobs.add({ clusterId: cluster.id, kind: RETENTION, request: {} });
    return { cluster: { ...cluster, retentionDays: days }, job, problems: [] };
  });
