import { finderOf, type NodeFinder } from '../graphql/node.graphql.js';
import type { NodeKey } from '../query/node-id.js';
import { ClusterResolver } from './cluster.graphql.js';
import { ClusterRangesResolver } from './cluster-ranges.graphql.js';
import { DeleteClusterResolver } from './delete-cluster.graphql.js';
import { DeploymentResolver } from './deployment.graphql.js';
import { DeploymentFacetsResolver } from './deployment-facets.graphql.js';
import { DeploymentQueryResolver, NamespaceDeploymentsResolver } from './deployments.graphql.js';
import { DeleteExternalBlocksResolver } from './external-blocks/delete-external-blocks.graphql.js';
import { ExternalBlockListResolver } from './external-blocks/external-block-list.graphql.js';
import { ExternalBlocksResolver } from './external-blocks/external-blocks.graphql.js';
import { ImportInventoryResolver } from './import-inventory.graphql.js';
import type { InventoryContext } from './inventory-context.js';
import { JobClusterResolver } from './job-cluster.graphql.js';
import { NamespaceResolver, NamespacesOfClusterResolver } from './namespace.graphql.js';
import { NamespacesResolver } from './namespaces.graphql.js';
import { OtherPeersResolver } from './other-peers.graphql.js';
import {
  ClusterNodeResolver,
  ExternalEntityResolver,
  taggedPeer,
  UnresolvedPeerResolver,
} from './peer.graphql.js';

/** What this room brings to the schema; all of them are made without arguments. */
export const inventoryResolvers = [
  ClusterResolver,
  ClusterRangesResolver,
  DeleteClusterResolver,
  NamespaceResolver,
  NamespacesOfClusterResolver,
  NamespacesResolver,
  DeploymentResolver,
  DeploymentQueryResolver,
  NamespaceDeploymentsResolver,
  ExternalEntityResolver,
  ClusterNodeResolver,
  UnresolvedPeerResolver,
  OtherPeersResolver,
  DeploymentFacetsResolver,
  ImportInventoryResolver,
  ExternalBlocksResolver,
  ExternalBlockListResolver,
  DeleteExternalBlocksResolver,
  JobClusterResolver,
] as const;

type Context = Pick<InventoryContext, 'loaders' | 'stores'>;

/** An id whose peer turned out to be another one leads there, whatever its type. */
async function peerOf({ clusterId, rowId }: NodeKey, { loaders }: Context): Promise<object | null> {
  const peer = rowId === null ? null : await loaders.peers.load({ clusterId, id: rowId });
  return peer === null || peer.kind === 'MASKED' ? null : taggedPeer(peer);
}

/** How `node` and `nodes` find the types of this room. */
export const inventoryFinders: Readonly<Record<string, NodeFinder<Context>>> = {
  Cluster: async ({ clusterId, rowId }, { loaders }) =>
    rowId === null ? loaders.clusters.load(clusterId) : null,
  Namespace: async ({ clusterId, rowId }, { loaders }) =>
    rowId === null ? null : loaders.namespaces.load({ clusterId, id: rowId }),
  Deployment: peerOf,
  ExternalEntity: peerOf,
  ClusterNode: peerOf,
  UnresolvedPeer: peerOf,
  GraphNode: peerOf,
  ExternalBlock: finderOf(({ stores }: Context) => stores.externalBlocks),
};
