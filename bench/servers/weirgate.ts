import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { startEmbedded } from '../../src/database/embedded.js';
import { silentLog } from '../../src/database/log.js';
import { weirgate } from './built.js';

/** A server over an embedded Postgres, both in processes of their own. */
export type Place = {
  readonly url: string;
  readonly databaseUrl: string;
  /** Process id of the server. */
  readonly pid: number;
  /** Process id of Postgres, whose children work for the connections. */
  readonly postmaster: number;
  readonly execute: (sql: string) => Promise<pg.QueryResult>;
};

const SECONDS_TO_START = 60;

async function start(databaseUrl: string): Promise<ChildProcess & { readonly url: string }> {
  const flags = ['serve', '--port', '0', '--log-level', 'warn', '--database-url', databaseUrl];
  const child = spawn(process.execPath, [...weirgate(), ...flags], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line', {
    signal: AbortSignal.timeout(SECONDS_TO_START * 1_000),
  });
  const [, url] = /^listening on (\S+)$/.exec(String(line)) ?? [];
  if (url === undefined) throw new Error(`the server does not listen; it printed: ${line}`);
  return Object.assign(child, { url });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.kill('SIGTERM');
  await end;
}

/** Starts a durable Postgres with empty tables and a server on it; ends both afterwards. */
export async function withServer<T>(use: (place: Place) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'weirgate-bench-'));
  await chmod(folder, 0o711);
  const database = await startEmbedded({ dataDir: folder, log: silentLog });
  const client = new pg.Client(database.url);
  let server: ChildProcess | null = null;
  try {
    await client.connect();
    const started = await start(database.url);
    server = started;
    const pidFile = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8');
    const { url, pid = 0 } = started;
    const postmaster = Number.parseInt(pidFile, 10);
    const databaseUrl = database.url;
    return await use({ url, databaseUrl, pid, postmaster, execute: sql => client.query(sql) });
  } finally {
    if (server !== null) await stop(server);
    await client.end();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The most memory that a process ever held, in bytes. Linux only. */
export async function peakOf(pid: number): Promise<number> {
  const [, kilobytes] =
    /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
