import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { type Caller, LOCAL_CALLER, principalOf } from '../access/caller.js';
import { scopeKey } from '../access/scope.js';
import { madeWithin } from '../access/visible.js';
import { statement } from '../database/row.js';
import { ApiError, ErrorCode } from '../query/api-error.js';
import { and, asking, buildWhere, type Condition, condition, sql } from '../query/condition.js';
import { cursorKeyColumn } from '../query/keyset.js';
import { COUNTED, countText, KEYED, type Keyed, type PageRequest, walked } from '../query/page.js';
import { currentParent } from '../tracing/tracing.js';
import type { Job, JobKey } from './job.js';
import { JOB, JOB_COLUMNS, QUEUED, queueText, TELL_ENDED } from './job-row.js';
import { packed } from './long-request.js';

export type NewJob = {
  readonly clusterId: number;
  readonly kind: string;
  readonly request: object;
};

export type JobStore = {
  /**
   * A PENDING job, and its entry in the queue: in a transaction, both or none. A worker takes it when the
   * transaction has committed. Each call makes another job.
   */
  add(job: NewJob): Promise<Job>;
  /** Those that the caller sees, in any order. */
  byIds(keys: readonly JobKey[]): Promise<readonly Job[]>;
  /** @param filter over job j */
  page(filter: Condition, request: PageRequest): Promise<readonly (Job & Keyed)[]>;
  count(filter: Condition): Promise<number>;
  /**
   * CANCELLED from now on, if it had not ended; its worker hears of it when the transaction commits. Answers the job;
   * null when it had ended, or is not the caller's to see.
   */
  cancel(key: JobKey): Promise<Job | null>;
  /**
   * The same of those that a filter finds, in the order of their keys.
   * @param filter over job j
   */
  cancelFound(filter: Condition, limit: number): Promise<readonly Job[]>;
  /** The same of all of a cluster. */
  cancelAll(clusterId: number): Promise<void>;
};

/** Who needs no token is alone on this machine; and so is what the server itself asks for. */
const isLocal = (caller: Caller): boolean => principalOf(caller) === principalOf(LOCAL_CALLER);

const STATEMENTS = {
  add: statement('jobs.add', JOB),
  queue: statement('jobs.queue', QUEUED),
  byIds: statement('jobs.byIds', JOB),
  page: statement<Job & Keyed>('jobs.page', { ...JOB, ...KEYED }),
  count: statement('jobs.count', COUNTED),
  cancel: statement('jobs.cancel', JOB),
  cancelFound: statement('jobs.cancelFound', JOB),
} as const;

/** Jobs of one caller that have not ended, on all servers together. */
const MOST_UNFINISHED = 1_000;
const RETRY_SECONDS = 30;

/** smallint, as graphile-worker's priorities are. */
const LAST_TURN = 32_000;

/**
 * The turn of a new job: the one after the last of its caller that waits or runs, and no earlier than the one after what runs now
 * (self-clocked fair queueing). Callers' jobs are so done in turns, and nobody's wait for ever.
 */
const TURN = `least(${LAST_TURN}, 1 + greatest(
  (select max(turn) from job where finished_at is null and principal = $7),
  coalesce((select max(turn) from job where finished_at is null and status = 'RUNNING'),
    (select min(turn) - 1 from job where finished_at is null), 0)))`;

const ADD = `insert into job as j (cluster_id, id, kind, status, done, request, created_at, attempts, caller, scope,
    principal, turn, trace)
  select $1, $2, $3, 'PENDING', 0, $4, clock_timestamp(), 0, $5, $6, $7, ${TURN}, $8
  where $9::int is null or (select count(*) from job where finished_at is null and principal = $7) < $9
  returning ${JOB_COLUMNS}`;

/** Stores a job as the one of the caller. @throws ApiError RATE_LIMITED where too many of the caller's have not ended */
const add =
  (manager: EntityManager, caller: Caller) =>
  async ({ clusterId, kind, request }: NewJob): Promise<Job> => {
    const stored = JSON.stringify(await packed(request));
    const [row] = await STATEMENTS.add.rows(manager, ADD, [
      ...[clusterId, randomUUID(), kind, stored, caller.name, scopeKey(caller)],
      ...[principalOf(caller), currentParent(), isLocal(caller) ? null : MOST_UNFINISHED],
    ]);
    if (row === undefined)
      throw new ApiError(
        ErrorCode.RATE_LIMITED,
        `\`${caller.name}\` has ${MOST_UNFINISHED} jobs that have not ended; wait for some of them, or cancel them`,
        { retryAfter: RETRY_SECONDS },
      );
    await STATEMENTS.queue.row(
      manager,
      `select (${queueText(null)}).id from job j where j.cluster_id = $1 and j.id = $2`,
      [clusterId, row.id],
    );
    return row;
  };

export const jobStore = (manager: EntityManager, caller: Caller): JobStore => {
  const seen = madeWithin(caller, { clusterId: 'j.cluster_id', scope: 'j.scope' });
  return {
    add: job => manager.transaction(within => add(within, caller)(job)),
    byIds: keys =>
      STATEMENTS.byIds.ask(
        manager,
        asking(
          [keys.map(({ clusterId }) => clusterId), keys.map(({ id }) => id)],
          [seen],
          own => `select ${JOB_COLUMNS}
        from job j join unnest($1::int[], $2::uuid[]) k (cluster_id, id) on k.cluster_id = j.cluster_id and k.id = j.id
        where ${own}`,
        ),
      ),
    page: (filter, request) => {
      const rows = walked(['job', 'j'], request, 'j.created_at');
      return STATEMENTS.page.ask(
        manager,
        sql`select ${JOB_COLUMNS}, ${cursorKeyColumn(request.order)} from ${rows}
        where ${and([filter, seen])} ${request.orderBy} limit ${String(request.fetch)}`,
      );
    },
    count: async filter => {
      const { sql: where, values } = buildWhere([filter, seen]);
      return (await STATEMENTS.count.row(manager, countText(`from job j ${where}`), values)).count;
    },
    cancelFound: (filter, limit) =>
      STATEMENTS.cancelFound.ask(
        manager,
        sql`with found as (
          select j.cluster_id, j.id from job j where ${and([condition('j.finished_at is null'), filter, seen])}
          order by j.cluster_id, j.id limit ${String(limit)} for update),
        ended as (
          update job j set status = 'CANCELLED', finished_at = clock_timestamp(), worker = null from found f
          where j.cluster_id = f.cluster_id and j.id = f.id returning j.*),
        told as materialized (${TELL_ENDED})
        select ${JOB_COLUMNS} from ended j where (select count(*) from told) >= 0 order by j.cluster_id, j.id`,
      ),
    cancelAll: async clusterId => {
      await manager.query(
        `/* jobs.cancelAll */ with ended as (
          update job set status = 'CANCELLED', finished_at = clock_timestamp(), worker = null
          where cluster_id = $1 and finished_at is null returning cluster_id, id)
        ${TELL_ENDED}`,
        [clusterId],
      );
    },
    cancel: async ({ clusterId, id }) => {
      const [row = null] = await STATEMENTS.cancel.ask(
        manager,
        asking(
          [clusterId, id],
          [seen],
          own => `with ended as (
          update job j set status = 'CANCELLED', finished_at = clock_timestamp(), worker = null
          where j.cluster_id = $1 and j.id = $2 and j.finished_at is null and ${own} returning j.*),
        told as materialized (${TELL_ENDED})
        select ${JOB_COLUMNS} from ended j where (select count(*) from told) >= 0`,
        ),
      );
      return row;
    },
  };
};
