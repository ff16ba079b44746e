import type { Problem } from '../netpol/index.js';
import { errorAt, infoAt } from '../query/problem.js';
import { type Job, JobStatus } from './job.js';
import type { NewJob } from './job.store.js';

/** Asks for a job, and answers it when it has ended, or as it is after so many milliseconds. */
export type StartJob = (job: NewJob, waitMs: number) => Promise<Job>;

/** How long a mutation waits for its job before it answers a RUNNING one (docs/decisions/0028-long-work-is-a-job.md). */
export const LONGEST_WAIT_MS = 20_000;

/** What the work of a job that is DONE left for the mutation that asked for it; null while it is not. */
export const outcomeOf = <T>({ status, result }: Job): T | null =>
  status === JobStatus.DONE ? ((result?.outcome ?? null) as T | null) : null;

/** Why a job has no outcome, for the payload of the mutation that asked for it. */
export function jobProblems({ status, error, kind }: Job): readonly Problem[] {
  switch (status) {
    case JobStatus.DONE:
      return [];
    case JobStatus.FAILED:
      return [
        errorAt(
          'JOB_FAILED',
          null,
          `the job \`${kind}\` was given up: ${error ?? 'nothing is known of why'}`,
          'the log of the server that ran it says more',
        ),
      ];
    case JobStatus.CANCELLED:
      return [
        errorAt(
          'JOB_CANCELLED',
          null,
          `the job \`${kind}\` was cancelled before it ended`,
          'ask again',
        ),
      ];
    default:
      return [
        infoAt(
          'JOB_RUNNING',
          null,
          `the job \`${kind}\` has not ended yet`,
          'poll `node(id)` with the id of `job` until it has',
        ),
      ];
  }
}
