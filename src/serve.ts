import { readFile } from 'node:fs/promises';
import { type Authenticator, authenticator } from './access/authenticate.js';
import { bearerCallers } from './access/oidc/bearer.js';
import { readIssuers } from './access/oidc/read-issuers.js';
import { newTokenText, TokenKind } from './access/token.js';
import { TOKENS_CHANGED } from './access/token.store.js';
import { createApp } from './app.js';
import { type Config, environment } from './config.js';
import { waitLonger } from './database/backoff.js';
import { openDataSource } from './database/data-source.js';
import { heeding } from './database/deadline.js';
import { codeOf } from './database/failure.js';
import { migrateJobs } from './database/jobs.js';
import { type Log, tracedLog } from './database/log.js';
import { migrate } from './database/migrate.js';
import { openPlace } from './database/migrate-command.js';
import { migrations } from './database/migrations.js';
import { listen } from './database/notify.js';
import { type Databases, databasesOn } from './databases.js';
import { createMetrics } from './http/metrics.js';
import { waitAt } from './http/waiting.js';
import { type JobEnds, openJobEnds } from './jobs/job-ends.js';
import { type JobRunner, startJobRunner } from './jobs/job-runner.js';
import type { Outgoing } from './notifiers/room.js';
import { secretsOf } from './notifiers/secret.js';
import { openDoors } from './open-doors.js';
import { nothingOpened, type Opened } from './opened.js';
import { startThreads } from './remote-use-cases.js';
import { jobHandlersOn, minutelyOn, nightlyOn, notifyOn, tables } from './rooms.js';
import { openTracing, type Tracing, tracingAsked } from './tracing/open-tracing.js';

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
  { host, issuersFile }: Config,
  log: Log,
  { keep }: Opened,
): Promise<{ readonly callers: Authenticator; readonly token: string }> {
  const token = newTokenText(TokenKind.API);
  const issuers = issuersFile === null ? [] : readIssuers(await readFile(issuersFile, 'utf8'));
  for (const { name, issuer } of issuers)
    log.info({ name, issuer }, 'tokens of an issuer are taken');
  const callers = authenticator({
    ...(issuers.length > 0 && { ofJwt: bearerCallers(issuers, () => Date.now()) }),
    tokens: databases.tokens,
    anonymous: LOOPBACK.has(host),
    own: token,
    now: () => Date.now(),
  });
  const { forget } = callers;
  keep(await listen(url, TOKENS_CHANGED, forget, { log, onGap: forget }), close => close());
  return { callers, token };
}

/** What is told and heard while a server starts. */
type Starting = {
  readonly log: Log;
  /** Ends the start. */
  readonly stop: AbortSignal;
  /** Why it takes so long. */
  readonly tell: (reason: string) => void;
  /** Hears of what was done in other threads. */
  readonly onWork?: (name: string, seconds: number) => void;
  readonly tracing: Tracing | null;
};

/** Faults of a database that is not there yet; a wrong password or name is told at once. */
const PASSING = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EAI_AGAIN', '57P03', '53300']);

const isPassing = (error: unknown): boolean =>
  error instanceof Error && PASSING.has(codeOf(error.cause) ?? '');

/** Connects; waits for a database that is not there yet for as long as it takes. */
async function openPatiently(url: string, config: Config, starting: Starting) {
  const { log, stop, tell } = starting;
  for (let tried = 0; ; tried += 1) {
    stop.throwIfAborted();
    try {
      const { poolSize, statementTimeoutMs, lockTimeoutMs } = config;
      const settings = { tables, migrations, poolSize, statementTimeoutMs, lockTimeoutMs, log };
      return await openDataSource(url, settings);
    } catch (error) {
      if (!isPassing(error)) throw error;
      log.error({ err: error, tried }, 'the database is not there yet, trying again');
      tell(error instanceof Error ? error.message : 'the database is not there yet');
      await waitLonger(tried, stop);
    }
  }
}

/** Starts the database (where it is ours) and brings the tables up to date. */
async function openDatabases(config: Config, starting: Starting, { keep }: Opened): Promise<Ready> {
  const { log, stop, onWork, tracing } = starting;
  const place = keep(await openPlace(config, log, stop), one => one.stop());
  const source = keep(await openPatiently(place.url, config, starting), one => one.destroy());
  await heeding(stop, () => migrate(source));
  stop.throwIfAborted();
  await migrateJobs(place.url, log);
  stop.throwIfAborted();
  const ends = keep(await openJobEnds(place.url, log), one => one.close());
  const { url } = place;
  const threads = keep(startThreads({ url, ...config, tracing }, onWork), one => one.close());
  return {
    url,
    databases: databasesOn(source, ends, threads.useCasesOf, outgoingOf(config)),
    ends,
  };
}

const outgoingOf = ({ secretKey, notifyAllow }: Config): Outgoing => ({
  secrets: secretKey === null ? null : secretsOf(secretKey),
  reach: { loopback: notifyAllow.includes('loopback'), private: notifyAllow.includes('private') },
});

const startWorker = ({ url, databases, ends }: Ready, config: Config, log: Log) =>
  startJobRunner({
    url,
    ...databases.jobRuns,
    ends,
    handlers: jobHandlersOn(databases.place),
    tasks: {
      nightly: nightlyOn(databases.place),
      minutely: minutelyOn(databases.place),
      notify: notifyOn(databases.place),
    },
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

/** Last of all to be closed: what the others do while they close is sent too. */
async function traceWithin({ keep }: Opened, log: Log): Promise<Tracing | null> {
  const tracing = tracingAsked(environment());
  if (tracing !== null) keep(await openTracing(tracing, log), tracer => tracer.close());
  return tracing;
}

const NEVER = new AbortController().signal;

type ServeOptions = {
  /** False: jobs are left to other processes. */
  readonly worker?: boolean;
  /** Ends the start at any moment, and what it has opened; fired later it does nothing. */
  readonly stop?: AbortSignal;
};

const once = (work: () => Promise<void>): (() => Promise<void>) => {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
};

/**
 * Starts the database, listens, and runs jobs. Until the database is there, the address tells that it is awaited.
 * @throws the reason of `stop`, when everything that was opened is closed
 */
export async function serve(
  config: Config,
  plainLog: Log,
  { worker = true, stop = NEVER }: ServeOptions = {},
): Promise<Running> {
  const log = tracedLog(plainLog);
  const [running, opened] = await opening(async within => {
    const tracing = await traceWithin(within, log);
    const waiting = config.port === 0 ? null : await waitAt(config.port, config.host);
    const close = once(async () => waiting?.close());
    within.keep(close, end => end());
    const tell = (reason: string): void => waiting?.tell(reason);
    const metrics = createMetrics();
    const onWork = metrics.worked;
    const ready = await openDatabases(config, { log, stop, tell, onWork, tracing }, within);
    if (worker) within.keep(await startWorker(ready, config, log), one => one.stop());
    const { callers, token } = await openCallers(ready, config, log, within);
    const { databases } = ready;
    const doors = await openDoors(config, log);
    const app = await createApp({ databases, callers, doors }, config, log, metrics);
    within.keep(app, one => one.close());
    await tellWhoMayAsk(databases, config.host, log);
    stop.throwIfAborted();
    await close();
    return { url: await app.listen(config.port, config.host), token };
  });
  return { ...running, close: opened.close };
}

/** Runs jobs of a database, and answers nobody. */
export async function work(
  config: Config,
  plainLog: Log,
  stop: AbortSignal = NEVER,
): Promise<JobRunner> {
  const log = tracedLog(plainLog);
  const [, opened] = await opening(async within => {
    const tracing = await traceWithin(within, log);
    const starting = { log, stop, tell: () => {}, tracing };
    const ready = await openDatabases(config, starting, within);
    within.keep(await startWorker(ready, config, log), one => one.stop());
  });
  return { stop: opened.close };
}
