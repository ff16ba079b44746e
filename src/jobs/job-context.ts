import type { Condition } from '../query/condition.js';
import type { CancelJobOutcome } from './cancel-job.js';
import type { CancelJobsOutcome } from './cancel-jobs.js';
import type { JobKey } from './job.js';
import type { JobStore } from './job.store.js';

/** The slice of a request's context that this room needs. */
export type JobContext = {
  readonly now: () => Date;
  readonly stores: { readonly jobs: Pick<JobStore, 'page' | 'count' | 'byIds'> };
  readonly findNode: (id: string) => Promise<object | null>;
  readonly useCases: {
    readonly cancelJob: (key: JobKey | null) => Promise<CancelJobOutcome>;
    readonly cancelJobs: (filter: Condition) => Promise<CancelJobsOutcome>;
  };
};
