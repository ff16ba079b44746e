import { createHash } from 'node:crypto';
import { realpath, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { waitLonger } from './backoff.js';
import { clusterIn, sweepLeftovers, USER } from './cluster.js';
import { makeDataFolder } from './data-folder.js';
import { codeOf, failure, isFailure } from './failure.js';
import { holdFolder } from './folder-lock.js';
import type { Log } from './log.js';
import {
  type PostgresCluster,
  runningPostmaster,
  startPostmaster,
  stopPostmaster,
} from './postmaster.js';
import { startOf } from './process.js';

export type EmbeddedOptions = {
  /** Ours: the cluster in `postgres/`, its log, its password, the lock. Made when missing. */
  readonly dataDir: string;
  readonly log: Log;
  /** False only for what nobody minds losing in a power cut: nothing is forced to disk. Default true. */
  readonly durable?: boolean;
  /** Ends a start that is under way, and what it has started. */
  readonly signal?: AbortSignal;
};

export type Embedded = {
  /** Of the database `weirgate`, with its password. */
  readonly url: string;
  /** Ends Postgres, then lets go of the folder. Call it last of all. */
  stop(): Promise<void>;
};

const DATABASE = 'weirgate';
const HOST = '127.0.0.1';

/** For a small machine: a quarter of a gigabyte for pages, few connections, seldom a checkpoint. */
const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '192MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  synchronous_commit: 'on',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_line_prefix: '%m [%p] %a ',
};

const THROWAWAY = { fsync: 'off', full_page_writes: 'off' };

/** Parallel plans share memory through /dev/shm, of which a container has 64 MB unless told otherwise. */
async function sharedMemory(): Promise<Readonly<Record<string, string>>> {
  if (process.platform !== 'linux') return {};
  const { bavail, bsize } = await statfs('/dev/shm').catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize < 1_000_000_000 ? { dynamic_shared_memory_type: 'mmap' } : {};
}

/** A running Postgres with this name has these settings and these programs, so that it can be adopted. */
const nameOf = (cluster: PostgresCluster, settings: Readonly<Record<string, string>>): string =>
  `weirgate-${createHash('sha256')
    .update(JSON.stringify([cluster.program, settings]))
    .digest('hex')
    .slice(0, 16)}`;

const freePort = (): Promise<number> =>
  new Promise((found, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });

/** What one start needs to know; the same at a restart. */
type Plan = {
  readonly cluster: PostgresCluster;
  readonly password: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: Log;
  readonly signal: AbortSignal | undefined;
};

const urlOf = ({ password }: Pick<Plan, 'password'>, port: number, database: string): string =>
  `postgres://${USER}:${password}@${HOST}:${port}/${database}`;

/** The address of a running embedded Postgres. */
export const urlOfEmbedded = (password: string, port: number): string =>
  urlOf({ password }, port, DATABASE);

async function connected<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
}

const isOurs = (plan: Plan, port: number): Promise<boolean> =>
  connected(urlOf(plan, port, 'postgres'), async client => {
    const { rows } = await client.query('/* embedded.name */ show cluster_name');
    return rows[0]?.cluster_name === plan.settings['cluster_name'];
  }).catch(() => false);

/** It is there already, or came while this was made. */
const IS_THERE = new Set(['42P04', '23505']);

/** A postgres that was taken over may still be making the database for the server that was killed. */
export async function ensureDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query(
    '/* embedded.database */ select from pg_database where datname = $1',
    [name],
  );
  if (rowCount !== 0) return;
  await client.query(`create database ${name}`).catch(error => {
    if (!IS_THERE.has(codeOf(error) ?? '')) throw error;
  });
}

/** An orphan: what a killed server left running. It is adopted when it answers and is as we would start it. */
async function adopt(plan: Plan): Promise<number | null> {
  const orphan = await runningPostmaster(plan.cluster.folder);
  if (orphan === null) return null;
  if (orphan.ready && (await isOurs(plan, orphan.port))) {
    plan.log.info({ pid: orphan.pid }, 'took over the postgres that a killed server left');
    return orphan.port;
  }
  plan.log.warn({ pid: orphan.pid }, 'stopping the postgres that a killed server left');
  await stopPostmaster(plan.cluster);
  return null;
}

const TRIES = 60;
const BETWEEN_TRIES_MS = 250;

/** Children of a killed postmaster end a moment after it, and a free port may be taken meanwhile. */
const PASSES = /pre-existing shared memory block|already exists|could not bind/;

async function startOn(plan: Plan, wanted: number | null): Promise<number> {
  let output = '';
  for (let tried = 0; tried < TRIES; tried++) {
    const port = wanted ?? (await freePort());
    const settings = Object.entries({ ...plan.settings, port: `${port}` });
    const flags = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const start = await startPostmaster(plan.cluster, flags, plan);
    plan.signal?.throwIfAborted();
    if (start.kind === 'STARTED') return port;
    output = start.output;
    if (!PASSES.test(output)) break;
    await pause(BETWEEN_TRIES_MS);
    plan.signal?.throwIfAborted();
  }
  throw failure(
    `the embedded Postgres does not start: ${output.split('\n').slice(-5).join('; ')}`,
    `its log \`${plan.cluster.logFile}\` says why`,
  );
}

/** Some ten minutes; what starts this process again goes on from there. */
const MOST_FIRST_TRIES = 45;

const LOOK_EVERY_MS = 500;

/** Starts a Postgres that died, for ever: a full disk is emptied some time, and a port let go. */
async function revive(plan: Plan, port: number, signal: AbortSignal): Promise<void> {
  plan.log.error({}, 'postgres died, starting it again');
  for (let tried = 0; !signal.aborted; tried += 1) {
    try {
      await startOn({ ...plan, signal }, port);
      plan.log.info({ tried }, 'postgres runs again');
      return;
    } catch (error) {
      if (signal.aborted) return;
      plan.log.error({ err: error, tried }, 'postgres cannot be started, trying again');
      await waitLonger(tried, signal);
    }
  }
}

async function pidOf({ cluster, log }: Plan): Promise<number | null> {
  try {
    return (await runningPostmaster(cluster.folder))?.pid ?? null;
  } catch (error) {
    log.error({ err: error }, 'cannot tell whether postgres runs');
    return null;
  }
}

/** Keeps Postgres running: one that died (killed, out of memory) is started again on the same port. */
async function keep(plan: Plan, port: number, signal: AbortSignal): Promise<void> {
  let pid: number | null = null;
  while (!signal.aborted) {
    if (pid === null || startOf(pid) === null) {
      pid = await pidOf(plan);
      if (pid === null) await revive(plan, port, signal);
    }
    await pause(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
  }
}

/** The same at the first start, as long as nobody stops it. */
async function firstStart(plan: Plan): Promise<number> {
  const never = new AbortController().signal;
  for (let tried = 0; ; tried += 1) {
    try {
      return await startOn(plan, null);
    } catch (error) {
      plan.signal?.throwIfAborted();
      if (!isFailure(error) || tried === MOST_FIRST_TRIES) throw error;
      plan.log.error({ err: error, tried }, 'postgres cannot be started, trying again');
      await waitLonger(tried, plan.signal ?? never);
      plan.signal?.throwIfAborted();
    }
  }
}

async function run(plan: Plan, release: () => Promise<void>): Promise<Embedded> {
  const port = (await adopt(plan)) ?? (await firstStart(plan));
  const making = (client: pg.Client): Promise<void> => ensureDatabase(client, DATABASE);
  await connected(urlOf(plan, port, 'postgres'), making).catch(async error => {
    await stopPostmaster(plan.cluster);
    throw error;
  });
  const watch = new AbortController();
  const kept = keep(plan, port, watch.signal);
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    watch.abort();
    await kept;
    await stopPostmaster(plan.cluster);
    await release();
  };
  return {
    url: urlOf(plan, port, DATABASE),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/**
 * Starts the embedded Postgres of a data folder, or takes over the one that a killed server left there.
 * Throws a Failure with its cure when another server holds the folder or Postgres cannot run.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { log, durable = true, signal } = options;
  await makeDataFolder(options.dataDir);
  const dataDir = await realpath(options.dataDir);
  const release = await holdFolder(dataDir);
  try {
    await sweepLeftovers(dataDir);
    const { cluster, password } = await clusterIn(dataDir, durable, signal);
    signal?.throwIfAborted();
    const chosen = { ...SETTINGS, ...(await sharedMemory()), ...(durable ? {} : THROWAWAY) };
    const settings = { ...chosen, cluster_name: nameOf(cluster, chosen) };
    return await run({ cluster, password, settings, log, signal }, release);
  } catch (error) {
    await release();
    throw error;
  }
}
