import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { ClusterType } from '../inventory/cluster.graphql.js';
import type { Cluster } from '../inventory/cluster.js';
import { DeploymentType } from '../inventory/deployment.graphql.js';
import { clusterOf } from '../inventory/of-cluster.js';
import { PeerUnion, taggedPeer } from '../inventory/peer.graphql.js';
import type { Peer } from '../inventory/peer.js';
import { encodeId } from '../query/node-id.js';
import type { Page } from '../query/page.js';
import type { FlowContext } from './flow-context.js';
import { FlowArguments } from './flow-filter.graphql.js';
import { flowLookAhead } from './flow-look-ahead.graphql.js';
import { classOf, type FlowNode, protocolOf } from './flow-node.js';
import { FlowConnection, FlowType } from './flow-type.graphql.js';
import { listFlows } from './list-flows.js';
import { FlowProtocol, TrafficClass } from './observation.js';

async function peerOf(
  { loaders }: FlowContext,
  clusterId: number,
  id: string,
): Promise<ReturnType<typeof taggedPeer>> {
  const peer = await loaders.peers.load({ clusterId, id });
  if (peer === null) throw new Error(`peer ${id} of a flow is not stored`);
  return taggedPeer(peer);
}

@Resolver(() => FlowType)
export class FlowResolver {
  @Query(() => FlowConnection, {
    description:
      'Observed flows, those seen latest first unless asked otherwise. What a flow shows is the same whatever the filter; `Flow.counts` and `Flow.tags` take a window',
  })
  flows(
    @Args(() => FlowArguments) listing: FlowArguments,
    @Ctx() { stores, now }: FlowContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<FlowNode>> {
    return listFlows(stores, listing, { now: now(), ahead: flowLookAhead(info) });
  }

  @FieldResolver(() => ID, { description: 'Opaque; the same after a restart or a redeploy' })
  id(@Root() { clusterId, id }: FlowNode): string {
    return encodeId('Flow', clusterId, id);
  }

  @FieldResolver(() => FlowProtocol, { description: 'The protocol above IP' })
  protocol(@Root() { protocol }: FlowNode): FlowProtocol {
    return protocolOf(protocol);
  }

  @FieldResolver(() => TrafficClass, { description: 'What it is for' })
  trafficClass(@Root() { trafficClass }: FlowNode): TrafficClass {
    return classOf(trafficClass);
  }

  @FieldResolver(() => ClusterType, { description: 'The cluster that it was observed in' })
  cluster(@Root() flow: FlowNode, @Ctx() context: FlowContext): Promise<Cluster> {
    return clusterOf(flow, context);
  }

  @FieldResolver(() => PeerUnion, { description: 'The client: who opened the connection' })
  source(@Root() flow: FlowNode, @Ctx() context: FlowContext): object | Promise<object> {
    const { sourcePeer } = flow;
    if (sourcePeer !== undefined) return taggedPeer(sourcePeer);
    return peerOf(context, flow.clusterId, flow.sourceId);
  }

  @FieldResolver(() => PeerUnion, { description: 'The server: who was connected to' })
  destination(@Root() flow: FlowNode, @Ctx() context: FlowContext): object | Promise<object> {
    const { destinationPeer } = flow;
    if (destinationPeer !== undefined) return taggedPeer(destinationPeer);
    return peerOf(context, flow.clusterId, flow.destinationId);
  }
}

/** What this room adds to a deployment. */
@Resolver(() => DeploymentType)
export class DeploymentFlowsResolver {
  @FieldResolver(() => FlowConnection, {
    description: 'Flows from it and to it, those seen latest first unless asked otherwise',
  })
  flows(
    @Root() { clusterId, id }: Peer,
    @Args(() => FlowArguments) listing: FlowArguments,
    @Ctx() { loaders }: FlowContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<FlowNode>> {
    const ahead = flowLookAhead(info);
    return loaders.deploymentFlows.load({ clusterId, id, listing: { listing, ahead } });
  }
}
