import { setTimeout as pause } from 'node:timers/promises';
import { hasEnded, type Job, type JobKey } from './job.js';
import type { JobStore } from './job.store.js';
import type { JobEnds } from './job-ends.js';

export type WaitForJobDeps = {
  readonly jobs: Pick<JobStore, 'byIds'>;
  readonly ends: JobEnds;
};

/** Where nothing is heard, the job is looked at so often. */
const LOOK_EVERY_MS = 1_000;

/**
 * The job when it has ended, or as it is after so many milliseconds. Null when there is none that the caller sees.
 * Outside of a transaction: inside of one that made the job, nobody could take it.
 */
export async function waitForJob(
  { jobs, ends }: WaitForJobDeps,
  key: JobKey,
  milliseconds: number,
): Promise<Job | null> {
  const over = Date.now() + milliseconds;
  let heard = Promise.withResolvers<void>();
  const forget = ends.onEnd(key, () => heard.resolve());
  try {
    for (;;) {
      const [job = null] = await jobs.byIds([key]);
      const left = over - Date.now();
      if (job === null || hasEnded(job) || left <= 0) return job;
      const timer = new AbortController();
      const passed = pause(Math.min(left, LOOK_EVERY_MS), undefined, timer).catch(() => {});
      await Promise.race([heard.promise, passed]);
      timer.abort();
      heard = Promise.withResolvers<void>();
    }
  } finally {
    forget();
  }
}
