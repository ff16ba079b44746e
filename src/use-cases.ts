import type { Caller } from './access/caller.js';
import {
  type ResolveAlertInput,
  type ResolveAlertOutcome,
  resolveAlert,
} from './alerts/resolve.js';
import { watch } from './alerts/watch.js';
import {
  type BaselinesOutcome,
  type GenerateBaselinesInput,
  generateBaselines,
} from './baselines/generate.js';
import { type LockBaselinesInput, lockBaselines, unlockBaselines } from './baselines/lock.js';
import { mergeBaselines } from './baselines/merge.js';
import { type Ingested, type IngestInput, ingest, type RecordedBatch } from './flows/ingest.js';
import { mergeFlows, type PeerMerger } from './flows/merge.js';
import type { Isolation } from './inventory/deployment-filter.js';
import { importInventory } from './inventory/import-inventory.js';
import type { Imported, InventoryImport } from './inventory/inventory-import.js';
import type { RowKey } from './inventory/peer.store.js';
import { evaluateFresh, reevaluate } from './policies/evaluate.js';
import { type ExplainInput, type ExplainOutcome, explain } from './policies/explain.js';
import { type GenerateInput, type GenerateOutcome, generate } from './policies/generate.js';
import { deploymentsIsolated } from './policies/isolation.js';
import { keepLivePolicies } from './policies/live.js';
import { type SimulateInput, type SimulateOutcome, simulate } from './policies/simulate.js';
import { dateTimeOf } from './query/date-time.js';
import type { Databases, Stores } from './stores.js';

/** What a caller can do that is more than reading. */
export type UseCases = {
  readonly importInventory: (input: InventoryImport) => Promise<Imported>;
  readonly ingest: (input: IngestInput) => Promise<Ingested>;
  readonly generateBaselines: (input: GenerateBaselinesInput) => Promise<BaselinesOutcome>;
  readonly lockBaselines: (input: LockBaselinesInput) => Promise<BaselinesOutcome>;
  readonly unlockBaselines: (input: LockBaselinesInput) => Promise<BaselinesOutcome>;
  readonly generate: (input: GenerateInput) => Promise<GenerateOutcome>;
  readonly simulate: (input: SimulateInput) => Promise<SimulateOutcome>;
  readonly explain: (input: ExplainInput) => Promise<ExplainOutcome>;
  readonly resolveAlert: (input: ResolveAlertInput) => Promise<ResolveAlertOutcome>;
  readonly deploymentsIsolated: (isolation: Isolation) => Promise<readonly RowKey[]>;
};

/** What the rooms above ingestion do with a recorded batch, in its transaction. */
async function afterRecord(stores: Stores, batch: RecordedBatch): Promise<void> {
  const { clusterId, recorded } = batch;
  const fresh = recorded.filter(row => row.fresh).map(({ id }) => id);
  await evaluateFresh(stores, clusterId, fresh);
  if (fresh.length > 0) await stores.baselines.markFlowIds(clusterId, fresh);
  await watch(stores, batch);
}

/** The stores that an import works on, with what the rooms above do for it. */
const importStores = (stores: Stores) => ({
  ...stores,
  afterMerge: async (clusterId: number, mergers: readonly PeerMerger[]) => {
    await mergeFlows(stores, clusterId, mergers);
    await mergeBaselines(stores, clusterId, mergers, dateTimeOf(new Date()));
  },
  policiesFound: (
    clusterId: number,
    found: Parameters<typeof keepLivePolicies>[2],
    mode: InventoryImport['mode'],
    observedAt: string,
  ) => keepLivePolicies(stores.policies, clusterId, found, { mode, observedAt }),
  changed: (clusterId: number) => reevaluate(stores, clusterId),
});

/** Every use case, given the stores and transactions of one caller. */
export function useCasesFor({ seenBy, partitions }: Databases, caller: Caller): UseCases {
  const { stores: reads, transaction } = seenBy(caller);
  const now = (): string => dateTimeOf(new Date());
  const clusterNamed = async (name: string): Promise<number> =>
    (await transaction(({ clusters }) => clusters.ensure(name, now()))).id;
  return {
    importInventory: input =>
      importInventory(
        { now, transaction: work => transaction(stores => work(importStores(stores))) },
        input,
      ),
    ingest: input => ingest({ transaction, partitions, clusterNamed, afterRecord, now }, input),
    generateBaselines: input => generateBaselines({ transaction, now }, input),
    lockBaselines: input => lockBaselines({ transaction, now }, input),
    unlockBaselines: input => unlockBaselines({ transaction, now }, input),
    generate: input => generate({ transaction, now }, input),
    simulate: input => simulate({ transaction, now }, input),
    explain: input => explain(reads, input),
    resolveAlert: input => resolveAlert({ transaction, now }, input),
    deploymentsIsolated: isolation => deploymentsIsolated(reads, isolation),
  };
}
