import type { JobStore } from '../jobs/job.store.js';
import type { JobHandler } from '../jobs/run-job.js';
import type { Problem } from '../netpol/index.js';
import type { ClusterStore } from './cluster.store.js';
import type { ClusterDeletionStore } from './cluster-deletion.store.js';
import { noCluster } from './existing-cluster.js';

type Stores = {
  readonly clusters: Pick<ClusterStore, 'byName' | 'names' | 'lockImports'>;
  readonly clusterDeletions: ClusterDeletionStore;
  readonly jobs: Pick<JobStore, 'add' | 'cancelAll'>;
};

export type DeleteClusterDeps = {
  readonly reads: Pick<Stores, 'clusterDeletions'>;
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
};

export type DeleteClusterInput = { readonly cluster: string };

export type DeleteClusterOutcome = {
  readonly deleted: boolean;
  readonly problems: readonly Problem[];
};

export const DELETE_CLUSTER = 'delete-cluster';

/** Rows that one transaction takes away. */
const BATCH = 5_000;

const refused = (problem: Problem): DeleteClusterOutcome => ({
  deleted: false,
  problems: [problem],
});

const DELETED: DeleteClusterOutcome = { deleted: true, problems: [] };

/**
 * Deletes a cluster: at once for all who ask, then row by row as a job of the cluster itself, which nobody sees.
 * Other jobs of the cluster are cancelled.
 */
export const deleteCluster = (
  { transaction }: Pick<DeleteClusterDeps, 'transaction'>,
  { cluster: name }: DeleteClusterInput,
): Promise<DeleteClusterOutcome> =>
  transaction(async ({ clusters, clusterDeletions, jobs }) => {
    const cluster = await clusters.byName(name);
    if (cluster === null) return refused(await noCluster(clusters, name));
    await clusters.lockImports(cluster.id);
    if (!(await clusterDeletions.mark(cluster.id, name)))
      return refused(await noCluster(clusters, name));
    await jobs.cancelAll(cluster.id);
    await jobs.add({ clusterId: cluster.id, kind: DELETE_CLUSTER, request: {} });
    return DELETED;
  });

/** All rows of a table, batch after batch. */
async function emptied(
  { reads }: DeleteClusterDeps,
  clusterId: number,
  { table, signal }: { readonly table: string; readonly signal: AbortSignal },
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if ((await reads.clusterDeletions.removeFrom(table, clusterId, BATCH)) < BATCH) return;
  }
}

/** What was written before the mark was seen, this job, and the cluster. */
const removeRest = ({ transaction }: DeleteClusterDeps, clusterId: number): Promise<void> =>
  transaction(async ({ clusterDeletions }) => {
    await clusterDeletions.lock(clusterId);
    for (const table of await clusterDeletions.tables())
      while ((await clusterDeletions.removeFrom(table, clusterId, BATCH)) === BATCH);
    await clusterDeletions.remove(clusterId);
  });

/** Takes away all rows of a marked cluster. */
export const removeCluster =
  (deps: DeleteClusterDeps): JobHandler =>
  async ({ clusterId }, { signal, progress }) => {
    const tables = (await deps.reads.clusterDeletions.tables()).filter(table => table !== 'job');
    for (const [index, table] of tables.entries()) {
      await emptied(deps, clusterId, { table, signal });
      progress(index + 1, tables.length);
    }
    await removeRest(deps, clusterId);
    return null;
  };

/** Every night: a deletion that failed is begun again. */
export const deleteNightly =
  ({ transaction }: DeleteClusterDeps) =>
  (): Promise<void> =>
    transaction(async ({ clusterDeletions, jobs }) => {
      for (const clusterId of await clusterDeletions.left(DELETE_CLUSTER))
        await jobs.add({ clusterId, kind: DELETE_CLUSTER, request: {} });
    });
