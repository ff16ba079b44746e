import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { decodeId } from '../query/node-id.js';
import type { Job, JobKey } from './job.js';
import type { JobContext } from './job-context.js';
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

const keyOf = (id: string): JobKey | null => {
  const key = decodeId(id);
  if (key === null || key.type !== 'Job' || key.rowId === null) return null;
  return { clusterId: key.clusterId, id: key.rowId };
};

@Resolver()
export class CancelJobResolver {
  @Mutation(() => CancelJobPayload, {
    description: 'Ends a job that waits or runs. What it has written so far stays.',
  })
  async cancelJob(
    @Arg('input', () => CancelJobInput, { description: 'Which one' }) { id }: CancelJobInput,
    @Ctx() { useCases }: JobContext,
  ): Promise<CancelJobPayload> {
    const { job, problems } = await useCases.cancelJob(keyOf(id));
    return { job, problems: problems.map(problemOf) };
  }
}
