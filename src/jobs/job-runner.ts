import { setTimeout as pause } from 'node:timers/promises';
import { type JobTask, startJobs } from '../database/jobs.js';
import type { Log } from '../database/log.js';
import type { SameDatabase } from '../database/same-database.js';
import type { JobKey } from './job.js';
import type { JobEnds } from './job-ends.js';
import { taskOf } from './job-row.js';
import type { JobRunStore } from './job-run.store.js';
import { type JobHandler, runJob } from './run-job.js';

export type JobRunnerSettings = {
  /** Of the database; graphile-worker opens connections of its own. */
  readonly url: string;
  readonly runs: JobRunStore;
  readonly transaction: <T>(work: (runs: JobRunStore) => Promise<T>) => Promise<T>;
  readonly ends: JobEnds;
  /** By kind. Jobs of other kinds are left to other processes. */
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** Work that is nobody's job and short, by the name that the schedule calls it. */
  readonly tasks?: Readonly<Record<string, JobTask>>;
  /** Lines that call tasks by the clock, as `startJobs` takes them. */
  readonly schedule?: readonly string[];
  /** Jobs at the same time in this process. Default 1. */
  readonly concurrency?: number;
  /** Milliseconds that `stop` waits for jobs that run, before they are given back. Default 10,000. */
  readonly drainMs?: number;
  /** Looks at each new connection to the database. */
  readonly same?: SameDatabase;
  readonly log: Log;
};

export type JobRunner = {
  /**
   * Takes no more jobs, waits for those that run, gives back those that do not end in time, so that other workers
   * take them up at once, and resolves when its connections are closed.
   */
  stop(): Promise<void>;
};

/** Three of them fit into the silence after which a worker is taken for dead, and more. */
const BEAT_EVERY_MS = 5_000;
const SWEEP_EVERY_MS = 10_000;
const DRAIN_MS = 10_000;

/** Every night at 02:23 UTC, in one of the processes that run jobs. */
const FORGET_TASK = 'jobs:forget';

/** Until the signal; what the work throws is logged, and it is done again in its turn. */
async function repeat(
  everyMs: number,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Log },
  work: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await work().catch(error => log.warn({ err: error }, 'the jobs cannot be looked after'));
    await pause(everyMs, undefined, { signal }).catch(() => {});
  }
}

/** Puts jobs of processes that ended without a word back into the queue, or gives them up. */
const sweepIn =
  ({ transaction, log }: Pick<JobRunnerSettings, 'transaction' | 'log'>) =>
  async (): Promise<void> => {
    const swept = await transaction(runs => runs.sweep());
    if (swept !== null && swept.again + swept.failed > 0)
      log.warn(swept, 'a process that ran jobs ended without a word');
  };

/** Takes jobs of the given kinds from the queue, and looks after those of processes that were killed. */
export async function startJobRunner(settings: JobRunnerSettings): Promise<JobRunner> {
  const { url, runs, ends, handlers, tasks = {}, schedule = [], log } = settings;
  const draining = new AbortController();
  const closing = new AbortController();
  const task: JobTask = (payload, { worker }) =>
    runJob({ runs, ends, handlers, worker, draining: draining.signal, log }, payload as JobKey);
  const forget: JobTask = async () => {
    log.info({ jobs: await runs.forget() }, 'forgot what ended long ago');
  };
  const jobs = await startJobs({
    url,
    tasks: {
      ...Object.fromEntries(Object.keys(handlers).map(kind => [taskOf(kind), task])),
      ...tasks,
      [FORGET_TASK]: forget,
    },
    schedule: [`23 2 * * * ${FORGET_TASK}`, ...schedule].join('\n'),
    ...(settings.concurrency !== undefined && { concurrency: settings.concurrency }),
    same: settings.same,
    log,
  });
  const looking = { signal: closing.signal, log };
  const loops = Promise.all([
    repeat(BEAT_EVERY_MS, looking, () => runs.workerBeat(jobs.worker)),
    repeat(SWEEP_EVERY_MS, looking, sweepIn(settings)),
  ]);
  const stop = async (): Promise<void> => {
    const giveBack = setTimeout(() => draining.abort(), settings.drainMs ?? DRAIN_MS);
    await jobs.stop().finally(() => clearTimeout(giveBack));
    closing.abort();
    await loops;
    // Where the database is away, others find out by its silence.
    await runs
      .workerGone(jobs.worker)
      .catch(error => log.warn({ err: error }, 'cannot tell that this worker has gone'));
  };
  let stopped: Promise<void> | null = null;
  return {
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
