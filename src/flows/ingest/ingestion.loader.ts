import DataLoader from 'dataloader';
import type { ChunkStore, RecordedChunk } from './chunk.store.js';

type IngestionKey = { readonly clusterId: number; readonly first: number };

export type IngestionLoader = DataLoader<IngestionKey, readonly RecordedChunk[], string>;

/** What was last taken in for each cluster: one statement. */
export const ingestionLoader = (chunks: Pick<ChunkStore, 'latest'>): IngestionLoader =>
  new DataLoader(
    async keys => {
      const most = Math.max(...keys.map(({ first }) => first));
      const rows = await chunks.latest([...new Set(keys.map(({ clusterId }) => clusterId))], most);
      const byCluster = Map.groupBy(rows, ({ clusterId }) => clusterId);
      return keys.map(({ clusterId, first }) => (byCluster.get(clusterId) ?? []).slice(0, first));
    },
    { cacheKeyFn: ({ clusterId, first }) => `${clusterId} ${first}` },
  );
