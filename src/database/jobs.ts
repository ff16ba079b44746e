import { EventEmitter } from 'node:events';
import {
  Logger,
  makeWorkerUtils,
  type Runner,
  run,
  type TaskList,
  type TaskSpec,
  type WorkerEvents,
} from 'graphile-worker';
import { spanned } from '../tracing/tracing.js';
import { waitLonger } from './backoff.js';
import { type Log, silentLog } from './log.js';
import { type OpenPool, openPool, type PoolSettings } from './pool.js';
import type { SameDatabase } from './same-database.js';

export type JobPlace = {
  /** Aborted five seconds after `stop` was called. */
  readonly signal: AbortSignal;
  /** Name under which this process locks its jobs in `graphile_worker.jobs`. */
  readonly worker: string;
};

/** One kind of job. What it throws is logged, and the job is tried again later; it must stand being run twice. */
export type JobTask = (payload: unknown, place: JobPlace) => Promise<void>;

export type JobSettings = {
  readonly url: string;
  readonly tasks: Readonly<Record<string, JobTask>>;
  /**
   * Jobs by the clock, one a line: `MINUTE HOUR DAY MONTH WEEKDAY TASK ?OPTIONS {PAYLOAD}`, in UTC.
   * Whatever the number of servers, each is run once.
   */
  readonly schedule?: string;
  /** Jobs at the same time in this process. Default 1: a job may use much memory. */
  readonly concurrency?: number;
  readonly same?: SameDatabase | undefined;
  readonly log?: Log;
};

/** `key`: a job that waits under the same key is replaced. `queue`: jobs of one queue run one after another. */
export type JobOptions = {
  readonly key?: string;
  readonly queue?: string;
  readonly runAt?: Date;
  /** Tries before it is given up. Default 25, over about three days. */
  readonly tries?: number;
};

export type Jobs = {
  /** Name under which this process locks its jobs in `graphile_worker.jobs`. */
  readonly worker: string;
  /** Puts a job in the queue and answers its id. */
  add(task: string, payload: unknown, options?: JobOptions): Promise<string>;
  /** Takes no more jobs, waits for those that run, and resolves when every connection is closed. */
  stop(): Promise<void>;
};

const loggerOf = (log: Log): Logger =>
  new Logger(() => (level, message, meta) => {
    if (level === 'error') log.error({ err: meta?.['error'] }, message);
    else if (level === 'warning') log.warn({ err: meta?.['error'] }, message);
  });

const specOf = ({ key, queue, runAt, tries }: JobOptions): TaskSpec => ({
  ...(key !== undefined && { jobKey: key }),
  ...(queue !== undefined && { queueName: queue }),
  ...(runAt !== undefined && { runAt }),
  ...(tries !== undefined && { maxAttempts: tries }),
});

/** With graphile-worker's own pool, connections would outlive the answer of its `stop` and `release`. */
const poolFor = (settings: Pick<PoolSettings, 'url' | 'size' | 'log' | 'same'>): OpenPool =>
  openPool({ ...settings, applicationName: 'weirgate-jobs' });

/**
 * With the default of -1, nobody waits for the statements that end a job: after a stop, one that was done could
 * still be locked, and run again four hours later. With batches of 0 ms a stop waits for them.
 */
const AWAITED = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };

/** Makes graphile-worker's own tables (schema `graphile_worker`), which it migrates itself. */
export async function migrateJobs(url: string, log: Log = silentLog): Promise<void> {
  const { pool, close } = poolFor({ url, size: 2, log });
  try {
    const worker = await makeWorkerUtils({ pgPool: pool, logger: loggerOf(log) });
    await worker.migrate().finally(() => worker.release());
  } finally {
    await close();
  }
}

type KeptRunner = { readonly runner: () => Runner; readonly stop: () => Promise<void> };

/**
 * Graphile Worker gives up after ten errors in a row, which a database that is away for half a minute gives: it is started
 * again until it is stopped.
 */
async function keepRunning(start: () => Promise<Runner>, log: Log): Promise<KeptRunner> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let runner = await start();
  const again = async (): Promise<void> => {
    for (let tried = 0; !signal.aborted; tried += 1) {
      await waitLonger(tried, signal);
      if (signal.aborted) return;
      try {
        runner = await start();
        log.info({ tried }, 'jobs are taken again');
        return;
      } catch (error) {
        log.warn({ err: error, tried }, 'no jobs can be taken yet');
      }
    }
  };
  const watching = (async () => {
    while (!signal.aborted) {
      await runner.promise.catch(error => log.warn({ err: error }, 'taking jobs broke'));
      if (!signal.aborted) await again();
    }
  })();
  return {
    runner: () => runner,
    stop: async () => {
      stopping.abort();
      await runner.stop().catch(() => {});
      await watching;
    },
  };
}

/** Header `traceparent` of who asked for a job, where its payload has one. */
const traceIn = (payload: unknown): string | null =>
  typeof payload === 'object' &&
  payload !== null &&
  'trace' in payload &&
  typeof payload.trace === 'string'
    ? payload.trace
    : null;

/** Background work on the same Postgres: any server's job is done by any server. */
export async function startJobs(settings: JobSettings): Promise<Jobs> {
  const { url, tasks, schedule, concurrency = 1, log = silentLog, same } = settings;
  let worker = '';
  const events = new EventEmitter() as WorkerEvents;
  events.on('pool:create', ({ workerPool }) => {
    worker = workerPool.id;
  });
  const taskList: TaskList = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      (payload: unknown, { abortSignal }: { abortSignal: AbortSignal }) =>
        spanned(
          { name: `job ${name}`, kind: 'CONSUMER', parent: null, after: traceIn(payload) },
          () => task(payload, { signal: abortSignal, worker }),
        ),
    ]),
  );
  const { pool, close } = poolFor({ url, size: concurrency + 3, log, same });
  const start = (): Promise<Runner> =>
    run({
      preset: AWAITED,
      events,
      pgPool: pool,
      concurrency,
      taskList,
      ...(schedule !== undefined && { crontab: schedule }),
      noHandleSignals: true,
      logger: loggerOf(log),
    });
  const kept = await keepRunning(start, log).catch(async error => {
    await close();
    throw error;
  });
  let stopped: Promise<void> | null = null;
  return {
    get worker() {
      return worker;
    },
    add: async (task, payload, options = {}) => {
      if (!Object.hasOwn(tasks, task)) throw new Error(`no task is named \`${task}\``);
      return (await kept.runner().addJob(task, payload, specOf(options))).id;
    },
    stop: () => {
      stopped ??= kept.stop().finally(close);
      return stopped;
    },
  };
}
