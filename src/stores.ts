import type { DataSource, EntityManager } from 'typeorm';
import type { Caller } from './access/caller.js';
import { alertStore } from './alerts/alert.store.js';
import { baselineStore } from './baselines/baseline.store.js';
import { chunkStore } from './flows/chunk.store.js';
import { clusterRangeStore } from './flows/cluster-range.store.js';
import { completenessStore } from './flows/completeness.store.js';
import { flowRecordStore } from './flows/flow.store.js';
import { flowMergeStore } from './flows/flow-merge.store.js';
import { flowPageStore } from './flows/flow-page.store.js';
import { flowWindowStore } from './flows/flow-window.store.js';
import { clusterStore } from './inventory/cluster.store.js';
import { factsStore } from './inventory/facts.store.js';
import { namespaceStore } from './inventory/namespace.store.js';
import { peerStore } from './inventory/peer.store.js';
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
  facts: factsStore(manager, caller),
  chunks: chunkStore(manager),
  clusterRanges: clusterRangeStore(manager),
  flowRecords: flowRecordStore(manager),
  flowMerges: flowMergeStore(manager),
  flows: flowPageStore(manager, caller),
  flowWindows: flowWindowStore(manager),
  completeness: completenessStore(manager, caller),
  baselines: baselineStore(manager, caller),
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

/** The database as one caller sees it. */
export const databaseFor = (source: DataSource, caller: Caller): Database => ({
  stores: storesOn(source.manager, caller),
  transaction: work => source.transaction(manager => work(storesOn(manager, caller))),
});
