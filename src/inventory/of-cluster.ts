import type { Cluster } from './cluster.js';
import type { InventoryLoaders } from './inventory.loader.js';

/** The cluster of a row that the caller sees. */
export async function clusterOf(
  { clusterId }: { readonly clusterId: number },
  { loaders }: { readonly loaders: Pick<InventoryLoaders, 'clusters'> },
): Promise<Cluster> {
  const cluster = await loaders.clusters.load(clusterId);
  if (cluster === null) throw new Error(`cluster ${clusterId} of a row is not stored`);
  return cluster;
}
