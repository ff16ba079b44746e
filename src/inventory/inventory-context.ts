import type { ClusterStore } from './cluster.store.js';
import type { DeleteClusterInput, DeleteClusterOutcome } from './delete-cluster.js';
import type { ExternalBlockStore } from './external-blocks/external-block.store.js';
import type {
  ImportExternalBlocksInput,
  ImportExternalBlocksOutcome,
} from './external-blocks/import-external-blocks.js';
import type { InventoryLoaders } from './inventory.loader.js';
import type { Imported, InventoryImport } from './inventory-import.js';
import type { NamespaceStore } from './namespace.store.js';
import type { PeerStore } from './peer.store.js';
import type { SetClusterRangesInput, SetClusterRangesOutcome } from './set-cluster-ranges.js';

/** The slice of a request's context that the inventory needs. */
export type InventoryContext = {
  readonly stores: {
    readonly clusters: Pick<ClusterStore, 'byName' | 'names' | 'page' | 'count'>;
    readonly externalBlocks: Pick<ExternalBlockStore, 'page' | 'count' | 'byIds'>;
    readonly namespaces: Pick<NamespaceStore, 'page' | 'count'>;
    readonly peers: Pick<PeerStore, 'page' | 'count' | 'byName'>;
  };
  readonly loaders: InventoryLoaders;
  readonly useCases: {
    readonly importInventory: (input: InventoryImport) => Promise<Imported>;
    readonly importExternalBlocks: (
      input: ImportExternalBlocksInput,
    ) => Promise<ImportExternalBlocksOutcome>;
    readonly deleteCluster: (input: DeleteClusterInput) => Promise<DeleteClusterOutcome>;
    readonly setClusterRanges: (input: SetClusterRangesInput) => Promise<SetClusterRangesOutcome>;
  };
};
