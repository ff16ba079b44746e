import pg from 'pg';
import {
  DataSource,
  type EntitySchema,
  type Logger,
  type MigrationInterface,
  type MixedList,
} from 'typeorm';
import { heedSignals } from './cancel.js';
import { openConnections } from './connections.js';
import { codeOf, failure } from './failure.js';
import { shareFairly } from './fair-pool.js';
import { type Log, silentLog } from './log.js';
import { oneAtATime } from './one-at-a-time.js';
import { keepPlans } from './prepared.js';
import type { SameDatabase } from './same-database.js';

export type DataSourceSettings = {
  readonly tables: readonly EntitySchema[];
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** Connections at most. Default 10. */
  readonly poolSize?: number;
  /** As Postgres shows it in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** A statement that runs longer is ended by Postgres (57014). Default 30 s; 0: never. */
  readonly statementTimeoutMs?: number;
  /** Waiting for what other work has locked ends with an error after so long (55P03). Default 20 s; 0: never. */
  readonly lockTimeoutMs?: number;
  /** Waiting for a new connection, or for one of the pool, ends with an error after so long. Default 10 s. */
  readonly connectTimeoutMs?: number;
  readonly log?: Log;
  /** Looks at each new connection. Default: any is taken. */
  readonly same?: SameDatabase;
  /** Sees every statement before it runs. */
  readonly onStatement?: (sql: string) => void;
};

const CONNECT_TIMEOUT_MS = 10_000;

const LOCK_TIMEOUT_MS = 20_000;

/** A transaction whose owner went away must not hold its locks for ever. */
const IDLE_IN_TRANSACTION_MS = 60_000;

const ignore = (): void => {};

const loggerOf = (log: Log, onStatement: (sql: string) => void): Logger => ({
  logQuery: onStatement,
  logQueryError: ignore,
  logQuerySlow: ignore,
  logSchemaBuild: ignore,
  logMigration: ignore,
  log: (level, message) => {
    if (level === 'warn') log.warn({}, `${message}`);
  },
});

/**
 * A statement whose process or thread was ended must not run on: Postgres looks every two seconds whether anybody still
 * waits. Where its system cannot tell, the limit of statements ends it.
 */
const watchOwner = (client: pg.Client): Promise<unknown> =>
  client
    .query(
      `/* session.watchOwner */ select set_config('client_connection_check_interval', '2s', false)`,
    )
    .catch(() => {});

/** The address as it may be shown: without the password. */
export function shownUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/**
 * Connects. Times are UTC on every connection. `destroy` waits for statements that run, and resolves when every
 * connection is closed. Throws a Failure when the server cannot be reached or
 * refuses; the tables are not looked at (`migrate` does that).
 */
export async function openDataSource(
  url: string,
  settings: DataSourceSettings,
): Promise<DataSource> {
  const connections = openConnections();
  const source = new DataSource({
    type: 'postgres',
    driver: pg,
    url,
    entities: settings.tables as MixedList<EntitySchema>,
    migrations: [...settings.migrations],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    poolSize: settings.poolSize ?? 10,
    applicationName: settings.applicationName ?? 'weirgate',
    connectTimeoutMS: settings.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    logging: settings.onStatement === undefined ? false : ['query'],
    logger: loggerOf(settings.log ?? silentLog, settings.onStatement ?? ignore),
    extra: {
      statement_timeout: settings.statementTimeoutMs ?? 30_000,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      lock_timeout: settings.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
      options: '-c timezone=UTC',
      keepAlive: true,
      onConnect: async (client: pg.Client) => {
        connections.add(client);
        keepPlans(client);
        await settings.same?.admit(client);
        heedSignals(client);
        oneAtATime(client);
        await watchOwner(client);
      },
    },
  });
  const destroy = source.destroy.bind(source);
  source.destroy = async () => {
    await destroy();
    await connections.closed();
  };
  try {
    await source.initialize();
    shareFairly(source, source.options.poolSize);
    return source;
  } catch (error) {
    throw failure(
      `the database \`${shownUrl(url)}\` cannot be reached: ${error instanceof Error ? error.message || codeOf(error) : error}`,
      'check `--database-url` (or DATABASE_URL), and that Postgres runs there',
      error,
    );
  }
}
