import { ApiError, ErrorCode } from '../query/api-error.js';
import type { Cluster } from './cluster.js';
import type { ClusterStore } from './cluster.store.js';

/** The cluster of that name. @throws ApiError NOT_FOUND */
export async function existingCluster(
  clusters: Pick<ClusterStore, 'byName'>,
  name: string,
): Promise<Cluster> {
  const cluster = await clusters.byName(name);
  if (cluster === null) throw new ApiError(ErrorCode.NOT_FOUND, `no cluster is named \`${name}\``);
  return cluster;
}
