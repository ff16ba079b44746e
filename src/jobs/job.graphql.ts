import { Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { NodeType } from '../graphql/node.graphql.js';
import { JsonScalar } from '../graphql/scalars.graphql.js';
import { encodeId } from '../query/node-id.js';
import { type Page, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import { type Job, type JobProgress, progressOf } from './job.js';
import type { JobContext } from './job-context.js';
import { JobArguments } from './job-filter.graphql.js';
import { jobCondition, jobOrder } from './job-filter.js';
import { JobConnection, JobProgressType, JobType } from './job-type.graphql.js';

@Resolver(() => JobType)
export class JobResolver {
  @Query(() => JobConnection, { description: 'Jobs, the newest first unless asked otherwise' })
  async jobs(
    @Args(() => JobArguments) { filter, orderBy, ...page }: JobArguments,
    @Ctx() { stores, now }: JobContext,
  ): Promise<Page<Job>> {
    const request = pageRequest(page, jobOrder(orderBy));
    const condition = jobCondition(filter, now());
    const rows = await stores.jobs.page(condition, request);
    return pageOf(request, rows, async () => totalCountOf(await stores.jobs.count(condition)));
  }

  @FieldResolver(() => ID, { description: 'The same as long as the job is kept' })
  id(@Root() { clusterId, id }: Job): string {
    return encodeId('Job', clusterId, id);
  }

  @FieldResolver(() => JobProgressType, { description: 'How far it is' })
  progress(@Root() job: Job, @Ctx() { now }: JobContext): JobProgress {
    return progressOf(job, now());
  }

  @FieldResolver(() => NodeType, {
    nullable: true,
    description:
      'What it made, such as a Simulation; null: it made nothing that has an id, or has not ended, or that is not kept any more',
  })
  async result(@Root() { result }: Job, @Ctx() { findNode }: JobContext): Promise<object | null> {
    return result?.node === undefined ? null : findNode(result.node);
  }

  @FieldResolver(() => JsonScalar, {
    nullable: true,
    description:
      'Numbers and words about what it did, by name; null: it has none, or has not ended',
  })
  details(@Root() { result }: Job): object | null {
    return result?.details ?? null;
  }
}
