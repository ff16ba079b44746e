import { canonicalCidr, type Problem } from '../netpol/index.js';
import { errorAt } from '../query/problem.js';
import type { Cluster } from './cluster.js';
import type { ClusterRangeStore } from './cluster-range.store.js';
import { type SettingsStore, takeSettings, type WhichSettings } from './cluster-settings.js';
import type { VersionStore } from './versions.store.js';

type Stores = {
  readonly clusters: SettingsStore;
  readonly clusterRanges: Pick<ClusterRangeStore, 'declareRanges'>;
  readonly versions: Pick<VersionStore, 'factsChanged'>;
};

export type SetClusterRangesDeps = {
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
};

export type SetClusterRangesInput = WhichSettings & {
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
          `cidrs[${place}]`,
          `\`${cidr}\` is not a block of addresses`,
          'write it as `10.244.0.0/16`',
        )
      : [],
  );

/** Declares where a cluster's own addresses lie, in the place of what was declared before; flows taken in later heed it. */
export const setClusterRanges = (
  { transaction }: SetClusterRangesDeps,
  { cidrs, ...which }: SetClusterRangesInput,
): Promise<SetClusterRangesOutcome> =>
  transaction(async ({ clusters, clusterRanges, versions }) => {
    const wrong = wrongOf(cidrs);
    if (wrong.length > 0) return { cluster: null, problems: wrong };
    const { cluster, fault } = await takeSettings(clusters, which);
    if (cluster === null) return { cluster, problems: [fault] };
    const canonical = cidrs.flatMap(cidr => canonicalCidr(cidr) ?? []);
    await clusterRanges.declareRanges(cluster.id, canonical);
    await versions.factsChanged(cluster.id);
    return { cluster: await clusters.byName(which.cluster), problems: [] };
  });
