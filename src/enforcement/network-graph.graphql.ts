import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Info,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { CompletenessType, completenessOf } from '../flows/completeness.graphql.js';
import type { CompletenessStore } from '../flows/completeness.store.js';
import type { FlowLoader } from '../flows/flow.loader.js';
import { windowOf } from '../flows/flow-condition.js';
import { FlowCountsType } from '../flows/flow-counts.graphql.js';
import type { FlowCounts } from '../flows/flow-counts.js';
import type { FlowCountsLoader } from '../flows/flow-counts.loader.js';
import type { FlowNode } from '../flows/flow-node.js';
import { FlowType } from '../flows/flow-type.graphql.js';
import { isSelected } from '../graphql/selection.js';
import type { Cluster } from '../inventory/cluster.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import type { ExternalBlockStore } from '../inventory/external-blocks/external-block.store.js';
import { taggedPeer } from '../inventory/peer.graphql.js';
import type { Peer } from '../inventory/peer.js';
import type { PeerStore } from '../inventory/peer.store.js';
import { peerName } from '../inventory/peer-label.js';
import type { ScopeStore } from '../inventory/scope.store.js';
import { formatPeerText } from '../netpol/index.js';
import { badInput } from '../query/api-error.js';
import { encodeId } from '../query/node-id.js';
import {
  GroupExternal,
  type GroupedGraph,
  groupedExternals,
  type NodeGroup,
} from './external-groups.js';
import { type GraphPort, stateOf } from './graph.js';
import type { GraphStore } from './graph.store.js';
import { byNamespace, GraphLevel } from './graph-level.js';
import {
  countOmitted,
  MOST_EDGES,
  type NetworkGraphDeps,
  type NetworkGraphFilter,
  NODE_COLUMNS,
  networkGraph,
  settledFilter,
} from './network-graph.js';
import { NetworkGraphFilterInput } from './network-graph-filter.graphql.js';
import {
  type FlowKeyOrNode,
  flowAt,
  GraphEdgeType,
  GraphNodeType,
  GraphPortType,
  labelsOf,
  nodeIdOf,
  nodeOf,
} from './network-graph-type.graphql.js';

type Drawn = GroupedGraph & {
  readonly cluster: Cluster;
  readonly filter: NetworkGraphFilter;
  readonly nodeCount: number;
  /** Ids of the nodes by those of the peers. */
  readonly nodeIds: ReadonlyMap<string, string>;
};

@ObjectType('NetworkGraph', {
  description: 'Observed flows as a directed graph of deployments and other peers.',
})
export class NetworkGraphType {
  @Field(() => Int, { description: 'Nodes in the graph' })
  readonly nodeCount!: number;
}

type Context = {
  readonly loaders: { readonly flowCounts: FlowCountsLoader; readonly flows: FlowLoader };
  readonly now: () => Date;
  readonly useCases: Pick<NetworkGraphDeps, 'verdictsAsOf'>;
  readonly stores: {
    readonly clusters: Pick<ClusterStore, 'byName'>;
    readonly graph: GraphStore;
    readonly peers: Pick<PeerStore, 'byIds'>;
    readonly scopes: ScopeStore;
    readonly completeness: CompletenessStore;
    readonly externalBlocks: Pick<ExternalBlockStore, 'ofPeers'>;
  };
};

/** The ports of an edge have ids of flows, and where they are of, where that is asked for: a graph has thousands. */
type DrawnEdge = Omit<GraphEdgeType, 'ports'> & { readonly ports: readonly GraphPort[] };
type DrawnPort = GraphPort & Pick<Drawn, 'cluster' | 'filter'>;

/** A group leads to no row: its id is of a type that nothing is found by. */
const groupNodeOf = (
  peer: Peer,
  { type, name, members }: NodeGroup,
  id: string | null,
  withPeer: boolean,
): Partial<GraphNodeType> => {
  const [first] = members;
  return {
    ...nodeOf(peer, id, false),
    ...(type === 'NamespaceGroup' ? { label: formatPeerText({ kind: 'namespace', name }) } : {}),
    addresses: members.length,
    ...(withPeer && first !== undefined ? { peer: taggedPeer(first) } : {}),
  };
};

const portOf =
  ({ cluster, filter }: Drawn) =>
  (port: GraphPort): DrawnPort => ({
    ...port,
    cluster,
    filter,
  });

export function checkLimit(limit: number | null | undefined): void {
  if (limit === null || limit === undefined || (limit >= 1 && limit <= MOST_EDGES)) return;
  throw badInput(`\`limit: ${limit}\` is not between 1 and ${MOST_EDGES}`);
}

@Resolver(() => GraphPortType)
export class GraphPortResolver {
  @FieldResolver(() => FlowType, {
    nullable: true,
    description: 'The flow that it is; null when it is not kept any more',
  })
  flow(
    @Root() { cluster, flowId }: DrawnPort,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): FlowKeyOrNode | Promise<FlowNode | null> {
    return flowAt({ clusterId: cluster.id, id: flowId }, context, info);
  }

  @FieldResolver(() => FlowCountsType, {
    description: "What was counted in the whole hours of the graph's window",
  })
  counts(
    @Root() { cluster, flowId, filter: { since, until } }: DrawnPort,
    @Ctx() { loaders }: Context,
  ): Promise<FlowCounts> {
    const asked = { since: since ?? null, until: until ?? null };
    return loaders.flowCounts.load({ clusterId: cluster.id, id: flowId, asked });
  }
}

@Resolver(() => NetworkGraphType)
export class NetworkGraphResolver {
  @Query(() => NetworkGraphType, {
    nullable: true,
    description: 'The graph of observed flows of a cluster; null where no cluster is named so',
  })
  async networkGraph(
    @Arg('cluster', () => String, { description: 'Name of the cluster' }) name: string,
    @Arg('filter', () => NetworkGraphFilterInput, { nullable: true, description: 'Which flows' })
    given: NetworkGraphFilterInput | null,
    @Ctx() { stores, useCases, now }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Drawn | null> {
    const cluster = await stores.clusters.byName(name);
    if (cluster === null) return null;
    const filter = settledFilter(given ?? {}, now());
    checkLimit(filter.limit);
    const columns = isSelected(info, 'nodes', 'peer') ? undefined : NODE_COLUMNS;
    const by = filter.groupExternal ?? GroupExternal.ADDRESS;
    const deps = { stores, verdictsAsOf: useCases.verdictsAsOf };
    const ungrouped = await networkGraph(deps, cluster, filter, { now: now(), columns });
    const externals = await groupedExternals(stores, ungrouped, by);
    const graph =
      filter.level === GraphLevel.NAMESPACE
        ? byNamespace(externals, {
            limit: filter.limit ?? MOST_EDGES,
            silent: filter.silent === true,
          })
        : externals;
    const idOf = (peer: Peer): string => {
      const group = graph.groups.get(peer.id);
      return group === undefined ? nodeIdOf(peer) : encodeId(group.type, cluster.id, peer.id);
    };
    const nodeIds = new Map(graph.nodes.map(peer => [peer.id, idOf(peer)]));
    return { ...graph, nodeCount: graph.nodes.length, cluster, filter, nodeIds };
  }

  @FieldResolver(() => [GraphNodeType], {
    description:
      'Every end of an edge, once, and so at most twice `limit`; with `silent`, deployments without an edge as well, at most 20,000',
  })
  async nodes(
    @Root() { nodes, nodeIds, groups, cluster }: Drawn,
    @Ctx() { stores }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<readonly Partial<GraphNodeType>[]> {
    const withPeer = isSelected(info, 'peer');
    const labelOf = isSelected(info, 'label') ? await labelsOf(stores.graph, cluster.id) : peerName;
    return nodes.map(peer => {
      const [id, group] = [nodeIds.get(peer.id) ?? null, groups.get(peer.id)];
      return group === undefined
        ? { ...nodeOf(peer, id, withPeer), label: labelOf(peer) }
        : groupNodeOf(peer, group, id, withPeer);
    });
  }

  @FieldResolver(() => [GraphEdgeType], {
    description: 'Those seen latest first, at most `limit` of the filter',
  })
  edges(@Root() drawn: Drawn, @Info() info: GraphQLResolveInfo): readonly DrawnEdge[] {
    const { edges, nodeIds, cluster } = drawn;
    const idOf = (id: string): string => nodeIds.get(id) ?? encodeId('GraphNode', cluster.id, id);
    const isPlain = !isSelected(info, 'ports', 'flow') && !isSelected(info, 'ports', 'counts');
    return edges.map(({ sourceId, destinationId, ports, whole }) => ({
      source: idOf(sourceId),
      destination: idOf(destinationId),
      ports: isPlain ? ports : ports.map(portOf(drawn)),
      state: whole?.state ?? stateOf(ports),
      flowCount: whole?.flowCount ?? ports.length,
    }));
  }

  @FieldResolver(() => Int, {
    description:
      'How many edges were found and are left out, because there are more than `limit`; counted before external ends are put together',
  })
  omittedEdges(@Root() graph: Drawn, @Ctx() { stores, now }: Context): Promise<number> {
    return countOmitted(stores.graph, graph.cluster, graph.filter, { graph, now: now() });
  }

  @FieldResolver(() => Boolean, {
    description: 'True when there are more edges than the graph shows: `omittedEdges` of them',
  })
  truncated(@Root() { omittedEdges, lookedAt }: Drawn): boolean {
    return omittedEdges > 0 || lookedAt !== null;
  }

  @FieldResolver(() => CompletenessType, { description: 'What the window did not show' })
  async completeness(
    @Root() { cluster, filter }: Drawn,
    @Ctx() { stores, now }: Context,
  ): Promise<CompletenessType> {
    const namespaces = filter.namespaces ?? null;
    const window = windowOf(filter, now());
    return completenessOf(await stores.completeness.ofWindow(cluster.id, window, namespaces));
  }
}
