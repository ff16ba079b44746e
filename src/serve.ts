import { type Authenticator, authenticator } from './access/authenticate.js';
import { newTokenText, TokenKind } from './access/token.js';
import { TOKENS_CHANGED } from './access/token.store.js';
import { createApp } from './app.js';
import type { Config } from './config.js';
import { openDataSource } from './database/data-source.js';
import { migrateJobs } from './database/jobs.js';
import type { Log } from './database/log.js';
import { migrate } from './database/migrate.js';
import { openPlace } from './database/migrate-command.js';
import { migrations } from './database/migrations.js';
import { listen } from './database/notify.js';
import { type Databases, databasesOn } from './databases.js';
import { type JobEnds, openJobEnds } from './jobs/job-ends.js';
import { type JobRunner, startJobRunner } from './jobs/job-runner.js';
import { nothingOpened, type Opened } from './opened.js';
import { startThreads } from './remote-use-cases.js';
import { jobHandlersOn, minutelyOn, nightlyOn, tables } from './rooms.js';

export type Running = {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Of this process, for what it asks of itself; stored nowhere. */
  readonly token: string;
  /** Drains, then ends the database last of all. */
  close(): Promise<void>;
};

/** A migrated database, and how this process hears of jobs. */
type Ready = { readonly url: string; readonly databases: Databases; readonly ends: JobEnds };

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

async function tellWhoMayAsk({ tokens }: Databases, host: string, log: Log): Promise<void> {
  if (await tokens.exists()) return;
  if (LOOPBACK.has(host))
    log.info({ host }, 'no token has been created: every local caller is answered');
  else
    log.warn(
      { host },
      'no token has been created, so nobody is answered: `weirgate token create --role ADMIN --database-url …` makes the first',
    );
}

/** Who asks; a token that is revoked on another replica is heard of here. */
async function openCallers(
  { url, databases }: Ready,
  { host }: Config,
  log: Log,
  { keep }: Opened,
): Promise<{ readonly callers: Authenticator; readonly token: string }> {
  const token = newTokenText(TokenKind.API);
  const callers = authenticator({
    tokens: databases.tokens,
    anonymous: LOOPBACK.has(host),
    own: token,
    now: () => Date.now(),
  });
  const { forget } = callers;
  keep(await listen(url, TOKENS_CHANGED, forget, { log, onGap: forget }), close => close());
  return { callers, token };
}

/** Starts the database (where it is ours) and brings the tables up to date. */
async function openDatabases(config: Config, log: Log, { keep }: Opened): Promise<Ready> {
  const place = keep(await openPlace(config, log), one => one.stop());
  const source = keep(
    await openDataSource(place.url, {
      tables,
      migrations,
      poolSize: config.poolSize,
      statementTimeoutMs: config.statementTimeoutMs,
      log,
    }),
    one => one.destroy(),
  );
  await migrate(source);
  await migrateJobs(place.url, log);
  const ends = keep(await openJobEnds(place.url, log), one => one.close());
  const { url } = place;
  const threads = keep(startThreads({ url, ...config }), one => one.close());
  return { url, databases: databasesOn(source, ends, threads.useCasesOf), ends };
}

const startWorker = ({ url, databases, ends }: Ready, config: Config, log: Log) =>
  startJobRunner({
    url,
    ...databases.jobRuns,
    ends,
    handlers: jobHandlersOn(databases.place),
    tasks: { nightly: nightlyOn(databases.place), minutely: minutelyOn(databases.place) },
    schedule: ['41 2 * * * nightly', '* * * * * minutely'],
    concurrency: config.workers,
    drainMs: config.drainTimeoutMs,
    log,
  });

/** Opens one after another; where something cannot be opened, closes what is open and throws. */
async function opening<T>(open: (opened: Opened) => Promise<T>): Promise<[T, Opened]> {
  const opened = nothingOpened();
  try {
    return [await open(opened), opened];
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/**
 * Starts the database, listens, and runs jobs.
 * @param worker false: jobs are left to other processes
 */
export async function serve(
  config: Config,
  log: Log,
  { worker = true }: { readonly worker?: boolean } = {},
): Promise<Running> {
  const [running, opened] = await opening(async within => {
    const ready = await openDatabases(config, log, within);
    if (worker) within.keep(await startWorker(ready, config, log), one => one.stop());
    const { callers, token } = await openCallers(ready, config, log, within);
    const { databases } = ready;
    const app = await createApp({ databases, callers }, config, log);
    within.keep(app, one => one.close());
    await tellWhoMayAsk(databases, config.host, log);
    return { url: await app.listen(config.port, config.host), token };
  });
  return { ...running, close: opened.close };
}

/** Runs jobs of a database, and answers nobody. */
export async function work(config: Config, log: Log): Promise<JobRunner> {
  const [, opened] = await opening(async within => {
    const ready = await openDatabases(config, log, within);
    within.keep(await startWorker(ready, config, log), one => one.stop());
  });
  return { stop: opened.close };
}
