import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../graphql/connection.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { DateTimeScalar } from '../graphql/scalars.graphql.js';
import { type JobProgress, JobStatus } from './job.js';

registerEnumType(JobStatus, {
  name: 'JobStatus',
  description: 'How a job stands.',
  valuesConfig: {
    PENDING: { description: 'It waits for a worker, for the first time or again' },
    RUNNING: { description: 'A worker is at it' },
    DONE: { description: 'It ended, and its result is there' },
    FAILED: { description: 'It was given up; `error` says why' },
    CANCELLED: { description: 'Somebody cancelled it before it ended' },
  },
});

@ObjectType('JobProgress', { description: 'How far a job is in its current attempt.' })
export class JobProgressType implements JobProgress {
  @Field(() => Int, { description: 'Items that are done' })
  readonly done!: number;

  @Field(() => Int, { nullable: true, description: 'Of so many items; null: not known yet' })
  readonly total!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Items per second since the attempt began; null before any is done',
  })
  readonly ratePerSecond!: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When it should end, if it goes on as it did; null: it has ended, or nothing can be said yet',
  })
  readonly expectedEndAt!: string | null;
}

@ObjectType('Job', {
  implements: NodeType,
  description:
    'A piece of work that takes long. A worker does it: the server itself, or a process that was started by `weirgate worker`.',
})
export class JobType extends NodeType {
  @Field(() => String, {
    description: 'What it does: `generate`, `simulate`, `retention` or `roll-up`',
  })
  readonly kind!: string;

  @Field(() => JobStatus, { description: 'How it stands' })
  readonly status!: JobStatus;

  @Field(() => Int, {
    description:
      'How often it was begun: again after its worker was killed or something unexpected happened, three times at most',
  })
  readonly attempts!: number;

  @Field(() => DateTimeScalar, { description: 'When it was asked for' })
  readonly createdAt!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the current attempt began; null: no worker has taken it yet',
  })
  readonly startedAt!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null: it has not' })
  readonly finishedAt!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it failed; while it is tried again, why the last attempt did not succeed',
  })
  readonly error!: string | null;

  @Field(() => String, { description: 'Name of who asked for it' })
  readonly caller!: string;
}

export const JobConnection = connectionOf('Job', () => JobType);
