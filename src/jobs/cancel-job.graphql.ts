import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { rowKey } from '../query/node-id.js';
import { MOST_CANCELLED } from './cancel-jobs.js';
import type { Job } from './job.js';
import type { JobContext } from './job-context.js';
import { JobFilterInput } from './job-filter.graphql.js';
import { jobCondition } from './job-filter.js';
import { JobType } from './job-type.graphql.js';

@InputType('CancelJobInput', { description: 'Which job.' })
class CancelJobInput {
  @Field(() => ID, { description: 'Id of the job' })
  readonly id!: string;
}

@ObjectType('CancelJobPayload', { description: 'The job as it is now.' })
class CancelJobPayload {
  @Field(() => JobType, { nullable: true, description: 'Null when there is no job of this id' })
  readonly job!: Job | null;

  @Field(() => [ProblemType], {
    description: 'An ERROR where there is no such job, a WARNING or INFO where it had ended before',
  })
  readonly problems!: readonly ProblemType[];
}

@InputType('CancelJobsInput', { description: 'Which jobs.' })
class CancelJobsInput {
  @Field(() => JobFilterInput, {
    description: `Those that it finds and that have not ended, at most ${MOST_CANCELLED} at once`,
  })
  readonly filter!: JobFilterInput;
}

@ObjectType('CancelJobsPayload', { description: 'What was cancelled.' })
class CancelJobsPayload {
  @Field(() => [JobType], { description: 'The jobs that were cancelled' })
  readonly jobs!: readonly Job[];

  @Field(() => Int, { description: 'How many those are' })
  readonly cancelled!: number;

  @Field(() => Boolean, {
    description: 'Whether the filter finds more that have not ended: the next call cancels those',
  })
  readonly more!: boolean;

  @Field(() => [ProblemType], { description: 'An INFO where the filter finds none' })
  readonly problems!: readonly ProblemType[];
}

@Resolver()
export class CancelJobResolver {
  @Mutation(() => CancelJobPayload, {
    description: 'Ends a job that waits or runs. What it has written so far stays.',
  })
  async cancelJob(
    @Arg('input', () => CancelJobInput, { description: 'Which one' }) { id }: CancelJobInput,
    @Ctx() { useCases }: JobContext,
  ): Promise<CancelJobPayload> {
    const { job, problems } = await useCases.cancelJob(rowKey('Job', id));
    return { job, problems: problems.map(problemOf) };
  }

  @Mutation(() => CancelJobsPayload, {
    description: 'Ends all jobs that a filter finds. What they have written so far stays.',
  })
  async cancelJobs(
    @Arg('input', () => CancelJobsInput, { description: 'Which ones' })
    { filter }: CancelJobsInput,
    @Ctx() { useCases, now }: JobContext,
  ): Promise<CancelJobsPayload> {
    const { jobs, more, problems } = await useCases.cancelJobs(jobCondition(filter, now()));
    return { jobs, cancelled: jobs.length, more, problems: problems.map(problemOf) };
  }
}
