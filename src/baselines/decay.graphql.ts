import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { connectionOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { DateTimeScalar } from '../graphql/scalars.graphql.js';
import { DeploymentType } from '../inventory/deployment.graphql.js';
import { noCluster } from '../inventory/existing-cluster.js';
import type { Peer } from '../inventory/peer.js';
import { pageOfList } from '../query/list-page.js';
import type { Page } from '../query/page.js';
import { BaselineEntryType, BaselineType } from './baseline.graphql.js';
import type { Baseline } from './baseline.js';
import type { EntryOf } from './baseline.store.js';
import type { BaselineContext } from './baseline-context.js';
import { BaselineScopeInput, VersionedScopeInput } from './change-baselines.graphql.js';
import type { BaselineScope } from './chosen.js';
import { type ApplyDecayInput, type Decayed, type DecayStores, decayOf } from './decay.js';
import type { DecideEntriesOutcome } from './decide-entries.js';

@InputType('BaselineDecayScope', { description: 'Whose baselines to look at.' })
class BaselineDecayScopeInput extends BaselineScopeInput {}

@InputType('ApplyBaselineDecayInput', { description: 'From whose baselines to take it out.' })
class ApplyBaselineDecayInput extends VersionedScopeInput {
  @Field(() => String, { nullable: true, description: 'Why, for the history' })
  readonly reason?: string | null;
}

@ObjectType('DecayedBaselineEntry', { description: 'An entry that should go.' })
class DecayedEntryType {
  @Field(() => BaselineEntryType, { description: 'The entry that should go' })
  readonly entry!: EntryOf;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When its flow was last let through; null: retention has forgotten it',
  })
  readonly lastSeenAt!: string | null;

  @Field(() => Int, { description: 'Days before the newest observation of the cluster' })
  readonly unseenDays!: number;
}

const DecayedEntryConnection = connectionOf('DecayedBaselineEntry', () => DecayedEntryType);

@ObjectType('BaselineDecay', { description: 'What was learned and not seen for long.' })
class BaselineDecayType {
  /** All of them, those unseen for longest first. */
  readonly decayed!: readonly Decayed[];

  @Field(() => [ProblemType], { description: 'What was not looked at, and why' })
  readonly problems!: readonly ProblemType[];
}

@ObjectType('ApplyBaselineDecayPayload', { description: 'What was taken out.' })
class ApplyBaselineDecayPayload {
  @Field(() => [BaselineType], { description: 'The baselines that are other now' })
  readonly baselines!: readonly Baseline[];

  @Field(() => Int, { description: 'How many entries were taken out, at both ends' })
  readonly changed!: number;

  @Field(() => [ProblemType], { description: 'What was not looked at, and why' })
  readonly problems!: readonly ProblemType[];
}

type Context = BaselineContext & {
  readonly stores: DecayStores;
  readonly useCases: {
    readonly applyBaselineDecay: (input: ApplyDecayInput) => Promise<DecideEntriesOutcome>;
  };
};

const scopeOf = (
  clusterId: number,
  { namespaces, deployments, labels }: BaselineScopeInput,
): BaselineScope => ({
  clusterId,
  namespaces: namespaces ?? null,
  deployments: deployments ?? null,
  labels: labels ?? null,
});

@Resolver()
export class BaselineDecayResolver {
  @Query(() => BaselineDecayType, {
    nullable: true,
    description:
      'Learned entries that were not seen for `decayDays` of observation time, or for three turns of their pattern: proposed for removal, which nothing does by itself. Null: there is no such cluster',
  })
  async baselineDecay(
    @Arg('scope', () => BaselineDecayScopeInput, { description: 'Whose baselines to look at' })
    scope: BaselineDecayScopeInput,
    @Ctx() { stores }: Context,
  ): Promise<BaselineDecayType | null> {
    const cluster = await stores.clusters.byName(scope.cluster);
    if (cluster === null) return null;
    const { decayed, problems } = await decayOf(stores, scopeOf(cluster.id, scope));
    return { decayed, problems: problems.map(problemOf) };
  }

  @Mutation(() => ApplyBaselineDecayPayload, {
    description:
      'Takes out what `baselineDecay` proposes, in the baselines of both ends: REMOVED, and learned again when it is seen again.',
  })
  async applyBaselineDecay(
    @Arg('input', () => ApplyBaselineDecayInput, { description: 'Whose, and why' })
    input: ApplyBaselineDecayInput,
    @Ctx() { stores, useCases }: Context,
  ): Promise<ApplyBaselineDecayPayload> {
    const cluster = await stores.clusters.byName(input.cluster);
    if (cluster === null) {
      const problems = [problemOf(await noCluster(stores.clusters, input.cluster))];
      return { baselines: [], changed: 0, problems };
    }
    const { reason = null, expectedVersion = null } = input;
    const scope = { ...scopeOf(cluster.id, input), reason, expectedVersion };
    const { problems, ...outcome } = await useCases.applyBaselineDecay(scope);
    return { ...outcome, problems: problems.map(problemOf) };
  }
}

@Resolver(() => BaselineDecayType)
export class BaselineDecayEntriesResolver {
  @FieldResolver(() => DecayedEntryConnection, { description: 'Those unseen for longest first' })
  entries(
    @Root() { decayed }: BaselineDecayType,
    @Args(() => PageArgumentsType) page: PageArgumentsType,
  ): Page<Decayed> {
    const keyOf = ({ entry }: Decayed): string => `${entry.deploymentId} ${entry.id}`;
    return pageOfList(decayed, keyOf, page);
  }
}

@Resolver(() => DecayedEntryType)
export class DecayedEntryResolver {
  @FieldResolver(() => DeploymentType, { description: 'Of whose baseline it is an entry' })
  async deployment(
    @Root() { entry: { clusterId, deploymentId } }: Decayed,
    @Ctx() { loaders }: BaselineContext,
  ): Promise<Peer> {
    const peer = await loaders.peers.load({ clusterId, id: deploymentId });
    if (peer === null) throw new Error(`deployment ${deploymentId} is not stored`);
    return peer;
  }
}
