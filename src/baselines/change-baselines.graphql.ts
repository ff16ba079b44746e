import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { windowOf } from '../flows/flow-condition.js';
import { LabelSelectorInput } from '../graphql/filter.graphql.js';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { TimeBoundScalar } from '../graphql/scalars.graphql.js';
import { noCluster } from '../inventory/existing-cluster.js';
import { BaselineType } from './baseline.graphql.js';
import type { Baseline } from './baseline.js';
import type { BaselineContext } from './baseline-context.js';
import type { BaselineScope } from './chosen.js';
import type { BaselinesOutcome } from './generate.js';

@InputType()
export abstract class BaselineScopeInput {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => [String], { nullable: true, description: 'Namespaces; all of them when not given' })
  readonly namespaces?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Deployments, as `namespace/name` or `name`; all of the namespaces when not given',
  })
  readonly deployments?: string[] | null;

  @Field(() => LabelSelectorInput, {
    nullable: true,
    description: 'Only deployments whose labels are selected',
  })
  readonly labels?: LabelSelectorInput | null;
}

@InputType()
export abstract class VersionedScopeInput extends BaselineScopeInput {
  @Field(() => Int, {
    nullable: true,
    description:
      'Version of the one baseline of the scope, 0 where there is none yet: where it is another one, nothing is done, and the problem is `CONFLICT`',
  })
  readonly expectedVersion?: number | null;
}

@InputType('GenerateBaselinesInput', {
  description: 'Whose baselines to learn, and from which window of observed flows.',
})
class GenerateBaselinesInput extends VersionedScopeInput {
  @Field(() => TimeBoundScalar, { nullable: true, description: 'Flows seen from here on' })
  readonly since?: string | null;

  @Field(() => TimeBoundScalar, { nullable: true, description: 'Flows seen before this' })
  readonly until?: string | null;
}

@InputType('LockBaselinesInput', { description: 'Whose baselines to lock.' })
class LockBaselinesInput extends VersionedScopeInput {
  @Field(() => String, { nullable: true, description: 'Why, for the history' })
  readonly reason?: string | null;
}

@InputType('UnlockBaselinesInput', { description: 'Whose baselines to unlock.' })
class UnlockBaselinesInput extends VersionedScopeInput {
  @Field(() => String, { nullable: true, description: 'Why, for the history' })
  readonly reason?: string | null;
}

@InputType('ReopenBaselinesInput', { description: 'Whose baselines to let learn again.' })
class ReopenBaselinesInput extends VersionedScopeInput {
  @Field(() => String, { nullable: true, description: 'Why, for the history' })
  readonly reason?: string | null;
}

@ObjectType()
abstract class BaselinesPayload {
  @Field(() => [BaselineType], { description: 'The baselines as they are now' })
  readonly baselines!: readonly Baseline[];

  @Field(() => Int, { description: 'How many baselines are other now' })
  readonly changed!: number;

  @Field(() => [ProblemType], { description: 'What was left out, and why' })
  readonly problems!: readonly ProblemType[];
}

@ObjectType('GenerateBaselinesPayload', { description: 'The baselines that were learned.' })
class GenerateBaselinesPayload extends BaselinesPayload {}

@ObjectType('LockBaselinesPayload', { description: 'All baselines of the scope, locked now.' })
class LockBaselinesPayload extends BaselinesPayload {}

@ObjectType('UnlockBaselinesPayload', { description: 'All baselines of the scope, unlocked now.' })
class UnlockBaselinesPayload extends BaselinesPayload {}

@ObjectType('ReopenBaselinesPayload', { description: 'The baselines that learn again.' })
class ReopenBaselinesPayload extends BaselinesPayload {}

const payloadOf = ({ baselines, changed, problems }: BaselinesOutcome): BaselinesPayload => ({
  baselines,
  changed,
  problems: problems.map(problemOf),
});

type Scope = BaselineScope & { readonly reason: string | null };

type Reasoned = { readonly reason?: string | null };

/** What comes of a change in the scope of an input; of a cluster that is not known a problem, and nothing else. */
async function changed(
  {
    cluster,
    namespaces,
    deployments,
    labels,
    reason,
    expectedVersion,
  }: VersionedScopeInput & Reasoned,
  { stores }: Pick<BaselineContext, 'stores'>,
  change: (scope: Scope) => Promise<BaselinesOutcome>,
): Promise<BaselinesPayload> {
  const found = await stores.clusters.byName(cluster);
  if (found === null)
    return payloadOf({
      baselines: [],
      changed: 0,
      problems: [await noCluster(stores.clusters, cluster)],
    });
  return payloadOf(
    await change({
      clusterId: found.id,
      namespaces: namespaces ?? null,
      deployments: deployments ?? null,
      labels: labels ?? null,
      reason: reason ?? null,
      expectedVersion: expectedVersion ?? null,
    }),
  );
}

@Resolver()
export class ChangeBaselinesResolver {
  @Mutation(() => GenerateBaselinesPayload, {
    description:
      'Learns what is normal for deployments from observed flows. Locked baselines stay as they are, and so do those without a flow to learn from; calls of metadata services, denied and failed flows are never learned.',
  })
  async generateBaselines(
    @Arg('input', () => GenerateBaselinesInput, { description: 'Scope and window' })
    input: GenerateBaselinesInput,
    @Ctx() context: BaselineContext,
  ): Promise<GenerateBaselinesPayload> {
    const window = windowOf(input, context.now());
    return changed(input, context, scope =>
      context.useCases.generateBaselines({ ...scope, ...window }),
    );
  }

  @Mutation(() => LockBaselinesPayload, {
    description: 'Makes baselines binding: from now on what they do not hold is anomalous.',
  })
  async lockBaselines(
    @Arg('input', () => LockBaselinesInput, { description: 'Which ones' })
    input: LockBaselinesInput,
    @Ctx() context: BaselineContext,
  ): Promise<LockBaselinesPayload> {
    return changed(input, context, context.useCases.lockBaselines);
  }

  @Mutation(() => UnlockBaselinesPayload, {
    description: 'Makes baselines not binding any more, so that they can be learned anew.',
  })
  async unlockBaselines(
    @Arg('input', () => UnlockBaselinesInput, { description: 'Which ones' })
    input: UnlockBaselinesInput,
    @Ctx() context: BaselineContext,
  ): Promise<UnlockBaselinesPayload> {
    return changed(input, context, context.useCases.unlockBaselines);
  }

  @Mutation(() => ReopenBaselinesPayload, {
    description:
      'Lets baselines that learn by themselves learn again for `relearnHours` covered hours from now on, such as before a change that is planned. One that was locked is LEARNING for that time, and locked again after it.',
  })
  async reopenBaselines(
    @Arg('input', () => ReopenBaselinesInput, { description: 'Which ones' })
    input: ReopenBaselinesInput,
    @Ctx() context: BaselineContext,
  ): Promise<ReopenBaselinesPayload> {
    return changed(input, context, context.useCases.reopenBaselines);
  }
}
