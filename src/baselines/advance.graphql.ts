import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { noCluster } from '../inventory/existing-cluster.js';
import { type Problem, Severity } from '../netpol/index.js';
import type { AdvanceOutcome } from './advance.js';
import { BaselineType } from './baseline.graphql.js';
import type { Baseline } from './baseline.js';
import type { BaselineContext } from './baseline-context.js';

@InputType('AdvanceBaselinesInput', { description: 'Of which cluster.' })
class AdvanceBaselinesInput {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;
}

@ObjectType('AdvanceBaselinesPayload', { description: 'What has changed.' })
class AdvanceBaselinesPayload {
  @Field(() => [BaselineType], { description: 'Those whose entries or state are other now' })
  readonly baselines!: readonly Baseline[];

  @Field(() => Int, { description: 'How many those are' })
  readonly changed!: number;

  @Field(() => Int, { description: 'How many baselines of the cluster learn by themselves' })
  readonly learning!: number;

  @Field(() => [ProblemType], { description: 'Why nothing was done' })
  readonly problems!: readonly ProblemType[];
}

type Context = Pick<BaselineContext, 'stores'> & {
  readonly useCases: {
    readonly advanceBaselines: (input: { readonly clusterId: number }) => Promise<AdvanceOutcome>;
  };
};

const noneLearns: Problem = {
  code: 'NONE_LEARNS',
  severity: Severity.INFO,
  message: 'no baseline of the cluster learns by itself',
  path: 'cluster',
  place: null,
  hint: 'set `learning: CONTINUOUS` with `setBaselineSettings`, or learn with `generateBaselines`',
};

@Resolver()
export class AdvanceBaselinesResolver {
  @Mutation(() => AdvanceBaselinesPayload, {
    description:
      'Lets the baselines that learn by themselves (`learning: CONTINUOUS`) take in what was seen; the server does so by itself within a minute when another hour is covered. What they become is a function of all that was seen, so that a second call changes nothing.',
  })
  async advanceBaselines(
    @Arg('input', () => AdvanceBaselinesInput, { description: 'Which cluster' })
    { cluster: name }: AdvanceBaselinesInput,
    @Ctx() { stores, useCases }: Context,
  ): Promise<AdvanceBaselinesPayload> {
    const cluster = await stores.clusters.byName(name);
    if (cluster === null) {
      const problems = [problemOf(await noCluster(stores.clusters, name))];
      return { baselines: [], changed: 0, learning: 0, problems };
    }
    const { baselines, learning } = await useCases.advanceBaselines({ clusterId: cluster.id });
    const problems = learning === 0 ? [problemOf(noneLearns)] : [];
    return { baselines, changed: baselines.length, learning, problems };
  }
}
