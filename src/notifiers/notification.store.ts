import type { EntityManager } from 'typeorm';
import { ALERT_MESSAGE, ALERT_STATE } from '../alerts/alert-row.js';
import { isHere } from '../database/presence.js';
import {
  bool,
  type Columns,
  int4,
  json,
  jsonb,
  nullable,
  oneOf,
  statement,
  text,
  uuid,
} from '../database/row.js';
import { dateTimeText } from '../query/date-time.js';
import { type Notifier, NotifierKind, type Told } from './notifier.js';

/** A notifier whose messages one process sends, and how many it sent lately. */
export type Claimed = Pick<
  Notifier,
  'id' | 'kind' | 'config' | 'secret' | 'oldSecret' | 'digest' | 'maxPerHour'
> & {
  readonly sentInHour: number;
  readonly sentInFiveMinutes: number;
};

/** An alert that a notifier has to tell. */
export type Due = {
  readonly clusterId: number;
  readonly id: string;
  /** The message that was begun for it; null: none was. */
  readonly messageId: string | null;
  readonly attempts: number;
  readonly told: Told;
};

/** What came of a message. */
export type Settled = {
  readonly state: 'SENT' | 'PENDING' | 'DEAD';
  readonly error: string | null;
  /** PENDING: until the next attempt of this one. */
  readonly waitMs: number | null;
  /** Until the next attempt of any. */
  readonly pauseMs: number | null;
  /** The receiver said that it is gone: the notifier is switched off. */
  readonly gone: boolean;
  readonly ref: string | null;
};

export type NotificationCounts = {
  readonly notifierId: string;
  readonly pending: number;
  readonly dead: number;
};

/** The outbox: what notifiers have to tell, and told. */
export type NotificationStore = {
  /**
   * One that has something to send and that no process sends for; held for a minute, or until the session of its holder ends. Null: there
   * is none.
   * @param others ids that are not wanted
   */
  claim(others: readonly string[], holder: string): Promise<Claimed | null>;
  release(notifierId: string, holder: string): Promise<void>;
  /** Drops what is not worth a message any more, and answers the rest that is due, oldest first. */
  take(notifierId: string, limit: number): Promise<readonly Due[]>;
  /** Writes down that a message of these is being sent; holds the notifier for another minute. False: it is held by another by now. */
  begin(
    { notifierId, holder }: { readonly notifierId: string; readonly holder: string },
    messageId: string,
    dues: readonly Due[],
  ): Promise<boolean>;
  settle(notifierId: string, messageId: string, settled: Settled): Promise<void>;
  /** Of targets that want to be told again and again: what they were told and is open, or was resolved in the last five minutes. */
  standing(notifierId: string): Promise<readonly Told[]>;
  /** What went wrong besides messages; null: nothing. */
  note(notifierId: string, error: string | null): Promise<void>;
  counts(): Promise<readonly NotificationCounts[]>;
  /** Makes what was given up due again; answers how many. */
  retryDead(notifierId: string): Promise<number>;
  /**
   * Asks for a delivery at the time at which a message that waits may be tried again, where that is before the next minute's; where somebody
   * sends, in five seconds, to see whether that process lives.
   */
  askAgain(): Promise<void>;
  /** Forgets what was told or dropped so many days ago of alerts that are resolved, and what no alert has any more. */
  forget(days: number): Promise<void>;
};

const CLAIMED: Columns<Claimed> = {
  id: uuid,
  kind: oneOf(NotifierKind),
  config: jsonb<Notifier['config']>(),
  secret: nullable(text),
  oldSecret: nullable(text),
  digest: bool,
  maxPerHour: nullable(int4),
  sentInHour: int4,
  sentInFiveMinutes: int4,
};

const STATEMENTS = {
  claim: statement('notifications.claim', CLAIMED),
  take: statement<Due>('notifications.take', {
    clusterId: int4,
    id: uuid,
    messageId: nullable(uuid),
    attempts: int4,
    told: json<Told>(),
  }),
  standing: statement<{ told: Told }>('notifications.standing', { told: json<Told>() }),
  counts: statement<NotificationCounts>('notifications.counts', {
    notifierId: uuid,
    pending: int4,
    dead: int4,
  }),
  retryDead: statement('notifications.retryDead', { id: uuid }),
  begin: statement('notifications.begin', { id: uuid }),
  askAgain: statement('notifications.askAgain', { id: text }),
} as const;

const SENT_IN = (time: string): string =>
  `(select count(distinct message_id)::int from notification s where s.notifier_id = t.id and s.sent_at > now() - interval '${time}')`;

const CLAIM = `with t as (
  update notifier t set lease_until = now() + interval '1 minute', lease_holder = $2 from (
    select id from notifier n where enabled and n.id <> all($1::uuid[]) and (lease_until is null or lease_until < now() or not ${isHere('n.lease_holder')})
      and (not_before is null or not_before <= now())
      and exists (select from notification p where p.notifier_id = n.id and p.state = 'PENDING' and p.next_at <= now())
    order by id limit 1 for update skip locked) x
  where t.id = x.id returning t.*)
  select t.id, t.kind, t.config, t.secret, case when t.old_secret_until > now() then t.old_secret end as "oldSecret", t.digest,
    t.max_per_hour as "maxPerHour", ${SENT_IN('1 hour')} as "sentInHour", ${SENT_IN('5 minutes')} as "sentInFiveMinutes" from t`;

/** The latest that was told of the alert before, or may have been. */
const TOLD_BEFORE = `(select o.kind from notification o where o.cluster_id = n.cluster_id and o.alert_id = n.alert_id
  and o.notifier_id = n.notifier_id and o.event < n.event and (o.state = 'SENT' or o.attempts > 0) order by o.event desc limit 1)`;

/**
 * Not worth a message: the alert has changed again, sleeps, or belongs to one that the same notifier tells; or it is resolved
 * before anybody heard of it.
 */
const DROP = `/* notifications.drop */
  update notification n set state = 'DROPPED' from alert a, cluster c
  where n.notifier_id = $1 and n.state = 'PENDING' and a.cluster_id = n.cluster_id and a.id = n.alert_id and c.id = n.cluster_id
    and (c.deleted_at is not null or n.event < a.event
      or n.kind = 'OPENED' and (a.state = 'SNOOZED' and a.snoozed_until > now() or exists (select from notification l
        where l.cluster_id = a.cluster_id and l.alert_id = a.lead_id and l.notifier_id = n.notifier_id and l.kind = 'OPENED'
          and l.state <> 'DROPPED'))
      or n.kind = 'RESOLVED' and ${TOLD_BEFORE} is distinct from 'OPENED')`;

const REF = `(select o.ref from notification o where o.cluster_id = a.cluster_id and o.alert_id = a.id and o.notifier_id = n.notifier_id
  and o.ref is not null order by o.event desc limit 1)`;

const TOLD = `json_build_object('id', n.id, 'kind', n.kind, 'alertId', a.id, 'cluster', c.name, 'namespace', coalesce(d.namespace, a.namespace, ''),
  'deployment', coalesce(d.name, ''), 'subject', coalesce(d.namespace || '/' || d.name, d.name, a.group_name), 'rule', a.rule, 'severity', a.severity, 'state', ${ALERT_STATE}, 'message', ${ALERT_MESSAGE},
  'occurrences', a.occurrences::text, 'firstOccurredAt', ${dateTimeText('a.first_occurred_at')},
  'lastOccurredAt', ${dateTimeText('a.last_occurred_at')},
  'resolution', nullif(concat_ws(': ', a.resolved_by, a.resolution), ''), 'again', n.attempts > 0 or ${TOLD_BEFORE} is not null,
  'ref', ${REF})`;

const ENDS = `join alert a on a.cluster_id = n.cluster_id and a.id = n.alert_id join cluster c on c.id = a.cluster_id
  left join peer d on d.cluster_id = a.cluster_id and d.id = a.deployment_id`;

const TAKE = `
  select n.cluster_id as "clusterId", n.id, n.message_id as "messageId", n.attempts, ${TOLD} as told
  from (select * from notification where notifier_id = $1 and state = 'PENDING' and next_at <= now()
    order by created_at, id limit $2) n ${ENDS} order by n.created_at, n.id`;

const STANDING = `
  select ${TOLD} as told from (
    select distinct on (cluster_id, alert_id) * from notification where notifier_id = $1 and state = 'SENT'
    order by cluster_id, alert_id, event desc) n ${ENDS}
  where c.deleted_at is null and (n.kind = 'OPENED' and a.state = 'OPEN'
    or n.kind = 'RESOLVED' and a.state = 'RESOLVED' and a.resolved_at > now() - interval '5 minutes')
  order by a.cluster_id, a.id limit 5000`;

const BEGIN = `with held as (
    update notifier set lease_until = now() + interval '1 minute' where id = $1 and lease_holder = $5 returning id),
  begun as (update notification n set message_id = $2, attempts = n.attempts + 1
    from held, unnest($3::int[], $4::uuid[]) k (cluster_id, id)
    where n.cluster_id = k.cluster_id and n.id = k.id and n.state = 'PENDING')
  select id from held`;

const SETTLE = `/* notifications.settle */
  with settled as (
    update notification set state = $3, last_error = $4, sent_at = case when $3 = 'SENT' then now() end,
      next_at = now() + coalesce($5::float8, 0) * interval '1 millisecond', ref = coalesce($8, ref)
    where message_id = $2 and notifier_id = $1 and state = 'PENDING' returning notifier_id)
  update notifier t set failures = case when $3 = 'SENT' then 0 else t.failures + 1 end,
    last_error = case when $3 = 'SENT' then null else $4 end,
    not_before = case when $6::float8 is null then null else now() + $6::float8 * interval '1 millisecond' end,
    enabled = t.enabled and not $7::boolean
  where t.id = $1 and exists (select from settled)`;

const ASK_AGAIN = `
  select j.id::text as id from (
    select min(case when n.lease_until > now() then now() + interval '5 seconds' else greatest(p.next_at, n.not_before) end) as at
    from notification p join notifier n on n.id = p.notifier_id
    where p.state = 'PENDING' and p.next_at < now() + interval '1 minute' and n.enabled
      and (n.lease_until > now() or greatest(p.next_at, n.not_before) > now())) w
  cross join lateral graphile_worker.add_job('notify', job_key := 'notify again', run_at := w.at) j
  where w.at < now() + interval '1 minute'`;

const FORGET = `/* notifications.forget */
  delete from notification n using alert a
  where a.cluster_id = n.cluster_id and a.id = n.alert_id and a.state = 'RESOLVED' and n.state in ('SENT', 'DROPPED')
    and n.created_at < now() - $1::int * interval '1 day'`;

const LONGEST_ERROR = 500;

export const notificationStore = (manager: EntityManager): NotificationStore => ({
  claim: async (others, holder) =>
    (await STATEMENTS.claim.rows(manager, CLAIM, [others, holder]))[0] ?? null,
  release: async (id, holder) => {
    const sql = `/* notifications.release */ update notifier set lease_until = null, lease_holder = null
      where id = $1 and lease_holder = $2`;
    await manager.query(sql, [id, holder]);
  },
  take: async (id, limit) => {
    await manager.query(DROP, [id]);
    return STATEMENTS.take.rows(manager, TAKE, [id, limit]);
  },
  begin: async ({ notifierId, holder }, messageId, dues) => {
    const keys = [dues.map(({ clusterId }) => clusterId), dues.map(one => one.id)];
    const values = [notifierId, messageId, ...keys, holder];
    return (await STATEMENTS.begin.rows(manager, BEGIN, values)).length > 0;
  },
  settle: async (id, messageId, { state, error, waitMs, pauseMs, gone, ref }) => {
    const short = error?.slice(0, LONGEST_ERROR) ?? null;
    await manager.query(SETTLE, [id, messageId, state, short, waitMs, pauseMs, gone, ref]);
  },
  standing: async id =>
    (await STATEMENTS.standing.rows(manager, STANDING, [id])).map(({ told }) => told),
  note: async (id, error) => {
    await manager.query(
      `/* notifications.note */ update notifier set last_error = $2, failures = case when $2::text is null then 0 else failures + 1 end
      where id = $1 and ($2::text is not null or failures > 0)`,
      [id, error?.slice(0, LONGEST_ERROR) ?? null],
    );
  },
  counts: () =>
    STATEMENTS.counts.rows(
      manager,
      `select notifier_id as "notifierId", count(*) filter (where state = 'PENDING')::int as pending,
        count(*) filter (where state = 'DEAD')::int as dead
      from notification where state in ('PENDING', 'DEAD') group by notifier_id`,
      [],
    ),
  retryDead: async notifierId =>
    (
      await STATEMENTS.retryDead.rows(
        manager,
        `with again as (update notification set state = 'PENDING', attempts = 0, next_at = now()
          where notifier_id = $1 and state = 'DEAD' returning id),
          paused as (update notifier set not_before = null where id = $1) select id from again`,
        [notifierId],
      )
    ).length,
  askAgain: async () => {
    await STATEMENTS.askAgain.rows(manager, ASK_AGAIN, []);
  },
  forget: async days => {
    await manager.query(FORGET, [days]);
  },
});
