import type { EntityManager } from 'typeorm';
import { bool, int4, jsonb, type Statement, statement, text } from '../database/row.js';
import {
  type ClaimedJob,
  type JobKey,
  type JobResult,
  MOST_ATTEMPTS,
  SILENT_SECONDS,
} from './job.js';
import { JOB, JOB_COLUMNS, QUEUED, queueText, TELL_ENDED } from './job-row.js';

export type RunProgress = { readonly done: number; readonly total: number | null };

/** What ended a job. */
export type RunEnd =
  | { readonly status: 'DONE'; readonly result: JobResult | null }
  | { readonly status: 'FAILED'; readonly error: string };

/** What a sweep found: jobs of dead workers that wait again, and jobs that were given up. */
export type Swept = { readonly again: number; readonly failed: number };

/**
 * What a worker does with jobs of all clusters. A job is held by the worker that claimed it: whatever another worker,
 * a cancellation or a sweep did to it meanwhile, the statements of its old holder change nothing and say so.
 */
export type JobRunStore = {
  /** RUNNING and held by the worker, with one more attempt; null when it does not wait any more. */
  claim(key: JobKey, worker: string): Promise<ClaimedJob | null>;
  /** Tells that the worker is still at it, and how far. False: it is not the worker's any more. */
  beat(key: JobKey, worker: string, progress: RunProgress): Promise<boolean>;
  /** Ends it, once. False: it is not the worker's any more. */
  end(key: JobKey, worker: string, end: RunEnd): Promise<boolean>;
  /** PENDING again, to be tried after so many seconds; the attempt counts. */
  retry(key: JobKey, worker: string, error: string, seconds: number): Promise<boolean>;
  /** PENDING again at once, for any worker; the attempt does not count. */
  giveBack(key: JobKey, worker: string): Promise<boolean>;
  /** The worker lives. */
  workerBeat(worker: string): Promise<void>;
  /** The worker has ended, and holds nothing. */
  workerGone(worker: string): Promise<void>;
  /** Jobs that ended 30 days ago or more are not kept. Answers how many went. */
  forget(): Promise<number>;
  /**
   * Takes jobs and queue entries from workers that have been silent for 30 s. Only one sweep at a time: null
   * when another process is at it. Wants a transaction.
   */
  sweep(): Promise<Swept | null>;
};

/** Held with `pg_try_advisory_xact_lock` by the process that sweeps. */
const LOCK_OF_SWEEP = 727_003;

const SILENT = `interval '${SILENT_SECONDS} seconds'`;

const HELD = `j.cluster_id = $1 and j.id = $2 and j.worker = $3 and j.status = 'RUNNING'`;

const STATEMENTS = {
  claim: statement<ClaimedJob>('jobRuns.claim', { ...JOB, request: jsonb<unknown>(), scope: text }),
  /** Rows without columns: only how many there are. */
  beat: statement<object>('jobRuns.beat', {}),
  end: statement<object>('jobRuns.end', {}),
  retry: statement('jobRuns.retry', QUEUED),
  giveBack: statement('jobRuns.giveBack', QUEUED),
  lockSweep: statement('jobRuns.lockSweep', { held: bool }),
  release: statement<Swept>('jobRuns.release', { again: int4, failed: int4 }),
  requeue: statement('jobRuns.requeue', QUEUED),
} as const;

const CLAIM = `with claimed as (
  update job j set status = 'RUNNING', worker = $3, attempts = attempts + 1, done = 0,
    total = null, started_at = clock_timestamp(), heartbeat_at = clock_timestamp()
  where j.cluster_id = $1 and j.id = $2 and j.status = 'PENDING' returning j.*)
  select ${JOB_COLUMNS}, j.request, j.scope from claimed j`;

const END = `with ended as (
    update job j set status = $4, result = $5, error = $6, finished_at = clock_timestamp(),
      heartbeat_at = clock_timestamp(), worker = null where ${HELD} returning j.cluster_id, j.id)
  ${TELL_ENDED}`;

/** The row and its next queue entry in one statement; the entry that is locked now is not tried again. */
const waitAgain = (set: string, runAt: string | null): string =>
  `with j as (
    update job j set status = 'PENDING', worker = null, ${set} where ${HELD} returning j.*)
  select (${queueText(runAt)}).id from j`;

/** What a dead worker had locked: graphile-worker itself would keep it so for four hours. */
const UNLOCK = `/* jobRuns.unlock */ select graphile_worker.force_unlock_workers(array_agg(distinct q.locked_by))
  from graphile_worker.jobs q
  where q.locked_at < now() - ${SILENT} and not exists (
    select from job_worker w where w.id = q.locked_by and w.heartbeat_at > now() - ${SILENT})
  having count(*) > 0`;

/** Of jobs whose worker has been silent: those that were tried often enough are given up. */
const RELEASE = `with silent as (
    update job j set worker = null, error = 'the process that ran it ended without a word',
      status = case when j.attempts >= ${MOST_ATTEMPTS} then 'FAILED' else 'PENDING' end,
      finished_at = case when j.attempts >= ${MOST_ATTEMPTS} then clock_timestamp() end
    where j.finished_at is null and j.status = 'RUNNING' and j.heartbeat_at < now() - ${SILENT}
    returning j.cluster_id, j.id, j.status),
  ended as (select * from silent where status = 'FAILED'),
  told as materialized (${TELL_ENDED})
  select count(*) filter (where status = 'PENDING')::int as again, count(*) filter (where status = 'FAILED')::int as failed
  from silent where (select count(*) from told) >= 0`;

/** Whatever waits has an entry in the queue: an entry that was lost is made again. */
const REQUEUE = `select (${queueText(null)}).id from job j
  where j.finished_at is null and j.status = 'PENDING' and not exists (
    select from graphile_worker.jobs q where q.key = 'job ' || j.cluster_id || ' ' || j.id)`;

const FORGET = `/* jobRuns.forget */ delete from job where finished_at < now() - interval '30 days'`;

const FORGET_WORKERS = `/* jobRuns.forgetWorkers */ delete from job_worker where heartbeat_at < now() - interval '1 hour'`;

async function sweep(manager: EntityManager): Promise<Swept | null> {
  const { held } = await STATEMENTS.lockSweep.row(
    manager,
    'select pg_try_advisory_xact_lock($1) as held',
    [LOCK_OF_SWEEP],
  );
  if (!held) return null;
  await manager.query(UNLOCK);
  const swept = await STATEMENTS.release.row(manager, RELEASE, []);
  await STATEMENTS.requeue.rows(manager, REQUEUE, []);
  await manager.query(FORGET_WORKERS);
  return swept;
}

/** Runs statements that answer a row where they changed the job. */
const changes =
  (manager: EntityManager) =>
  async (changing: Statement<object>, sql: string, values: readonly unknown[]): Promise<boolean> =>
    (await changing.rows(manager, sql, values)).length > 0;

export const jobRunStore = (manager: EntityManager): JobRunStore => {
  const changed = changes(manager);
  return {
    claim: async ({ clusterId, id }, worker) => {
      const [row = null] = await STATEMENTS.claim.rows(manager, CLAIM, [clusterId, id, worker]);
      return row;
    },
    beat: ({ clusterId, id }, worker, { done, total }) =>
      changed(
        STATEMENTS.beat,
        `with beaten as (
          update job j set heartbeat_at = clock_timestamp(), done = $4, total = $5 where ${HELD} returning 1)
        select from beaten`,
        [clusterId, id, worker, done, total],
      ),
    end: ({ clusterId, id }, worker, end) =>
      changed(STATEMENTS.end, END, [
        clusterId,
        id,
        worker,
        end.status,
        end.status === 'DONE' && end.result !== null ? JSON.stringify(end.result) : null,
        end.status === 'FAILED' ? end.error : null,
      ]),
    retry: ({ clusterId, id }, worker, error, seconds) =>
      changed(STATEMENTS.retry, waitAgain('error = $4', `now() + $5 * interval '1 second'`), [
        clusterId,
        id,
        worker,
        error,
        seconds,
      ]),
    giveBack: ({ clusterId, id }, worker) =>
      changed(STATEMENTS.giveBack, waitAgain('attempts = j.attempts - 1', null), [
        clusterId,
        id,
        worker,
      ]),
    workerBeat: async worker => {
      await manager.query(
        `/* jobRuns.workerBeat */ insert into job_worker (id, heartbeat_at) values ($1, clock_timestamp())
        on conflict (id) do update set heartbeat_at = excluded.heartbeat_at`,
        [worker],
      );
    },
    workerGone: async worker => {
      await manager.query('/* jobRuns.workerGone */ delete from job_worker where id = $1', [
        worker,
      ]);
    },
    forget: async () => {
      const [, count] = await manager.query(FORGET);
      return count;
    },
    sweep: () => sweep(manager),
  };
};
