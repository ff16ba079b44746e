import { type Problem, Severity } from '../netpol/index.js';
import { type Job, type JobKey, JobStatus } from './job.js';
import type { JobStore } from './job.store.js';

export type CancelJobDeps = { readonly jobs: Pick<JobStore, 'cancel' | 'byIds'> };

export type CancelJobOutcome = {
  readonly job: Job | null;
  readonly problems: readonly Problem[];
};

const problem = (severity: Severity, code: string, message: string, hint: string): Problem => ({
  code,
  severity,
  message,
  path: 'id',
  place: null,
  hint,
});

/**
 * Cancels a job that has not ended; what it has written so far stays. One that had ended stays as it is, with an INFO when it
 * was cancelled before, and a WARNING when it came to its end.
 * @param key null: what was given is the id of no job
 */
export async function cancelJob(
  { jobs }: CancelJobDeps,
  key: JobKey | null,
): Promise<CancelJobOutcome> {
  const cancelled = key === null ? null : await jobs.cancel(key);
  if (cancelled !== null) return { job: cancelled, problems: [] };
  const [job = null] = key === null ? [] : await jobs.byIds([key]);
  if (job === null) {
    const hint = 'take the `id` of a job from `jobs`';
    return {
      job,
      problems: [problem(Severity.ERROR, 'NOT_FOUND', 'there is no job of this id', hint)],
    };
  }
  const before = job.status === JobStatus.CANCELLED;
  const message = before
    ? `the job was cancelled at \`${job.finishedAt}\` already`
    : `the job had ended at \`${job.finishedAt}\` with \`${job.status}\``;
  const severity = before ? Severity.INFO : Severity.WARNING;
  return {
    job,
    problems: [problem(severity, 'JOB_ENDED', message, 'there is nothing left to do')],
  };
}
