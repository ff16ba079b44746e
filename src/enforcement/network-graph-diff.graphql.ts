import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import type { FlowLoader } from '../flows/flow.loader.js';
import { FlowCountsType } from '../flows/flow-counts.graphql.js';
import type { FlowCounts } from '../flows/flow-counts.js';
import type { FlowCountsLoader } from '../flows/flow-counts.loader.js';
import { type FlowNode, protocolOf } from '../flows/flow-node.js';
import { FlowType } from '../flows/flow-type.graphql.js';
import { FlowProtocol } from '../flows/observation.js';
import { DateTimeScalar, PortScalar, TimeBoundScalar } from '../graphql/scalars.graphql.js';
import { isSelected } from '../graphql/selection.js';
import type { Cluster } from '../inventory/cluster.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import type { PeerStore } from '../inventory/peer.store.js';
import { peerName } from '../inventory/peer-label.js';
import { encodeId } from '../query/node-id.js';
import type { GraphStore } from './graph.store.js';
import { type ComparedPort, edgeChange, firstOf, GraphChange, portChange } from './graph-diff.js';
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

registerEnumType(GraphChange, {
  name: 'GraphChange',
  description: 'What became of an edge or a port from one window to another.',
  valuesConfig: {
    CAME: { description: 'Seen in the later window only' },
    WENT: { description: 'Seen in the earlier window only' },
    CHANGED: { description: 'Of an edge: seen in both, and some of its ports came or went' },
    STAYED: { description: 'Seen in both' },
  },
});

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

@ObjectType('GraphPortChange', { description: 'One flow of an edge in two windows.' })
class GraphPortChangeType {
  @Field(() => PortScalar, {
    nullable: true,
    description: "The pod's port; null where there is none",
  })
  readonly port!: number | null;

  @Field(() => FlowProtocol, { description: 'The protocol above IP' })
  readonly protocol!: string;

  @Field(() => GraphChange, { description: 'CAME, WENT or STAYED' })
  readonly change!: GraphChange;

  @Field(() => DateTimeScalar, { description: 'When it was first seen, over all time' })
  readonly firstSeenAt!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last seen, over all time' })
  readonly lastSeenAt!: string;
}

@ObjectType('GraphEdgeChange', { description: 'An edge of which some port came or went.' })
class GraphEdgeChangeType {
  @Field(() => ID, { description: 'Id of the node that connects' })
  readonly source!: string;

  @Field(() => ID, { description: 'Id of the node that is connected to' })
  readonly destination!: string;

  @Field(() => GraphChange, { description: 'CAME, WENT or CHANGED' })
  readonly change!: GraphChange;

  @Field(() => DateTimeScalar, {
    description: 'When the first of its ports was first seen, over all time',
  })
  readonly firstSeenAt!: string;

  @Field(() => [GraphPortChangeType], {
    description: 'Those seen in either window, ordered by protocol and port',
  })
  readonly ports!: readonly GraphPortChangeType[];
}

@ObjectType('NetworkGraphDiff', {
  description: 'What changed in the network graph from one window to another.',
})
class NetworkGraphDiffType {
  @Field(() => Boolean, { description: 'True when more edges changed than are shown' })
  readonly truncated!: boolean;
}

type Compared = NetworkGraphDiff & { readonly cluster: Cluster };
type ComparedPortChange = GraphPortChangeType &
  Pick<ComparedPort, 'flowId'> &
  Pick<Compared, 'cluster' | 'windows'>;

type Context = {
  readonly now: () => Date;
  readonly loaders: { readonly flowCounts: FlowCountsLoader; readonly flows: FlowLoader };
  readonly stores: {
    readonly clusters: Pick<ClusterStore, 'byName'>;
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
    return { ...(await networkGraphDiff(stores, cluster, input, now())), cluster };
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
