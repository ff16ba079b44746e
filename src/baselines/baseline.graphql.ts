import {
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { protocolOf } from '../flows/flow-node.js';
import { FlowProtocol } from '../flows/observation.js';
import { connectionOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { BigIntScalar, DateTimeScalar, PortScalar } from '../graphql/scalars.graphql.js';
import { DeploymentType } from '../inventory/deployment.graphql.js';
import { PeerUnion, taggedPeer } from '../inventory/peer.graphql.js';
import type { Peer } from '../inventory/peer.js';
import { encodeId } from '../query/node-id.js';
import type { Page } from '../query/page.js';
import { type Baseline, BaselineDirection, BaselineState } from './baseline.js';
import type { EntryOf } from './baseline.store.js';
import type { BaselineContext } from './baseline-context.js';

registerEnumType(BaselineState, {
  name: 'BaselineState',
  description: 'What a deviation from a baseline means.',
  valuesConfig: {
    LEARNING: {
      description: 'Too little was seen yet, and not binding: deviations are not anomalous',
    },
    STABLE: {
      description:
        'Enough was seen, and nothing new for a while; not binding yet: deviations are not anomalous',
    },
    LOCKED: { description: 'Binding: what it does not hold is anomalous, and raises an alert' },
  },
});

registerEnumType(BaselineDirection, {
  name: 'BaselineDirection',
  description: 'Whether the deployment is called, or calls.',
  valuesConfig: {
    INGRESS: { description: 'The peer calls the deployment' },
    EGRESS: { description: 'The deployment calls the peer' },
  },
});

@ObjectType('BaselineEntry', {
  description: 'One peer and port that are normal for a deployment, with the evidence.',
})
export class BaselineEntryType {
  @Field(() => BaselineDirection, { description: 'Whether the deployment is called, or calls' })
  readonly direction!: BaselineDirection;

  @Field(() => PortScalar, {
    nullable: true,
    description:
      "The port of the called end's pod; null where the protocol has none, or the source dropped it",
  })
  readonly port!: number | null;

  @Field(() => DateTimeScalar, { description: 'When the flow was first observed' })
  readonly firstSeenAt!: string;

  @Field(() => DateTimeScalar, { description: 'When the flow was last observed as it was learned' })
  readonly lastSeenAt!: string;

  @Field(() => BigIntScalar, { description: 'Events in the window that it was learned from' })
  readonly events!: string;

  @Field(() => Int, { description: 'Days of that window on which it was seen' })
  readonly days!: number;
}

const BaselineEntryConnection = connectionOf('BaselineEntry', () => BaselineEntryType);

@ObjectType('Baseline', {
  implements: NodeType,
  description:
    'What is normal for a deployment, as `generateBaselines` last learned it. It survives redeploys, as the deployment does.',
})
export class BaselineType extends NodeType {
  @Field(() => BaselineState, { description: 'What a deviation means' })
  readonly state!: BaselineState;

  @Field(() => Int, { description: 'From 1; goes up with every change of entries or state' })
  readonly version!: number;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Start of the window that it was learned from, included; null: open',
  })
  readonly learnedSince!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'End of the window that it was learned from, excluded; null: open',
  })
  readonly learnedUntil!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was last learned' })
  readonly generatedAt!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was locked; null: it is not',
  })
  readonly lockedAt!: string | null;
}

const keyOf = ({ clusterId, deploymentId }: Pick<Baseline, 'clusterId' | 'deploymentId'>) => ({
  clusterId,
  id: deploymentId,
});

@Resolver(() => BaselineType)
export class BaselineResolver {
  @FieldResolver(() => ID, { description: 'Stable over restarts and over versions' })
  id(@Root() { clusterId, deploymentId }: Baseline): string {
    return encodeId('Baseline', clusterId, deploymentId);
  }

  @FieldResolver(() => DeploymentType, { description: 'Whose baseline it is' })
  async deployment(@Root() baseline: Baseline, @Ctx() { loaders }: BaselineContext): Promise<Peer> {
    const peer = await loaders.peers.load(keyOf(baseline));
    if (peer === null) throw new Error(`deployment ${baseline.deploymentId} is not stored`);
    return peer;
  }

  @FieldResolver(() => BaselineEntryConnection, {
    description: 'What it holds, ordered by direction, peer, port and protocol',
  })
  entries(
    @Root() baseline: Baseline,
    @Args(() => PageArgumentsType) page: PageArgumentsType,
    @Ctx() { loaders }: BaselineContext,
  ): Promise<Page<EntryOf>> {
    return loaders.baselineEntries.load({ ...keyOf(baseline), listing: page });
  }
}

@Resolver(() => BaselineEntryType)
export class BaselineEntryResolver {
  @FieldResolver(() => PeerUnion, { description: 'The other end' })
  async peer(
    @Root() { clusterId, peerId }: EntryOf,
    @Ctx() { loaders }: BaselineContext,
  ): Promise<object> {
    const peer = await loaders.peers.load({ clusterId, id: peerId });
    if (peer === null) throw new Error(`peer ${peerId} of a baseline is not stored`);
    return taggedPeer(peer);
  }

  @FieldResolver(() => FlowProtocol, { description: 'The protocol above IP' })
  protocol(@Root() { protocol }: EntryOf): FlowProtocol {
    return protocolOf(protocol);
  }
}

/** What this room adds to a deployment. */
@Resolver(() => DeploymentType)
export class DeploymentBaselineResolver {
  @FieldResolver(() => BaselineType, {
    nullable: true,
    description: 'What is normal for it; null: nothing was learned yet',
  })
  baseline(
    @Root() { clusterId, id }: Peer,
    @Ctx() { loaders }: BaselineContext,
  ): Promise<Baseline | null> {
    return loaders.baselines.load({ clusterId, id });
  }
}
