import type { EntityManager } from 'typeorm';
import { AlertSeverity } from '../alerts/alert.js';
import {
  bool,
  type Columns,
  int4,
  jsonb,
  nullable,
  oneOf,
  statement,
  text,
  texts,
  uuid,
} from '../database/row.js';
import { dateTimeText } from '../query/date-time.js';
import { type Notifier, NotifierKind } from './notifier.js';

export type NotifierStore = {
  /** By name. */
  all(): Promise<readonly Notifier[]>;
  /** Changes of notifiers wait for each other until their transactions end. */
  lock(): Promise<void>;
  put(notifier: Notifier): Promise<void>;
  /** Changes nothing else, and no version. */
  putConfig(id: string, config: Notifier['config']): Promise<void>;
  remove(id: string): Promise<void>;
  /** Whether a test may be sent now: one in ten seconds. */
  mayTest(id: string): Promise<boolean>;
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
  maxPerHour: nullable(int4),
  digest: bool,
  oldSecret: nullable(text),
  oldSecretUntil: nullable(text),
  failures: int4,
  lastError: nullable(text),
  version: int4,
  updatedAt: text,
  updatedBy: text,
};

const STATEMENTS = {
  all: statement('notifiers.all', NOTIFIER),
  mayTest: statement('notifiers.mayTest', { id: uuid }),
} as const;

const PUT = `/* notifiers.put */
  insert into notifier (id, name, kind, config, secret, min_severity, rules, clusters, enabled, updated_at, updated_by,
    max_per_hour, digest, old_secret, old_secret_until, version)
  values ($1, $2, $3, $4, $5, $6, $7::text[], $8::text[], $9, $10, $11, $12, $13, $14, $15, $16)
  on conflict (id) do update set name = excluded.name, config = excluded.config, secret = excluded.secret,
    min_severity = excluded.min_severity, rules = excluded.rules, clusters = excluded.clusters, enabled = excluded.enabled,
    updated_at = excluded.updated_at, updated_by = excluded.updated_by, failures = 0, last_error = null,
    not_before = null, max_per_hour = excluded.max_per_hour, digest = excluded.digest, old_secret = excluded.old_secret,
    old_secret_until = excluded.old_secret_until, version = excluded.version`;

/** Held with `pg_advisory_xact_lock`: any number that nothing else in the database locks. */
const LOCK_OF_NOTIFIERS = 727_075;

export const notifierStore = (manager: EntityManager): NotifierStore => ({
  all: () =>
    STATEMENTS.all.rows(
      manager,
      `select id, name, kind, config, secret, min_severity as "minSeverity", rules, clusters, enabled,
        max_per_hour as "maxPerHour", digest, old_secret as "oldSecret", ${dateTimeText('old_secret_until')} as "oldSecretUntil", failures,
        last_error as "lastError", version, ${dateTimeText('updated_at')} as "updatedAt", updated_by as "updatedBy"
      from notifier order by name, id`,
      [],
    ),
  lock: async () => {
    await manager.query('/* notifiers.lock */ select pg_advisory_xact_lock($1)', [
      LOCK_OF_NOTIFIERS,
    ]);
  },
  put: async notifier => {
    const { id, name, kind, config, secret, minSeverity, rules, clusters, enabled } = notifier;
    const { updatedAt, updatedBy, maxPerHour, digest, oldSecret, oldSecretUntil, version } =
      notifier;
    const which = [id, name, kind, JSON.stringify(config), secret, minSeverity, rules, clusters];
    const how = [enabled, updatedAt, updatedBy, maxPerHour, digest, oldSecret];
    await manager.query(PUT, [...which, ...how, oldSecretUntil, version]);
  },
  putConfig: async (id, config) => {
    await manager.query('/* notifiers.putConfig */ update notifier set config = $2 where id = $1', [
      id,
      JSON.stringify(config),
    ]);
  },
  remove: async id => {
    await manager.query(
      `/* notifiers.remove */ with gone as (delete from notifier where id = $1 returning id)
      delete from notification n using gone where n.notifier_id = gone.id`,
      [id],
    );
  },
  mayTest: async id =>
    (
      await STATEMENTS.mayTest.rows(
        manager,
        `with tested as (update notifier set tested_at = now() where id = $1
          and (tested_at is null or tested_at <= now() - interval '10 seconds') returning id) select id from tested`,
        [id],
      )
    ).length > 0,
});
