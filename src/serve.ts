import { type Authenticator, authenticator } from './access/authenticate.js';
import { bearerCallers } from './access/oidc/bearer.js';
import { newTokenText, TokenKind } from './access/token.js';
import { TOKENS_CHANGED } from './access/token.store.js';
import { admissionOf, createApp } from './app.js';
import { type Config, environment } from './config.js';
import { makeDataFolder } from './database/data-folder.js';
import { type Log, tracedLog } from './database/log.js';
import { listen } from './database/notify.js';
import type { Databases } from './databases.js';
import { DEFAULT_LIMITS } from './graphql/check-document.js';
import { graphqlErrorForm } from './graphql/error-form.js';
import { createDoor, type Door } from './http/door.js';
import { createMetrics } from './http/metrics.js';
import { startJobRunner } from './jobs/job-runner.js';
import { openDatabases, type Ready } from './open-databases.js';
import { type Doors, openDoors, openEntrance } from './open-doors.js';
import { nothingOpened, type Opened } from './opened.js';
import { jobHandlersOn, minutelyOn, nightlyOn, notifyOn } from './rooms.js';
import { openTracing, type Tracing, tracingAsked } from './tracing/open-tracing.js';

export type Running = {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Of this process, for what it asks of itself; stored nowhere. */
  readonly token: string;
  /** Resolves when another database is met at the address of the one that was opened: close, and serve again. */
  readonly replaced: Promise<void>;
  /** Drains, then ends the database last of all. */
  close(): Promise<void>;
};

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

/** What decides who is answered. */
type Asking = Pick<Config, 'host'> & Pick<Doors, 'issuers'> & { readonly log: Log };

/** Who asks; a token that is revoked on another replica is heard of here. */
async function openCallers(
  { url, databases }: Ready,
  { host, issuers, log }: Asking,
  { keep }: Opened,
): Promise<{ readonly callers: Authenticator; readonly token: string }> {
  const token = newTokenText(TokenKind.API);
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

const startWorker = ({ url, same, databases, ends }: Ready, config: Config, log: Log) =>
  startJobRunner({
    url,
    same,
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
  /** True after `replaced`. */
  readonly again?: boolean;
  /** What `openDoor` answered; whoever gives it closes it. Default: one that is closed with the server. */
  readonly door?: Door;
};

/**
 * Listens, and tells everybody that the server is starting.
 * @throws Failure for an address that cannot be listened at, and for files that are not what they are named for
 */
export async function openDoor(config: Config, plainLog: Log): Promise<Door> {
  const log = tracedLog(plainLog);
  const door = createDoor({
    ...(await openEntrance(config, log)),
    log,
    metrics: createMetrics(),
    admission: admissionOf(config),
    errorForm: graphqlErrorForm(DEFAULT_LIMITS.cost),
  });
  await door.listen(config.port, config.host);
  return door;
}

/**
 * Listens, starts the database, and runs jobs. Until the database is there, the address tells that it is awaited.
 * @throws the reason of `stop`, when everything that was opened is closed
 */
export async function serve(
  config: Config,
  plainLog: Log,
  { worker = true, stop = NEVER, again = false, door: given }: ServeOptions = {},
): Promise<Running> {
  const log = tracedLog(plainLog);
  const { promise: replaced, resolve: onReplaced } = Promise.withResolvers<void>();
  const [running, opened] = await opening(async within => {
    const tracing = await traceWithin(within, log);
    const doors = await openDoors(config);
    const door = given ?? within.keep(await openDoor(config, plainLog), one => one.close());
    door.tell('the database is being opened');
    if (config.databaseUrl === null) await makeDataFolder(config.dataDir);
    const metrics = createMetrics();
    const onWork = metrics.worked;
    const starting = { log, stop, tell: door.tell, onWork, tracing, again, onOther: onReplaced };
    const ready = await openDatabases(config, starting, within);
    const runner = worker
      ? within.keep(await startWorker(ready, config, log), one => one.stop())
      : null;
    const { callers, token } = await openCallers(ready, { ...config, ...doors, log }, within);
    const { databases } = ready;
    const app = await createApp(
      { databases, callers, doors, door, onOther: onReplaced },
      config,
      log,
      metrics,
    );
    // Requests and jobs have the same time to end.
    within.keep(app, one => together(one.close(), runner?.stop()));
    await tellWhoMayAsk(databases, config.host, log);
    stop.throwIfAborted();
    return { url: await app.listen(config.port, config.host), token };
  });
  return { ...running, replaced, close: opened.close };
}

/** Waits for all, whatever fails; then throws what failed first. */
async function together(...works: readonly (Promise<void> | undefined)[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}

/** Runs jobs of a database, and answers nobody. */
export async function work(
  config: Config,
  plainLog: Log,
  { stop = NEVER, again = false }: Pick<ServeOptions, 'stop' | 'again'> = {},
): Promise<Pick<Running, 'replaced' | 'close'>> {
  const log = tracedLog(plainLog);
  const { promise: replaced, resolve: onReplaced } = Promise.withResolvers<void>();
  const [, opened] = await opening(async within => {
    const tracing = await traceWithin(within, log);
    const starting = { log, stop, tell: () => {}, tracing, again, onOther: onReplaced };
    const ready = await openDatabases(config, starting, within);
    within.keep(await startWorker(ready, config, log), one => one.stop());
  });
  return { replaced, close: opened.close };
}
