import type { Problem } from '../netpol/index.js';
import { and, type Condition, condition } from '../query/condition.js';
import { infoAt } from '../query/problem.js';
import type { Job } from './job.js';
import type { JobStore } from './job.store.js';

export type CancelJobsDeps = { readonly jobs: Pick<JobStore, 'cancelFound' | 'count'> };

export type CancelJobsOutcome = {
  readonly jobs: readonly Job[];
  /** Whether the filter finds more that have not ended. */
  readonly more: boolean;
  readonly problems: readonly Problem[];
};

/** A filter may find more: the next call cancels the next ones. */
export const MOST_CANCELLED = 500;

const NONE = infoAt(
  'NONE_FOUND',
  'filter',
  'the filter finds no job that has not ended',
  '`jobs` with the same filter shows what it finds',
);

const UNFINISHED = condition('j.finished_at is null');

/** Cancels the jobs that a filter over job j finds and that have not ended, so many at most. */
export async function cancelJobs(
  { jobs }: CancelJobsDeps,
  filter: Condition,
): Promise<CancelJobsOutcome> {
  const cancelled = await jobs.cancelFound(filter, MOST_CANCELLED);
  const more =
    cancelled.length === MOST_CANCELLED && (await jobs.count(and([filter, UNFINISHED]))) > 0;
  return { jobs: cancelled, more, problems: cancelled.length === 0 ? [NONE] : [] };
}
