import { canonicalCidr, type Problem } from '../netpol/index.js';
import { errorAt } from '../query/problem.js';
import type { Cluster } from './cluster.js';
import type { ClusterStore } from './cluster.store.js';
import type { ClusterRangeStore } from './cluster-range.store.js';
import { noCluster } from './existing-cluster.js';
import type { VersionStore } from './versions.store.js';

type Stores = {
  readonly clusters: Pick<ClusterStore, 'byName' | 'names'>;
  readonly clusterRanges: Pick<ClusterRangeStore, 'declareRanges'>;
  readonly versions: Pick<VersionStore, 'factsChanged'>;
};

export type SetClusterRangesDeps = {
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
};

export type SetClusterRangesInput = {
  readonly cluster: string;
  readonly cidrs: readonly string[];
};

export type SetClusterRangesOutcome = {
  readonly cluster: Cluster | null;
  readonly problems: readonly Problem[];
};

const wrongOf = (cidrs: readonly string[]): readonly Problem[] =>
  cidrs.flatMap((cidr, place) =>
    canonicalCidr(cidr) === null
      ? errorAt(
          'BAD_CIDR',
          `cidrs.${place}`,
          `\`${cidr}\` is not a block of addresses`,
          'write it as `10.244.0.0/16`',
        )
      : [],
  );

/** Declares where a cluster's own addresses lie, in the place of what was declared before; flows taken in later heed it. */
export const setClusterRanges = (
  { transaction }: SetClusterRangesDeps,
  { cluster: name, cidrs }: SetClusterRangesInput,
): Promise<SetClusterRangesOutcome> =>
  transaction(async ({ clusters, clusterRanges, versions }) => {
    const wrong = wrongOf(cidrs);
    if (wrong.length > 0) return { cluster: null, problems: wrong };
    const cluster = await clusters.byName(name);
    if (cluster === null) return { cluster, problems: [await noCluster(clusters, name)] };
    const canonical = cidrs.flatMap(cidr => canonicalCidr(cidr) ?? []);
    await clusterRanges.declareRanges(cluster.id, canonical);
    await versions.factsChanged(cluster.id);
    return { cluster: await clusters.byName(name), problems: [] };
  });
