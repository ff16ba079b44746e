import type { ClusterStore } from '../../inventory/cluster.store.js';
import type { LabelSetStore } from '../../inventory/label-set.store.js';
import type { JobStore } from '../../jobs/job.store.js';
import type { JobHandler } from '../../jobs/run-job.js';
import type { OpenFlowStore } from '../directions/open-flow.store.js';
import type { LedgerStore } from '../ledger/ledger.store.js';
import type { RetentionStore } from './retention.store.js';

type Stores = {
  readonly clusters: Pick<ClusterStore, 'lockImports'>;
  readonly snapshots: Pick<LabelSetStore, 'forgetLabelSets'>;
  readonly retention: RetentionStore;
  readonly ledger: Pick<LedgerStore, 'forget'>;
  readonly openFlows: Pick<OpenFlowStore, 'closeOld'>;
  readonly jobs: Pick<JobStore, 'add'>;
};

export type RetentionDeps = {
  readonly reads: Stores;
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
};

export const RETENTION = 'retention';

/** Rows that one transaction takes away: a few tenths of a second, in which ingestion waits. */
const BATCH = 5_000;

/** Takes away batch after batch until nothing is left; answers how many rows went. */
async function all(signal: AbortSignal, batch: () => Promise<number>): Promise<number> {
  let gone = 0;
  for (;;) {
    signal.throwIfAborted();
    const count = await batch();
    gone += count;
    if (count < BATCH) return gone;
  }
}

/**
 * Forgets what a cluster observed longer ago than it keeps: hours first, those of the ledger too, then edges that were
 * not seen since, and label sets that deployments had until then.
 */
export const forgetOld =
  ({ transaction, reads }: RetentionDeps): JobHandler =>
  async ({ clusterId }, { signal, progress }) => {
    const before = await reads.retention.boundOf(clusterId);
    if (before === null) return { details: { hours: 0, flows: 0, labelSets: 0 } };
    await reads.retention.forgottenTo(clusterId, before);
    await reads.ledger.forget(clusterId, before);
    const hours = await all(signal, () => reads.retention.forgetHours(clusterId, before, BATCH));
    progress(1, 3);
    const flows = await all(signal, () =>
      transaction(({ retention }) => retention.forgetFlows(clusterId, before, BATCH)),
    );
    progress(2, 3);
    const labelSets = await transaction(async ({ clusters, snapshots }) => {
      await clusters.lockImports(clusterId);
      return snapshots.forgetLabelSets(clusterId, before);
    });
    progress(3, 3);
    return { details: { before, hours, flows, labelSets } };
  };

/** Every night: whole days that no cluster keeps, a job for each cluster that forgets, old idempotency keys and ids of records. */
export const forgetNightly =
  ({ reads, transaction }: RetentionDeps) =>
  async (): Promise<void> => {
    await reads.retention.dropDays();
    await transaction(async ({ retention, jobs }) => {
      for (const clusterId of await retention.forgetting())
        await jobs.add({ clusterId, kind: RETENTION, request: {} });
    });
    await reads.retention.forgetKeys();
    await reads.retention.forgetRecordIds();
    await reads.retention.forgetDnsAnswers();
    await transaction(({ openFlows }) => openFlows.closeOld());
  };
