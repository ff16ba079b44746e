import DataLoader from 'dataloader';
import { type RowKey, textOfKey } from '../query/row-key.js';
import { type FirstOf, firstOfEach } from '../query/rows-of-keys.loader.js';
import type { Cluster } from './cluster.js';
import type { ClusterCounts, ClusterStore } from './cluster.store.js';
import type { ClusterRange } from './cluster-range.js';
import type { ClusterRangeStore } from './cluster-range.store.js';
import type { DeploymentPods, DeploymentRevision } from './deployment.store.js';
import type { BlockOfPeer, ExternalBlockStore } from './external-blocks/external-block.store.js';
import type { LabelSet } from './label-set.js';
import type { Namespace } from './namespace.js';
import type { NamespaceStore } from './namespace.store.js';
import {
  type NamespaceDeploymentsLoader,
  namespaceDeploymentsLoader,
} from './namespace-deployments.loader.js';
import type { NamespaceDeploymentStore } from './namespace-deployments.store.js';
import type { Peer } from './peer.js';
import type { PeerStore } from './peer.store.js';

type Load<K, V> = Pick<DataLoader<K, V>, 'load'>;

/** One statement each for all that one response asks for. */
export type InventoryLoaders = {
  readonly clusters: Load<number, Cluster | null>;
  readonly clusterCounts: Load<number, ClusterCounts | null>;
  readonly clusterRanges: Load<number, readonly ClusterRange[]>;
  /** Of external peers. */
  readonly externalBlocks: Load<RowKey, BlockOfPeer | null>;
  readonly namespaces: Load<RowKey, Namespace | null>;
  readonly namespaceDeployments: NamespaceDeploymentsLoader;
  /** Follows aliases. */
  readonly peers: Load<RowKey, Peer | null>;
  /** With so many of the addresses. */
  readonly deploymentPods: Load<FirstOf, DeploymentPods | null>;
  readonly deploymentAliases: Load<FirstOf, readonly Peer[]>;
  readonly deploymentLabelSets: Load<FirstOf, readonly LabelSet[]>;
  /** Newest first. */
  readonly deploymentRevisions: Load<FirstOf, readonly DeploymentRevision[]>;
};

type Stores = {
  readonly clusterRanges: Pick<ClusterRangeStore, 'listOf'>;
  readonly externalBlocks: Pick<ExternalBlockStore, 'ofPeers'>;
  readonly clusters: Pick<ClusterStore, 'byIds' | 'countsOf'>;
  readonly namespaces: Pick<NamespaceStore, 'byIds'>;
  readonly namespaceDeployments: NamespaceDeploymentStore;
  readonly peers: Pick<PeerStore, 'byIds' | 'podsOf' | 'aliasesOf' | 'labelSetsOf' | 'revisionsOf'>;
};

const one = <V>(
  ask: (keys: readonly RowKey[]) => Promise<readonly V[]>,
  keyOf: (row: V) => RowKey,
): Load<RowKey, V | null> =>
  new DataLoader<RowKey, V | null, string>(
    async keys => {
      const rows = new Map((await ask(keys)).map(row => [textOfKey(keyOf(row)), row]));
      return keys.map(key => rows.get(textOfKey(key)) ?? null);
    },
    { cacheKeyFn: textOfKey },
  );

const byNumber = <V>(
  ask: (ids: readonly number[]) => Promise<readonly V[]>,
  idOf: (row: V) => number,
): Load<number, V | null> =>
  new DataLoader<number, V | null>(async ids => {
    const rows = new Map((await ask(ids)).map(row => [idOf(row), row]));
    return ids.map(id => rows.get(id) ?? null);
  });

/** One statement, with the most addresses that any asks for. */
function podsLoader(ask: PeerStore['podsOf']): Load<FirstOf, DeploymentPods | null> {
  const rows = firstOfEach(ask, row => row);
  return {
    load: async key => {
      const [row] = await rows.load({ ...key, first: Math.max(1, key.first) });
      return row === undefined ? null : { ...row, addresses: row.addresses.slice(0, key.first) };
    },
  };
}

/** Made for each request. */
export const inventoryLoaders = ({
  clusters,
  clusterRanges,
  externalBlocks,
  namespaces,
  namespaceDeployments,
  peers,
}: Stores): InventoryLoaders => ({
  clusters: byNumber(clusters.byIds, ({ id }) => id),
  clusterCounts: byNumber(clusters.countsOf, ({ clusterId }) => clusterId),
  clusterRanges: new DataLoader<number, readonly ClusterRange[]>(async ids => {
    const rows = Map.groupBy(await clusterRanges.listOf(ids), ({ clusterId }) => clusterId);
    return ids.map(id => rows.get(id) ?? []);
  }),
  externalBlocks: one(externalBlocks.ofPeers, row => row),
  namespaces: one(namespaces.byIds, row => row),
  namespaceDeployments: namespaceDeploymentsLoader(namespaceDeployments),
  peers: one(
    keys => peers.byIds(keys),
    ({ clusterId, askedId }) => ({ clusterId, id: askedId }),
  ),
  deploymentPods: podsLoader(peers.podsOf),
  deploymentAliases: firstOfEach(peers.aliasesOf, ({ clusterId, aliasOf }) => ({
    clusterId,
    id: aliasOf,
  })),
  deploymentLabelSets: firstOfEach(peers.labelSetsOf, ({ clusterId, deploymentId }) => ({
    clusterId,
    id: deploymentId,
  })),
  deploymentRevisions: firstOfEach(peers.revisionsOf, ({ clusterId, deploymentId }) => ({
    clusterId,
    id: deploymentId,
  })),
});
