import { Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { PolicyType } from '../enforcement/policy.graphql.js';
import type { PolicyRecord } from '../enforcement/policy.js';
import type { FlowNode } from '../flows/flow-node.js';
import { FlowType } from '../flows/flow-type.graphql.js';
import { FirstArgumentType } from '../graphql/connection.graphql.js';
import { ClusterType } from '../inventory/cluster.graphql.js';
import type { Cluster } from '../inventory/cluster.js';
import { DeploymentType } from '../inventory/deployment.graphql.js';
import { clusterOf } from '../inventory/of-cluster.js';
import { PeerUnion, taggedPeer } from '../inventory/peer.graphql.js';
import type { Peer } from '../inventory/peer.js';
import { encodeId } from '../query/node-id.js';
import { checkedSize, type Page, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import { type Alert, PeerGroup } from './alert.js';
import type { AlertContext } from './alert-context.js';
import { AlertArguments } from './alert-filter.graphql.js';
import { alertCondition, alertOrder } from './alert-filter.js';
import { AlertCommentType, AlertConnection, AlertType } from './alert-type.graphql.js';
import type { AlertComment } from './comment.js';

async function peerOf({ loaders }: AlertContext, clusterId: number, id: string): Promise<Peer> {
  const peer = await loaders.peers.load({ clusterId, id });
  if (peer === null) throw new Error(`peer ${id} of an alert is not stored`);
  return peer;
}

@Resolver(() => AlertType)
export class AlertResolver {
  @Query(() => AlertConnection, {
    description:
      'Deviations, latest first unless asked otherwise; what belongs to a more telling one is left out unless asked for',
  })
  async alerts(
    @Args(() => AlertArguments) { filter, orderBy, ...page }: AlertArguments,
    @Ctx() { stores, now }: AlertContext,
  ): Promise<Page<Alert>> {
    const request = pageRequest(page, alertOrder(orderBy));
    const condition = alertCondition(filter, now());
    const rows = await stores.alerts.page(condition, request);
    return pageOf(request, rows, async () => totalCountOf(await stores.alerts.count(condition)));
  }

  @FieldResolver(() => ID, { description: 'The same however often it occurs' })
  id(@Root() { clusterId, id }: Alert): string {
    return encodeId('Alert', clusterId, id);
  }

  @FieldResolver(() => ClusterType, { description: 'The cluster that it occurred in' })
  cluster(@Root() alert: Alert, @Ctx() context: AlertContext): Promise<Cluster> {
    return clusterOf(alert, context);
  }

  @FieldResolver(() => DeploymentType, {
    nullable: true,
    description:
      'Whose deviation it is; null: it is about a policy, a set of policies, or a source of flows',
  })
  async deployment(
    @Root() { clusterId, deploymentId }: Alert,
    @Ctx() context: AlertContext,
  ): Promise<Peer | null> {
    return deploymentId === null ? null : peerOf(context, clusterId, deploymentId);
  }

  @FieldResolver(() => PeerUnion, {
    nullable: true,
    description: 'The other end of the latest flow; null: it is not about flows',
  })
  async peer(
    @Root() { clusterId, peerId }: Alert,
    @Ctx() context: AlertContext,
  ): Promise<object | null> {
    return peerId === null ? null : taggedPeer(await peerOf(context, clusterId, peerId));
  }

  @FieldResolver(() => PolicyType, {
    nullable: true,
    description: 'The policy that it is about; null: it is about none',
  })
  async policy(
    @Root() { clusterId, groupKind, subjectId }: Alert,
    @Ctx() { loaders }: AlertContext,
  ): Promise<PolicyRecord | null> {
    if (groupKind !== PeerGroup.POLICY || subjectId === null) return null;
    return loaders.policiesById.load({ clusterId, id: subjectId });
  }

  @FieldResolver(() => AlertType, {
    nullable: true,
    description: 'The alert that tells more of the same incident; null: none does',
  })
  async lead(
    @Root() { clusterId, leadId }: Alert,
    @Ctx() { loaders }: AlertContext,
  ): Promise<Alert | null> {
    return leadId === null ? null : loaders.alerts.load({ clusterId, id: leadId });
  }

  @FieldResolver(() => [AlertType], {
    description: 'What belongs to it, latest first; `alerts` with `lead` in its filter has more',
  })
  async linked(
    @Root() { clusterId, id }: Alert,
    @Args(() => FirstArgumentType) { first }: FirstArgumentType,
    @Ctx() { loaders }: AlertContext,
  ): Promise<readonly Alert[]> {
    return loaders.linkedAlerts.load({ clusterId, id, first: checkedSize('first', first) });
  }

  @FieldResolver(() => [AlertCommentType], {
    description: 'What was written about it, oldest first; the latest hundred comments',
  })
  comments(
    @Root() { clusterId, id }: Alert,
    @Ctx() { loaders }: AlertContext,
  ): Promise<readonly AlertComment[]> {
    return loaders.alertComments.load({ clusterId, id });
  }

  @FieldResolver(() => [FlowType], {
    description:
      'Its latest flows, at most ten, latest first; those that are not kept any more are left out',
  })
  async flows(
    @Root() { clusterId, id }: Alert,
    @Ctx() { loaders }: AlertContext,
  ): Promise<readonly FlowNode[]> {
    const flows = await loaders.alertFlows.load({ clusterId, id });
    const found = flows.map(({ flowId }) => loaders.flows.load({ clusterId, id: flowId }));
    return (await Promise.all(found)).filter(flow => flow !== null);
  }

  @FieldResolver(() => FlowType, {
    nullable: true,
    description:
      'The flow that raised it last; null when it is not kept any more, or it is not about flows',
  })
  async flow(
    @Root() { clusterId, flowId }: Alert,
    @Ctx() { loaders }: AlertContext,
  ): Promise<FlowNode | null> {
    return flowId === null ? null : loaders.flows.load({ clusterId, id: flowId });
  }
}

/** What this room adds to a deployment. */
@Resolver(() => DeploymentType)
export class DeploymentAlertsResolver {
  @FieldResolver(() => [AlertType], {
    description:
      'Its deviations, latest first, at most a hundred, without what belongs to others; `alerts` has more and filters',
  })
  alerts(
    @Root() { clusterId, id }: Peer,
    @Ctx() { loaders }: AlertContext,
  ): Promise<readonly Alert[]> {
    return loaders.deploymentAlerts.load({ clusterId, id });
  }
}

/** What this room adds to a flow. */
@Resolver(() => FlowType)
export class FlowAlertsResolver {
  @FieldResolver(() => [AlertType], { description: 'Alerts that it raised, latest first' })
  async alerts(
    @Root() { clusterId, id }: FlowNode,
    @Args(() => FirstArgumentType) { first }: FirstArgumentType,
    @Ctx() { loaders }: AlertContext,
  ): Promise<readonly Alert[]> {
    return loaders.flowAlerts.load({ clusterId, id, first: checkedSize('first', first) });
  }
}
