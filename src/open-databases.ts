import type { Config } from './config.js';
import { waitLonger } from './database/backoff.js';
import { openDataSource } from './database/data-source.js';
import { heeding } from './database/deadline.js';
import { codeOf } from './database/failure.js';
import { migrateJobs } from './database/jobs.js';
import type { Log } from './database/log.js';
import { migrate } from './database/migrate.js';
import { migrations } from './database/migrations.js';
import { openPlace } from './database/place.js';
import { type SameDatabase, sameDatabase } from './database/same-database.js';
import { tablesState } from './database/tables-state.js';
import { type Databases, databasesOn, type Keeping } from './databases.js';
import { type JobEnds, openJobEnds } from './jobs/job-ends.js';
import { notifierStore } from './notifiers/notifier.store.js';
import type { Outgoing } from './notifiers/room.js';
import { sealAddresses } from './notifiers/sealed-address.js';
import { secretsOf } from './notifiers/secret.js';
import type { Opened } from './opened.js';
import { startThreads } from './remote-use-cases.js';
import { tables } from './rooms.js';
import type { Tracing } from './tracing/open-tracing.js';

/** A migrated database, and how this process hears of jobs. */
export type Ready = {
  readonly url: string;
  readonly same: SameDatabase;
  readonly databases: Databases;
  readonly ends: JobEnds;
};

/** What is told and heard while a server starts. */
export type Starting = {
  readonly log: Log;
  /** Ends the start. */
  readonly stop: AbortSignal;
  /** Why it takes so long. */
  readonly tell: (reason: string) => void;
  /** Hears of what was done in other threads. */
  readonly onWork?: (name: string, seconds: number) => void;
  readonly tracing: Tracing | null;
  /** True where this process has worked on the database before: one that is empty is waited for then, and not set up. */
  readonly again: boolean;
  /** Told when another database is met at the address. */
  readonly onOther: () => void;
};

/** Faults of a database that is not there yet; a wrong password or name is told at once. */
const PASSING = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EAI_AGAIN', '57P03', '53300']);

const isPassing = (error: unknown): boolean =>
  error instanceof Error && PASSING.has(codeOf(error.cause) ?? '');

type Place = { readonly url: string; readonly same: SameDatabase };

/** Connects; waits for a database that is not there yet for as long as it takes. */
async function openPatiently({ url, same }: Place, config: Config, starting: Starting) {
  const { log, stop, tell, again } = starting;
  for (let tried = 0; ; tried += 1) {
    stop.throwIfAborted();
    try {
      const { poolSize, statementTimeoutMs, lockTimeoutMs } = config;
      const settings = { tables, migrations, poolSize, statementTimeoutMs, lockTimeoutMs, log };
      return await openDataSource(url, { ...settings, same });
    } catch (error) {
      if (!again && !isPassing(error)) throw error;
      log.error({ err: error, tried }, 'the database is not there yet, trying again');
      tell(error instanceof Error ? error.message : 'the database is not there yet');
      await waitLonger(tried, stop);
    }
  }
}

type Source = Awaited<ReturnType<typeof openDataSource>>;

const EMPTY =
  'the database is empty: it is not the one that this server was started on; start the server again to set it up';

/**
 * An empty database that comes in the place of one that was in use is not set up by itself: all would seem well with nothing there, and
 * where no token is known everybody on loopback is answered.
 */
async function awaitTables(source: Source, { log, stop, tell }: Starting): Promise<void> {
  for (let tried = 0; ; tried += 1) {
    stop.throwIfAborted();
    const { tables: found } = await tablesState(source);
    if (found !== 'MISSING') return;
    if (tried === 0) log.error({}, EMPTY);
    tell(EMPTY);
    await waitLonger(tried, stop);
  }
}

/** Addresses that an older server stored in clear, or one without the key. All in one transaction: what was ended is done at the next start. */
async function sealClearAddresses(source: Source, { secretKey }: Config, log: Log): Promise<void> {
  if (secretKey === null) return;
  const secrets = secretsOf(secretKey);
  const addresses = await source.transaction(manager =>
    sealAddresses(notifierStore(manager), secrets),
  );
  if (addresses > 0) log.info({ addresses }, 'addresses of notifiers were sealed');
}

/** Starts the database (where it is ours) and brings the tables up to date. */
export async function openDatabases(
  config: Config,
  starting: Starting,
  { keep }: Opened,
): Promise<Ready> {
  const { log, stop, onWork, tracing, again, onOther } = starting;
  const place = keep(await openPlace(config, log, stop), one => one.stop());
  const { url } = place;
  const same = sameDatabase(null, onOther);
  const source = keep(await openPatiently({ url, same }, config, starting), one => one.destroy());
  if (again) await awaitTables(source, starting);
  await heeding(stop, () => migrate(source));
  stop.throwIfAborted();
  await migrateJobs(url, log);
  await sealClearAddresses(source, config, log);
  stop.throwIfAborted();
  const ends = keep(await openJobEnds(url, log), one => one.close());
  const data = { url, ...config, tracing, database: same.known() };
  const threads = keep(startThreads(data, onWork), one => one.close());
  return {
    url,
    same,
    databases: databasesOn(source, ends, threads.useCasesOf, keepingOf(config, log)),
    ends,
  };
}

const outgoingOf = ({ secretKey, notifyAllow }: Config): Outgoing => ({
  secrets: secretKey === null ? null : secretsOf(secretKey),
  reach: { loopback: notifyAllow.includes('loopback'), private: notifyAllow.includes('private') },
});

const keepingOf = (config: Config, log: Log): Keeping => ({
  outgoing: outgoingOf(config),
  auditKeeping: {
    key: config.secretKey,
    retentionDays: config.auditRetentionDays === 0 ? null : config.auditRetentionDays,
    tell: checkpoint => log.info({ checkpoint }, 'the audit log was sealed up to here'),
  },
});
