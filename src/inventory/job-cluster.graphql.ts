import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Job } from '../jobs/job.js';
import { JobType } from '../jobs/job-type.graphql.js';
import { ClusterType } from './cluster.graphql.js';
import type { Cluster } from './cluster.js';
import type { InventoryContext } from './inventory-context.js';
import { clusterOf } from './of-cluster.js';

/** What this room adds to a job. */
@Resolver(() => JobType)
export class JobClusterResolver {
  @FieldResolver(() => ClusterType, { description: 'The cluster that it works on' })
  cluster(@Root() job: Job, @Ctx() context: InventoryContext): Promise<Cluster> {
    return clusterOf(job, context);
  }
}
