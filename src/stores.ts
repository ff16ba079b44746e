import type { DataSource, EntityManager } from 'typeorm';
import type { Caller } from './access/caller.js';
import { alertStore } from './alerts/alert.store.js';
import { baselineStore } from './baselines/baseline.store.js';
import { baselineMergeStore } from './baselines/baseline-merge.store.js';
import { chunkStore } from './flows/chunk.store.js';
import { clusterRangeStore } from './flows/cluster-range.store.js';
import { completenessStore } from './flows/completeness.store.js';
import { diagnosisStore } from './flows/diagnosis.store.js';
import { flowRecordStore } from './flows/flow.store.js';
import { flowMergeStore } from './flows/flow-merge.store.js';
import { flowPageStore } from './flows/flow-page.store.js';
import { flowWindowStore } from './flows/flow-window.store.js';
import { type PartitionStore, partitionStore } from './flows/partition.store.js';
import { clusterStore } from './inventory/cluster.store.js';
import { factsStore } from './inventory/facts.store.js';
import { namespaceStore } from './inventory/namespace.store.js';
import { peerStore } from './inventory/peer.store.js';
import { scopeStore } from './inventory/scope.store.js';
import { snapshotStore } from './inventory/snapshot.store.js';
import { evaluationStore } from './policies/evaluation.store.js';
import { graphStore } from './policies/graph.store.js';
import { policyStore } from './policies/policy.store.js';
import { policySetStore } from './policies/policy-set.store.js';
import { simulationStore } from './policies/simulation.store.js';

/** Every store, on one connection or transaction, for the eyes of one caller. */
const storesOn = (manager: EntityManager, caller: Caller) => ({
  clusters: clusterStore(manager, caller),
  namespaces: namespaceStore(manager, caller),
  peers: peerStore(manager, caller),
  snapshots: snapshotStore(manager),
  scopes: scopeStore(manager, caller),
  facts: factsStore(manager, caller),
  chunks: chunkStore(manager),
  clusterRanges: clusterRangeStore(manager),
  flowRecords: flowRecordStore(manager),
  flowMerges: flowMergeStore(manager),
  flows: flowPageStore(manager, caller),
  flowWindows: flowWindowStore(manager),
  completeness: completenessStore(manager, caller),
  diagnosis: diagnosisStore(manager),
  baselines: baselineStore(manager, caller),
  baselineMerges: baselineMergeStore(manager),
  evaluation: evaluationStore(manager),
  policies: policyStore(manager, caller),
  policySets: policySetStore(manager, caller),
  simulations: simulationStore(manager, caller),
  graph: graphStore(manager, caller),
  alerts: alertStore(manager, caller),
});

export type Stores = ReturnType<typeof storesOn>;

export type Database = {
  readonly stores: Stores;
  /** Runs the work on stores that share one transaction. */
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
};

/** One database: what each caller sees of it. */
export type Databases = {
  readonly seenBy: (caller: Caller) => Database;
  /** On a connection of its own, outside of every transaction. */
  readonly partitions: PartitionStore;
  /** @throws when the database does not answer */
  readonly ping: () => Promise<void>;
};

/** The stores over a connected database. */
export const databasesOn = (source: DataSource): Databases => ({
  seenBy: caller => ({
    stores: storesOn(source.manager, caller),
    transaction: work => source.transaction(manager => work(storesOn(manager, caller))),
  }),
  partitions: partitionStore(source.manager),
  ping: async () => {
    await source.query('/* databases.ping */ select 1');
  },
});
