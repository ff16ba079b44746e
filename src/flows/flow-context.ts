import type { InventoryLoaders } from '../inventory/inventory.loader.js';
import type { ChunkStore } from './chunk.store.js';
import type { CompletenessStore } from './completeness.store.js';
import type { DiagnosisStore } from './diagnosis.store.js';
import {
  type DeploymentFlowsLoader,
  deploymentFlowsLoader,
  type FlowLoader,
  flowLoader,
} from './flow.loader.js';
import type { FlowPageStore } from './flow-page.store.js';
import { type IngestionLoader, ingestionLoader } from './ingestion.loader.js';
import type { IngestUpload } from './upload.js';

/** What this room needs of a request, beside what the inventory needs. */
export type FlowContext = {
  readonly now: () => Date;
  readonly stores: {
    readonly flows: FlowPageStore;
    readonly completeness: CompletenessStore;
    readonly diagnosis: DiagnosisStore;
  };
  readonly loaders: InventoryLoaders & FlowLoaders;
  readonly useCases: { readonly ingest: IngestUpload };
};

export type FlowLoaders = {
  readonly flows: FlowLoader;
  readonly deploymentFlows: DeploymentFlowsLoader;
  readonly ingestions: IngestionLoader;
};

/** Made for each request. */
export const flowLoaders = (
  { flows, chunks }: { readonly flows: FlowPageStore; readonly chunks: ChunkStore },
  now: () => Date,
): FlowLoaders => ({
  flows: flowLoader(flows),
  deploymentFlows: deploymentFlowsLoader(flows, now),
  ingestions: ingestionLoader(chunks),
});
