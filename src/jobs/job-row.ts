import { type Columns, int4, int8, jsonb, nullable, oneOf, text, uuid } from '../database/row.js';
import { dateTimeText } from '../query/date-time.js';
import { type Job, type JobResult, JobStatus } from './job.js';

/** Of `JOB_COLUMNS`. */
export const JOB: Columns<Job> = {
  clusterId: int4,
  id: uuid,
  kind: text,
  status: oneOf(JobStatus),
  done: int4,
  total: nullable(int4),
  error: nullable(text),
  result: nullable(jsonb<JobResult>()),
  createdAt: text,
  startedAt: nullable(text),
  finishedAt: nullable(text),
  heartbeatAt: nullable(text),
  attempts: int4,
  caller: text,
};

/** Of `select (queueText).id`: the entry in the queue. */
export const QUEUED: Columns<{ readonly id: string }> = { id: int8 };

/** The columns of `job j` as a `Job`. */
export const JOB_COLUMNS = `j.cluster_id as "clusterId", j.id, j.kind, j.status, j.done, j.total, j.error, j.result,
  ${dateTimeText('j.created_at')} as "createdAt", ${dateTimeText('j.started_at')} as "startedAt",
  ${dateTimeText('j.finished_at')} as "finishedAt", ${dateTimeText('j.heartbeat_at')} as "heartbeatAt",
  j.attempts, j.caller`;

/** Postgres tells every process on this channel which job has ended: `clusterId id`. */
export const JOB_CHANNEL = 'weirgate_job';

/** For a statement with the ended rows as `ended`: tells of each when the transaction commits. */
export const TELL_ENDED = `select pg_notify('${JOB_CHANNEL}', cluster_id || ' ' || id) from ended`;

/** graphile-worker's name for the task that runs jobs of a kind. */
export const taskOf = (kind: string): string => `job:${kind}`;

/**
 * SQL that puts a row of `job j` in graphile-worker's queue, in its turn. There is one entry for each job, by its key: while the
 * entry is locked by the worker that runs it, this makes the next one, and the locked one is not tried again.
 * @param runAt an SQL expression, or null for at once
 */
export const queueText = (runAt: string | null): string =>
  `graphile_worker.add_job('job:' || j.kind, json_build_object('clusterId', j.cluster_id, 'id', j.id, 'trace', j.trace),
    job_key := 'job ' || j.cluster_id || ' ' || j.id, run_at := ${runAt ?? 'now()'}, priority := j.turn)`;
