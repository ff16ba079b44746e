import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ProblemType, problemOf } from '../../graphql/problem.graphql.js';
import { ClusterType } from '../../inventory/cluster.graphql.js';
import type { Cluster } from '../../inventory/cluster.js';
import type { Job } from '../../jobs/job.js';
import { JobType } from '../../jobs/job-type.graphql.js';
import type { SetRollUpInput } from './roll-up.js';
import type { RetentionOutcome, SetRetentionInput } from './set-retention.js';

@InputType('SetRetentionInput', { description: 'How long flows of a cluster are kept.' })
class SetRetentionInputType implements SetRetentionInput {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => Int, {
    nullable: true,
    defaultValue: null,
    description: 'Days before the newest observation of the cluster, from 1; null keeps all',
  })
  readonly days!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Version of the settings of the cluster (`Cluster.settingsVersion`): where it is another one, nothing is done, and the problem is `CONFLICT`',
  })
  readonly expectedVersion?: number | null;
}

@InputType('SetRollUpInput', { description: 'When counts by hour become counts by day.' })
class SetRollUpInputType implements SetRollUpInput {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => Int, {
    nullable: true,
    defaultValue: null,
    description:
      'Days before the newest observation of the cluster, from 1; null: they never do, and what is by day already stays so',
  })
  readonly days!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Version of the settings of the cluster (`Cluster.settingsVersion`): where it is another one, nothing is done, and the problem is `CONFLICT`',
  })
  readonly expectedVersion?: number | null;
}

@ObjectType('SetRollUpPayload', { description: 'The cluster, and what rolls up.' })
class SetRollUpPayload {
  @Field(() => ClusterType, { nullable: true, description: 'Null when nothing was done' })
  readonly cluster!: Cluster | null;

  @Field(() => JobType, {
    nullable: true,
    description:
      'Rolls up what is older; null where nothing is to be rolled up, or nothing was done',
  })
  readonly job!: Job | null;

  @Field(() => [ProblemType], { description: 'An ERROR where nothing was done' })
  readonly problems!: readonly ProblemType[];
}

@ObjectType('SetRetentionPayload', { description: 'The cluster, and what forgets.' })
class SetRetentionPayload {
  @Field(() => ClusterType, { nullable: true, description: 'Null when nothing was done' })
  readonly cluster!: Cluster | null;

  @Field(() => JobType, {
    nullable: true,
    description: 'Forgets what is older; null where all is kept, or nothing was done',
  })
  readonly job!: Job | null;

  @Field(() => [ProblemType], { description: 'An ERROR where nothing was done' })
  readonly problems!: readonly ProblemType[];
}

type Context = {
  readonly useCases: {
    readonly setRetention: (input: SetRetentionInput) => Promise<RetentionOutcome>;
    readonly setRollUp: (input: SetRollUpInput) => Promise<RetentionOutcome>;
  };
};

@Resolver()
export class SetRetentionResolver {
  @Mutation(() => SetRetentionPayload, {
    description:
      'Sets how many days of observation time flows of a cluster are kept. What is older is forgotten at once and every night: hours of counts, edges that were not seen since, and label sets that workloads had until then; a day whose hours became one count goes when its last hour does. Simulations that were asked for more days ago than that, by the clock, go every night.',
  })
  async setRetention(
    @Arg('input', () => SetRetentionInputType, { description: 'Which cluster, and how long' })
    input: SetRetentionInputType,
    @Ctx() { useCases }: Context,
  ): Promise<SetRetentionPayload> {
    const { problems, ...outcome } = await useCases.setRetention(input);
    return { ...outcome, problems: problems.map(problemOf) };
  }

  @Mutation(() => SetRollUpPayload, {
    description:
      'Sets after how many days of observation time counts by hour become counts by day, in UTC, to keep a long history small. It is done at once and every night. Sums over whole days stay the same; `completeness` says where a window cuts such a day.',
  })
  async setRollUp(
    @Arg('input', () => SetRollUpInputType, { description: 'Which cluster, and when' })
    input: SetRollUpInputType,
    @Ctx() { useCases }: Context,
  ): Promise<SetRollUpPayload> {
    const { problems, ...outcome } = await useCases.setRollUp(input);
    return { ...outcome, problems: problems.map(problemOf) };
  }
}
