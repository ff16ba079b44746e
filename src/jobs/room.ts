import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { finderOf } from '../graphql/node.graphql.js';
import type { Condition } from '../query/condition.js';
import { CancelJobResolver } from './cancel-job.graphql.js';
import { cancelJob } from './cancel-job.js';
import { cancelJobs } from './cancel-jobs.js';
import { JobResolver } from './job.graphql.js';
import type { JobKey } from './job.js';
import { jobLoader } from './job.loader.js';
import { type JobStore, jobStore, type NewJob } from './job.store.js';
import { JobTable, JobWorkerTable } from './job.table.js';
import { JobChangedResolver } from './job-changed.graphql.js';
import type { JobEnds } from './job-ends.js';
import { unlessLeft } from './unless-left.js';
import { waitForJob } from './wait-for-job.js';

type Stores = { readonly jobs: JobStore };

type Deps = {
  readonly reads: Stores;
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
  readonly jobEnds: JobEnds;
};

/** Work that takes long: asked for here, done by workers. */
export const jobsRoom = {
  tables: [JobTable, JobWorkerTable],
  stores: (manager: EntityManager, caller: Caller) => ({ jobs: jobStore(manager, caller) }),
  resolvers: [JobResolver, CancelJobResolver, JobChangedResolver],
  loaders: ({ jobs }: Stores) => ({ jobs: jobLoader(jobs) }),
  finders: { Job: finderOf(({ stores }: { readonly stores: Stores }) => stores.jobs) },
  useCases: ({ reads, transaction, jobEnds }: Deps) => ({
    cancelJob: (key: JobKey | null) => cancelJob(reads, key),
    cancelJobs: (filter: Condition) => cancelJobs(reads, filter),
    /** Asks for a job, and answers it when it has ended, or as it is after so many milliseconds. */
    startJob: async (job: NewJob, waitMs: number) => {
      const added = await transaction(({ jobs }) => jobs.add(job));
      const waited = waitForJob({ jobs: reads.jobs, ends: jobEnds }, added, waitMs);
      return (await unlessLeft(waited, () => cancelJob(reads, added))) ?? added;
    },
    /** The same of one that was asked for before; null: it is not there any more. */
    awaitJob: (job: JobKey, waitMs: number) =>
      waitForJob({ jobs: reads.jobs, ends: jobEnds }, job, waitMs),
  }),
} as const;
