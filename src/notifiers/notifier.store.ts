import type { EntityManager } from 'typeorm';
import { AlertSeverity } from '../alerts/alert.js';
import { ALERT_STATE } from '../alerts/alert-row.js';
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
  texts,
  uuid,
} from '../database/row.js';
import { dateTimeText } from '../query/date-time.js';
import { type Notifier, NotifierKind, type Told } from './notifier.js';

/** A notification that a process holds for a minute. */
export type Due = {
  readonly clusterId: number;
  readonly id: string;
  readonly attempts: number;
  /** Whether it is not to be told any more: the alert belongs to another, or changed again. */
  readonly dropped: boolean;
  readonly told: Told;
  readonly notifier: Pick<Notifier, 'id' | 'kind' | 'config' | 'secret'>;
};

/** What was tried of a notification. */
export type Settled = {
  readonly state: 'SENT' | 'DROPPED' | 'PENDING' | 'DEAD';
  readonly error: string | null;
  /** PENDING: until the next attempt. */
  readonly waitMs: number | null;
};

export type NotificationCounts = {
  readonly notifierId: string;
  readonly pending: number;
  readonly dead: number;
};

export type NotifierStore = {
  /** By name. */
  all(): Promise<readonly Notifier[]>;
  put(notifier: Notifier): Promise<void>;
  remove(id: string): Promise<void>;
  /** What is due, oldest first; held for a minute, and skipped where another process holds it. */
  lease(limit: number): Promise<readonly Due[]>;
  settle(due: Due, settled: Settled): Promise<void>;
  counts(): Promise<readonly NotificationCounts[]>;
  /** Makes what was given up due again; answers how many. */
  retryDead(notifierId: string): Promise<number>;
};

const NOTIFIER: Columns<Notifier> = {
  id: uuid,
  name: text,
  kind: oneOf(NotifierKind),
  config: jsonb<Notifier['config']>(),
  secret: nullable(text),
  minSeverity: oneOf(AlertSeverity),
  rules: nullable(texts) as Columns<Notifier>['rules'],
  clusters: nullable(texts),
  enabled: bool,
  failures: int4,
  lastError: nullable(text),
  updatedAt: text,
  updatedBy: text,
};

const STATEMENTS = {
  all: statement('notifiers.all', NOTIFIER),
  lease: statement<Due>('notifiers.lease', {
    clusterId: int4,
    id: uuid,
    attempts: int4,
    dropped: bool,
    told: json<Told>(),
    notifier: json<Due['notifier']>(),
  }),
  counts: statement<NotificationCounts>('notifiers.counts', {
    notifierId: uuid,
    pending: int4,
    dead: int4,
  }),
  retryDead: statement('notifiers.retryDead', { id: uuid }),
} as const;

const LEASE = `
  with held as (
    update notification n set lease_until = now() + interval '1 minute', attempts = n.attempts + 1
    from (select cluster_id, id from notification where state = 'PENDING' and next_at <= now()
        and (lease_until is null or lease_until < now()) order by created_at, id limit $1 for update skip locked) due
    where n.cluster_id = due.cluster_id and n.id = due.id returning n.*)
  select n.cluster_id as "clusterId", n.id, n.attempts, a.lead_id is not null or a.event > n.event or c.deleted_at is not null as dropped,
    json_build_object('id', n.id, 'kind', n.kind, 'alertId', a.id, 'cluster', c.name, 'namespace', d.namespace,
      'deployment', d.name, 'rule', a.rule, 'severity', a.severity, 'state', ${ALERT_STATE},
      'message', a.message || case when a.why = '' then '' else ': ' || a.why end, 'occurrences', a.occurrences::text,
      'firstOccurredAt', ${dateTimeText('a.first_occurred_at')}, 'lastOccurredAt', ${dateTimeText('a.last_occurred_at')}) as told,
    json_build_object('id', t.id, 'kind', t.kind, 'config', t.config, 'secret', t.secret) as notifier
  from held n join notifier t on t.id = n.notifier_id
  join alert a on a.cluster_id = n.cluster_id and a.id = n.alert_id join cluster c on c.id = a.cluster_id
  join peer d on d.cluster_id = a.cluster_id and d.id = a.deployment_id order by n.created_at, n.id`;

const SETTLE = `/* notifiers.settle */
  with settled as (
    update notification set state = $3, last_error = $4, lease_until = null, sent_at = case when $3 = 'SENT' then now() end,
      next_at = now() + coalesce($5::float8, 0) * interval '1 millisecond'
    where cluster_id = $1 and id = $2 returning notifier_id)
  update notifier t set failures = case when $3 = 'SENT' then 0 when $4::text is null then t.failures else t.failures + 1 end,
    last_error = case when $3 = 'SENT' then null else coalesce($4, t.last_error) end
  from settled s where t.id = s.notifier_id`;

const PUT = `/* notifiers.put */
  insert into notifier (id, name, kind, config, secret, min_severity, rules, clusters, enabled, updated_at, updated_by)
  values ($1, $2, $3, $4, $5, $6, $7::text[], $8::text[], $9, $10, $11)
  on conflict (id) do update set name = excluded.name, config = excluded.config, secret = excluded.secret,
    min_severity = excluded.min_severity, rules = excluded.rules, clusters = excluded.clusters, enabled = excluded.enabled,
    updated_at = excluded.updated_at, updated_by = excluded.updated_by, failures = 0, last_error = null`;

const outbox = (manager: EntityManager): Pick<NotifierStore, 'counts' | 'retryDead'> => ({
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
          where notifier_id = $1 and state = 'DEAD' returning id) select id from again`,
        [notifierId],
      )
    ).length,
});

export const notifierStore = (manager: EntityManager): NotifierStore => ({
  all: () =>
    STATEMENTS.all.rows(
      manager,
      `select id, name, kind, config, secret, min_severity as "minSeverity", rules, clusters, enabled, failures,
        last_error as "lastError", ${dateTimeText('updated_at')} as "updatedAt", updated_by as "updatedBy"
      from notifier order by name, id`,
      [],
    ),
  put: async ({
    id,
    name,
    kind,
    config,
    secret,
    minSeverity,
    rules,
    clusters,
    enabled,
    updatedAt,
    updatedBy,
  }) => {
    const values = [
      id,
      name,
      kind,
      JSON.stringify(config),
      secret,
      minSeverity,
      rules,
      clusters,
      enabled,
    ];
    await manager.query(PUT, [...values, updatedAt, updatedBy]);
  },
  remove: async id => {
    await manager.query(
      `/* notifiers.remove */ with gone as (delete from notifier where id = $1 returning id)
      delete from notification n using gone where n.notifier_id = gone.id`,
      [id],
    );
  },
  lease: limit => STATEMENTS.lease.rows(manager, LEASE, [limit]),
  settle: async ({ clusterId, id }, { state, error, waitMs }) => {
    await manager.query(SETTLE, [clusterId, id, state, error?.slice(0, 500) ?? null, waitMs]);
  },
  ...outbox(manager),
});
