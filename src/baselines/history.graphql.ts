import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { protocolOf } from '../flows/flow-node.js';
import { FlowProtocol } from '../flows/observation.js';
import { connectionOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { DateTimeScalar, PortScalar, TimeBoundScalar } from '../graphql/scalars.graphql.js';
import type { InventoryContext } from '../inventory/inventory-context.js';
import { PeerUnion, taggedPeer } from '../inventory/peer.graphql.js';
import { badInput } from '../query/api-error.js';
import { pageOfList } from '../query/list-page.js';
import { checkedSize, LARGEST_PAGE, type Page } from '../query/page.js';
import { resolveTimeBound } from '../query/time-bound.js';
import { BaselineType } from './baseline.graphql.js';
import { type Baseline, BaselineDirection, BaselineState, EntryStatus } from './baseline.js';
import type { BaselineContext } from './baseline-context.js';
import type { BaselineHistoryStore } from './baseline-history.store.js';
import { type BaselineRevision, changeKey, changesOf, type EntryChange } from './history.js';

@ObjectType('BaselineRevision', { description: 'A version of a baseline.' })
class BaselineRevisionType {
  @Field(() => Int, { description: 'Its number, from 1' })
  readonly version!: number;

  @Field(() => DateTimeScalar, { description: 'When it was made' })
  readonly since!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the next one took its place; null: it is the current one',
  })
  readonly until!: string | null;

  @Field(() => BaselineState, { description: 'What a deviation meant' })
  readonly state!: BaselineState;

  @Field(() => String, {
    description: 'What made it: a mutation, `advance` of learning by itself, or `merge` of peers',
  })
  readonly source!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Who made it; null: the server itself, or it is from before that was kept',
  })
  readonly who!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why, in the words of who made it; null: no reason was given',
  })
  readonly why!: string | null;

  @Field(() => Int, { description: 'How many entries it has' })
  readonly count!: number;
}

@ObjectType('BaselineEntryChange', { description: 'What became of an entry between two versions.' })
class BaselineEntryChangeType {
  @Field(() => BaselineDirection, { description: 'Whether the deployment is called, or calls' })
  readonly direction!: BaselineDirection;

  @Field(() => PortScalar, { nullable: true, description: "The port of the called end's pod" })
  readonly port!: number | null;

  @Field(() => EntryStatus, { nullable: true, description: 'Null: it was not there' })
  readonly before!: EntryStatus | null;

  @Field(() => EntryStatus, { nullable: true, description: 'Null: it is not there' })
  readonly after!: EntryStatus | null;
}

const BaselineEntryChangeConnection = connectionOf(
  'BaselineEntryChange',
  () => BaselineEntryChangeType,
);

@ObjectType('BaselineDiff', { description: 'Two versions of a baseline, and what differs.' })
class BaselineDiffType {
  @Field(() => BaselineRevisionType, { description: 'The earlier one' })
  readonly before!: BaselineRevision;

  @Field(() => BaselineRevisionType, { description: 'The later one' })
  readonly after!: BaselineRevision;

  /** All of them, in their order. */
  readonly changed!: readonly EntryChange[];
}

@InputType('BaselineMoment', {
  description: 'A version of a baseline: by its number, or by a time at which it held.',
})
class BaselineMomentInput {
  @Field(() => Int, { nullable: true, description: 'Number of the version' })
  readonly version?: number | null;

  @Field(() => TimeBoundScalar, { nullable: true, description: 'When it held' })
  readonly at?: string | null;
}

@ArgsType()
class BaselineDiffArguments {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => String, { description: 'Namespace of the deployment' })
  readonly namespace!: string;

  @Field(() => String, { description: 'Name of the deployment' })
  readonly name!: string;

  @Field(() => String, { nullable: true, description: 'Such as `StatefulSet`' })
  readonly kind?: string | null;

  @Field(() => BaselineMomentInput, { description: 'The one before' })
  readonly before!: BaselineMomentInput;

  @Field(() => BaselineMomentInput, {
    nullable: true,
    description: 'The one after; the current one when not given',
  })
  readonly after?: BaselineMomentInput | null;
}

type Context = BaselineContext & {
  readonly stores: Pick<InventoryContext['stores'], 'peers'> & {
    readonly baselineHistory: BaselineHistoryStore;
  };
};

function momentOf({ version, at }: BaselineMomentInput, now: Date) {
  if (version != null && at != null)
    throw badInput('`version` and `at` were given: give one of them');
  return { version: version ?? null, at: at == null ? null : resolveTimeBound(at, now) };
}

@Resolver(() => BaselineType)
export class BaselineHistoryResolver {
  @FieldResolver(() => [BaselineRevisionType], {
    description: 'Its versions, the latest first: each with what made it, who, when and why',
  })
  async revisions(
    @Root() { clusterId, deploymentId }: Baseline,
    @Arg('first', () => Int, {
      defaultValue: 20,
      description: `How many from the start, at most ${LARGEST_PAGE}`,
    })
    first: number,
    @Ctx() { loaders }: BaselineContext,
  ): Promise<readonly BaselineRevision[]> {
    const size = checkedSize('first', first);
    return loaders.baselineRevisions.load({ clusterId, id: deploymentId, first: size });
  }

  @Query(() => BaselineDiffType, {
    nullable: true,
    description:
      'What differs between two versions of a baseline; null: there is no such deployment, baseline or version',
  })
  async baselineDiff(
    @Args(() => BaselineDiffArguments) asked: BaselineDiffArguments,
    @Ctx() { stores, now }: Context,
  ): Promise<BaselineDiffType | null> {
    const moments = [momentOf(asked.before, now()), momentOf(asked.after ?? {}, now())] as const;
    const found = await stores.peers.byName({ ...asked, kind: asked.kind ?? null });
    const present = found.filter(({ endedAt }) => endedAt === null);
    if (present.length > 1)
      throw badInput(`\`${asked.namespace}/${asked.name}\` is ambiguous: give \`kind\``);
    const peer = present[0] ?? found[0];
    if (peer === undefined) return null;
    const key = { clusterId: peer.clusterId, id: peer.id };
    const before = await stores.baselineHistory.entriesAt(key, moments[0]);
    const after = await stores.baselineHistory.entriesAt(key, moments[1]);
    if (before === null || after === null) return null;
    return { before, after, changed: changesOf(peer.clusterId, before.entries, after.entries) };
  }
}

@Resolver(() => BaselineDiffType)
export class BaselineDiffResolver {
  @FieldResolver(() => BaselineEntryChangeConnection, {
    description: 'Ordered by direction, peer, protocol and port',
  })
  changes(
    @Root() { changed }: BaselineDiffType,
    @Args(() => PageArgumentsType) page: PageArgumentsType,
  ): Page<EntryChange> {
    return pageOfList(changed, changeKey, page);
  }
}

@Resolver(() => BaselineEntryChangeType)
export class BaselineEntryChangeResolver {
  @FieldResolver(() => PeerUnion, {
    nullable: true,
    description: 'The other end; null: it is gone',
  })
  async peer(
    @Root() { clusterId, peerId }: EntryChange,
    @Ctx() { loaders }: BaselineContext,
  ): Promise<object | null> {
    const peer = await loaders.peers.load({ clusterId, id: peerId });
    return peer && taggedPeer(peer);
  }

  @FieldResolver(() => FlowProtocol, { description: 'The protocol above IP' })
  protocol(@Root() { protocol }: EntryChange): FlowProtocol {
    return protocolOf(protocol);
  }
}
