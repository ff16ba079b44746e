import type { InventoryLoaders } from '../inventory/inventory.loader.js';
import type { PeerStore } from '../inventory/peer.store.js';
import type { CompletenessStore } from './completeness.store.js';
import type { DiagnosisStore } from './diagnosis.store.js';
import {
  type DeploymentFlowsLoader,
  deploymentFlowsLoader,
  type FlowLoader,
  flowLoader,
} from './flow.loader.js';
import {
  type FlowCountsLoader,
  type FlowHistoryLoader,
  flowCountsLoader,
  flowHistoryLoader,
} from './flow-counts.loader.js';
import type { FlowCountsStore } from './flow-counts.store.js';
import type { FlowPageStore } from './flow-page.store.js';
import type { ChunkStore } from './ingest/chunk.store.js';
import { type IngestionLoader, ingestionLoader } from './ingest/ingestion.loader.js';
import type { TakeUpload } from './ingest/upload.js';

/** What this room needs of a request, beside what the inventory needs. */
export type FlowContext = {
  readonly now: () => Date;
  readonly stores: {
    readonly flows: FlowPageStore;
    readonly peers: Pick<PeerStore, 'byIds'>;
    readonly completeness: CompletenessStore;
    readonly diagnosis: DiagnosisStore;
  };
  readonly loaders: InventoryLoaders & FlowLoaders;
  readonly useCases: { readonly takeUpload: TakeUpload };
};

export type FlowLoaders = {
  readonly flows: FlowLoader;
  readonly deploymentFlows: DeploymentFlowsLoader;
  readonly flowCounts: FlowCountsLoader;
  readonly flowHistories: FlowHistoryLoader;
  readonly ingestions: IngestionLoader;
};

/** Made for each request. */
export const flowLoaders = (
  {
    flows,
    flowCounts,
    chunks,
    peers,
  }: {
    readonly flowCounts: FlowCountsStore;
    readonly flows: FlowPageStore;
    readonly chunks: ChunkStore;
    readonly peers: Pick<PeerStore, 'byIds'>;
  },
  now: () => Date,
): FlowLoaders => ({
  flows: flowLoader(flows),
  deploymentFlows: deploymentFlowsLoader({ flows, peers }, now),
  flowCounts: flowCountsLoader({ flowCounts }, now),
  flowHistories: flowHistoryLoader({ flowCounts }, now),
  ingestions: ingestionLoader(chunks),
});
