import { nearestName, type Problem, Severity } from '../netpol/index.js';
import { ApiError, ErrorCode } from '../query/api-error.js';
import type { Cluster } from './cluster.js';
import type { ClusterStore } from './cluster.store.js';

/** For subscriptions, which have no payload: the cluster of that name. @throws ApiError NOT_FOUND */
export async function existingCluster(
  clusters: Pick<ClusterStore, 'byName'>,
  name: string,
): Promise<Cluster> {
  const cluster = await clusters.byName(name);
  if (cluster === null) throw new ApiError(ErrorCode.NOT_FOUND, `no cluster is named \`${name}\``);
  return cluster;
}

/** What whoever works on a cluster is told when it is deleted meanwhile. */
export const clusterGone = (): ApiError =>
  new ApiError(
    ErrorCode.NOT_FOUND,
    'the cluster was deleted meanwhile; sent again, this makes a new one of its name',
  );

/** What a mutation answers where its input names what is not there: a problem with the name that is nearest. */
export const notFound = (
  path: string,
  message: string,
  { nearest, list }: { readonly nearest: string | null; readonly list: string },
): Problem => ({
  code: 'NOT_FOUND',
  severity: Severity.ERROR,
  message,
  path,
  place: null,
  hint:
    nearest === null ? `see \`${list}\` for those that there are` : `the nearest: \`${nearest}\``,
});

/** The same of a cluster, among those that the caller sees. */
export const noCluster = async (
  clusters: Pick<ClusterStore, 'names'>,
  name: string,
): Promise<Problem> =>
  notFound('cluster', `no cluster is named \`${name}\``, {
    nearest: nearestName(name, await clusters.names()),
    list: 'clusters',
  });

/** Those of some names that no cluster has, of those that the caller sees; `path` is where they are listed. */
export async function unknownClusters(
  clusters: Pick<ClusterStore, 'names'>,
  wanted: readonly string[] | null | undefined,
  path: string,
): Promise<readonly Problem[]> {
  if (wanted === null || wanted === undefined || wanted.length === 0) return [];
  const known = await clusters.names();
  return wanted.flatMap((name, place) =>
    known.includes(name)
      ? []
      : [
          notFound(`${path}[${place}]`, `no cluster is named \`${name}\``, {
            nearest: nearestName(name, known),
            list: 'clusters',
          }),
        ],
  );
}
