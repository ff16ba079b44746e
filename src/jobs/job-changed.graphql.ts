import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { Events } from '../database/events.js';
import { follow } from '../graphql/follow.js';
import { ApiError, ErrorCode } from '../query/api-error.js';
import { decodeId } from '../query/node-id.js';
import { hasEnded, type Job } from './job.js';
import type { JobStore } from './job.store.js';
import { JobType } from './job-type.graphql.js';

type Context = {
  readonly events: Events;
  readonly stores: { readonly jobs: Pick<JobStore, 'byIds'> };
};

async function changes({ id }: { readonly id: string }, { stores, events }: Context) {
  const key = decodeId(id);
  const job =
    key?.type === 'Job' && key.rowId !== null ? { clusterId: key.clusterId, id: key.rowId } : null;
  if (job === null || (await stores.jobs.byIds([job])).length === 0)
    throw new ApiError(ErrorCode.NOT_FOUND, 'there is no job of this id');
  return follow<Job>({
    events,
    kind: 'job',
    wants: (clusterId, row) => clusterId === job.clusterId && row === job.id,
    load: () => stores.jobs.byIds([job]),
    atOnce: true,
    isLast: hasEnded,
  });
}

@Resolver()
export class JobChangedResolver {
  @Subscription(() => JobType, {
    subscribe: ({ args, context }) => changes(args as { id: string }, context as Context) as never,
    description:
      'A job as it is now, and again whenever it changes; ends with the job. After a break ask again: it begins with the job as it is then, so that nothing is missed.',
  })
  jobChanged(
    @Root() job: Job,
    @Arg('id', () => ID, { description: 'Id of the job' }) _id: string,
  ): Job {
    return job;
  }
}
