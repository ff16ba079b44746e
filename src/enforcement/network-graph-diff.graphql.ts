import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Info,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { CompletenessType, completenessOf } from '../flows/completeness.graphql.js';
import type { CompletenessStore } from '../flows/completeness.store.js';
import type { FlowLoader } from '../flows/flow.loader.js';
import type { Window } from '../flows/flow-condition.js';
import { FlowCountsType } from '../flows/flow-counts.graphql.js';
import type { FlowCounts } from '../flows/flow-counts.js';
import type { FlowCountsLoader } from '../flows/flow-counts.loader.js';
import { type FlowNode, protocolOf } from '../flows/flow-node.js';
import { FlowType } from '../flows/flow-type.graphql.js';
import { TimeBoundScalar } from '../graphql/scalars.graphql.js';
import { isSelected } from '../graphql/selection.js';
import type { Cluster } from '../inventory/cluster.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import type { PeerStore } from '../inventory/peer.store.js';
import { peerName } from '../inventory/peer-label.js';
import { encodeId } from '../query/node-id.js';
import type { GraphStore } from './graph.store.js';
import { GraphEdgeChangeType, GraphPortChangeType } from './graph-change.graphql.js';
import { type ComparedPort, edgeChange, firstOf, portChange } from './graph-diff.js';
import type { GraphDiffStore } from './graph-diff.store.js';
import { checkLimit } from './network-graph.graphql.js';
import { MOST_EDGES } from './network-graph.js';
import {
  type NetworkGraphDiff,
  type NetworkGraphDiffInput,
  networkGraphDiff,
} from './network-graph-diff.js';
import {
  type FlowKeyOrNode,
  flowAt,
  GraphNodeType,
  labelsOf,
  nodeIdOf,
  nodeOf,
} from './network-graph-type.graphql.js';

@InputType('GraphWindow', { description: 'From one moment to before another one.' })
class GraphWindowInput {
  @Field(() => TimeBoundScalar, { nullable: true, description: 'Seen at or after this' })
  readonly since?: string | null;

  @Field(() => TimeBoundScalar, { nullable: true, description: 'Seen before this' })
  readonly until?: string | null;
}

@ArgsType()
class NetworkGraphDiffArguments implements NetworkGraphDiffInput {
  @Field(() => GraphWindowInput, { description: 'The window to compare with' })
  readonly before!: GraphWindowInput;

  @Field(() => GraphWindowInput, { description: 'The window that is compared' })
  readonly after!: GraphWindowInput;

  @Field(() => [String], {
    nullable: true,
    description: 'Either end lies in one of these namespaces',
  })
  readonly namespaces?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Names of deployments at either end' })
  readonly deployments?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: `At most this many edges, those seen latest; default and limit ${MOST_EDGES}`,
  })
  readonly limit?: number | null;
}

@ObjectType('NetworkGraphDiff', {
  description:
    'What changed in the network graph from one window to another. What is not kept of a window is no change: see `completenessBefore` and `completenessAfter`.',
})
class NetworkGraphDiffType {
  @Field(() => Boolean, { description: 'True when more edges changed than are shown' })
  readonly truncated!: boolean;
}

type Compared = NetworkGraphDiff & {
  readonly cluster: Cluster;
  readonly namespaces: readonly string[] | null;
};
type ComparedPortChange = GraphPortChangeType &
  Pick<ComparedPort, 'flowId'> &
  Pick<Compared, 'cluster' | 'windows'>;

type Context = {
  readonly now: () => Date;
  readonly loaders: { readonly flowCounts: FlowCountsLoader; readonly flows: FlowLoader };
  readonly stores: {
    readonly clusters: Pick<ClusterStore, 'byName'>;
    readonly completeness: CompletenessStore;
    readonly graphDiffs: GraphDiffStore;
    readonly graph: Pick<GraphStore, 'sharedNames'>;
    readonly peers: Pick<PeerStore, 'byIds'>;
  };
};

const portOf =
  ({ cluster, windows }: Compared) =>
  (port: ComparedPort): ComparedPortChange => ({
    ...port,
    cluster,
    windows,
    change: portChange(port),
    protocol: protocolOf(port.protocol),
  });

@Resolver(() => GraphPortChangeType)
class GraphPortChangeResolver {
  @FieldResolver(() => FlowType, {
    nullable: true,
    description: 'The flow that it is; null when it is not kept any more',
  })
  flow(
    @Root() { cluster, flowId }: ComparedPortChange,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): FlowKeyOrNode | Promise<FlowNode | null> {
    return flowAt({ clusterId: cluster.id, id: flowId }, context, info);
  }

  @FieldResolver(() => FlowCountsType, { description: 'What was counted in the earlier window' })
  before(
    @Root() { cluster, flowId, windows }: ComparedPortChange,
    @Ctx() { loaders }: Context,
  ): Promise<FlowCounts> {
    return loaders.flowCounts.load({ clusterId: cluster.id, id: flowId, asked: windows.before });
  }

  @FieldResolver(() => FlowCountsType, { description: 'What was counted in the later window' })
  after(
    @Root() { cluster, flowId, windows }: ComparedPortChange,
    @Ctx() { loaders }: Context,
  ): Promise<FlowCounts> {
    return loaders.flowCounts.load({ clusterId: cluster.id, id: flowId, asked: windows.after });
  }
}

const completeness = async (
  stores: Context['stores'],
  { id }: Cluster,
  window: Window,
  namespaces: readonly string[] | null,
): Promise<CompletenessType> =>
  completenessOf(await stores.completeness.ofWindow(id, window, namespaces));

@Resolver(() => NetworkGraphDiffType)
class NetworkGraphDiffResolver {
  @Query(() => NetworkGraphDiffType, {
    nullable: true,
    description:
      'Edges of the network graph that came, went or changed from one window to another; null where no cluster is named so',
  })
  async networkGraphDiff(
    @Arg('cluster', () => String, { description: 'Name of the cluster' }) name: string,
    @Args(() => NetworkGraphDiffArguments) input: NetworkGraphDiffArguments,
    @Ctx() { stores, now }: Context,
  ): Promise<Compared | null> {
    const cluster = await stores.clusters.byName(name);
    if (cluster === null) return null;
    checkLimit(input.limit);
    const namespaces = input.namespaces ?? null;
    return { ...(await networkGraphDiff(stores, cluster, input, now())), cluster, namespaces };
  }

  @FieldResolver(() => CompletenessType, { description: 'What the earlier window did not show' })
  completenessBefore(
    @Root() { cluster, namespaces, windows }: Compared,
    @Ctx() { stores }: Context,
  ): Promise<CompletenessType> {
    return completeness(stores, cluster, windows.before, namespaces);
  }

  @FieldResolver(() => CompletenessType, { description: 'What the later window did not show' })
  completenessAfter(
    @Root() { cluster, namespaces, windows }: Compared,
    @Ctx() { stores }: Context,
  ): Promise<CompletenessType> {
    return completeness(stores, cluster, windows.after, namespaces);
  }

  @FieldResolver(() => [GraphNodeType], {
    description: 'Every end of an edge, once, and so at most twice `limit`',
  })
  async nodes(
    @Root() { nodes, cluster }: Compared,
    @Ctx() { stores }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<readonly Partial<GraphNodeType>[]> {
    const withPeer = isSelected(info, 'peer');
    const labelOf = isSelected(info, 'label') ? await labelsOf(stores.graph, cluster.id) : peerName;
    return nodes.map(peer => ({ ...nodeOf(peer, null, withPeer), label: labelOf(peer) }));
  }

  @FieldResolver(() => [GraphEdgeChangeType], {
    description: 'Those seen latest first, at most `limit` of the input',
  })
  edges(@Root() compared: Compared): readonly GraphEdgeChangeType[] {
    const { nodes, edges, cluster } = compared;
    const ids = new Map(nodes.map(peer => [peer.id, nodeIdOf(peer)]));
    const idOf = (id: string): string => ids.get(id) ?? encodeId('GraphNode', cluster.id, id);
    return edges.map(({ sourceId, destinationId, ports }) => ({
      source: idOf(sourceId),
      destination: idOf(destinationId),
      change: edgeChange(ports),
      firstSeenAt: firstOf(ports),
      ports: ports.map(portOf(compared)),
    }));
  }
}

export const graphDiffResolvers = [GraphPortChangeResolver, NetworkGraphDiffResolver] as const;
