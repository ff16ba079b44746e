import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { textOf } from '../http/body.js';
import { sendJson } from '../http/routes.js';
import { dateTimeOf } from '../query/date-time.js';
import type { Which } from '../query/several-rows.js';
import { clusterStore } from './cluster.store.js';
import {
  ClusterRangeTable,
  ClusterSettingTable,
  ClusterTable,
  DeletedClusterTable,
  InventoryImportTable,
} from './cluster.table.js';
import { clusterDeletionStore } from './cluster-deletion.store.js';
import { clusterRangeStore } from './cluster-range.store.js';
import { DeclarationTable } from './declaration.table.js';
import {
  DELETE_CLUSTER,
  type DeleteClusterDeps,
  type DeleteClusterInput,
  deleteCluster,
  deleteNightly,
  removeCluster,
} from './delete-cluster.js';
import { deploymentFacetStore } from './deployment-facets.store.js';
import {
  type DeleteExternalBlocksDeps,
  deleteExternalBlocks,
} from './external-blocks/delete-external-blocks.js';
import { externalBlockStore } from './external-blocks/external-block.store.js';
import { ExternalBlockTable } from './external-blocks/external-block.table.js';
import {
  type ImportExternalBlocksDeps,
  type ImportExternalBlocksInput,
  importExternalBlocks,
} from './external-blocks/import-external-blocks.js';
import { factsStore } from './facts.store.js';
import { importInventory } from './import-inventory.js';
import { inventoryFinders, inventoryResolvers } from './inventory.graphql.js';
import { inventoryLoaders } from './inventory.loader.js';
import type { Imported, ImportStores, InventoryImport } from './inventory-import.js';
import { inventoryRoute } from './inventory-route.js';
import { DeploymentLabelSetTable, LabelSetTable } from './label-set.table.js';
import { namespaceStore } from './namespace.store.js';
import { NamespaceRevisionTable, NamespaceTable } from './namespace.table.js';
import { namespaceDeploymentStore } from './namespace-deployments.store.js';
import { otherPeerStore } from './other-peers.store.js';
import { pastStore } from './past.store.js';
import { peerStore } from './peer.store.js';
import { DeploymentRevisionTable, PeerTable } from './peer.table.js';
import { AddressBookTable, PodTable } from './pod.table.js';
import { scopeStore } from './scope.store.js';
import { EndpointsRevisionTable, ServiceRevisionTable, ServiceTable } from './service.table.js';
import { serviceHistoryStore } from './service-history.store.js';
import {
  type SetClusterRangesDeps,
  type SetClusterRangesInput,
  setClusterRanges,
} from './set-cluster-ranges.js';
import { snapshotStore } from './snapshot.store.js';
import { versionStore } from './versions.store.js';

type Deps = {
  /** A transaction whose stores hold what the rooms above do for an import. */
  readonly importing: <T>(work: (stores: ImportStores) => Promise<T>) => Promise<T>;
  /** Makes the verdicts of a cluster anew where that is due. */
  readonly settle: (clusterId: number) => Promise<void>;
};

/** Clusters, namespaces, deployments, pods and Services; which address was whose, when. */
export const inventoryRoom = {
  tables: [
    ClusterTable,
    DeletedClusterTable,
    ClusterSettingTable,
    ClusterRangeTable,
    ExternalBlockTable,
    InventoryImportTable,
    NamespaceTable,
    NamespaceRevisionTable,
    PeerTable,
    DeploymentRevisionTable,
    PodTable,
    LabelSetTable,
    DeploymentLabelSetTable,
    AddressBookTable,
    ServiceTable,
    ServiceRevisionTable,
    EndpointsRevisionTable,
    DeclarationTable,
  ],
  stores: (manager: EntityManager, caller: Caller) => ({
    clusters: clusterStore(manager, caller),
    clusterDeletions: clusterDeletionStore(manager),
    clusterRanges: clusterRangeStore(manager, caller),
    externalBlocks: externalBlockStore(manager, caller),
    namespaces: namespaceStore(manager, caller),
    namespaceDeployments: namespaceDeploymentStore(manager, caller),
    past: pastStore(manager, caller),
    peers: peerStore(manager, caller),
    otherPeers: otherPeerStore(manager, caller),
    deploymentFacets: deploymentFacetStore(manager, caller),
    serviceHistory: serviceHistoryStore(manager),
    snapshots: snapshotStore(manager),
    scopes: scopeStore(manager, caller),
    facts: factsStore(manager, caller),
    versions: versionStore(manager),
  }),
  loaders: inventoryLoaders,
  threads: { importInventory: 'pool' },
  resolvers: inventoryResolvers,
  finders: inventoryFinders,
  useCases: ({
    importing,
    settle,
    transaction,
  }: Deps &
    SetClusterRangesDeps &
    ImportExternalBlocksDeps &
    DeleteExternalBlocksDeps &
    Pick<DeleteClusterDeps, 'transaction'>) => ({
    importInventory: (input: InventoryImport) =>
      importInventory({ now: () => dateTimeOf(new Date()), transaction: importing, settle }, input),
    deleteCluster: (input: DeleteClusterInput) => deleteCluster({ transaction }, input),
    setClusterRanges: (input: SetClusterRangesInput) => setClusterRanges({ transaction }, input),
    importExternalBlocks: (input: ImportExternalBlocksInput) =>
      importExternalBlocks({ transaction }, input),
    deleteExternalBlocks: (which: Which) => deleteExternalBlocks({ transaction }, which),
  }),
  jobs: (deps: DeleteClusterDeps) => ({ [DELETE_CLUSTER]: removeCluster(deps) }),
  nightly: deleteNightly,
  routes: (
    useCasesFor: (
      request: IncomingMessage,
      response: ServerResponse,
    ) => Promise<{ readonly importInventory: ImportUpload }>,
  ) => [
    inventoryRoute({
      importFor: async (...exchange) => (await useCasesFor(...exchange)).importInventory,
      textOf,
      sendJson,
    }),
  ],
} as const;

type ImportUpload = (input: InventoryImport) => Promise<Imported>;
