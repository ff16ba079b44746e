import { spawn } from 'node:child_process';
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Account } from './account.js';
import { codeOf, failure } from './failure.js';
import type { Log } from './log.js';
import { commandOf, isTaken, startOf } from './process.js';
import type { Program } from './program.js';
import { runProgram } from './run-program.js';

/** One Postgres cluster on disk, and how to run it. */
export type PostgresCluster = {
  readonly program: Program;
  readonly account: Account | null;
  /** The cluster's own folder (PGDATA). */
  readonly folder: string;
  readonly logFile: string;
};

/** What `postmaster.pid` tells. */
export type Postmaster = { readonly pid: number; readonly port: number; readonly ready: boolean };

const LOOK_EVERY_MS = 20;
const TELL_EVERY_MS = 10_000;
const LARGEST_LOG_BYTES = 10_000_000;

const pidFile = (folder: string): string => join(folder, 'postmaster.pid');

/** How to run a program of Postgres: under its account, with nothing of our environment. */
export const runAs = ({ account, folder }: Pick<PostgresCluster, 'account' | 'folder'>) => ({
  ...(account && { uid: account.uid, gid: account.gid }),
  cwd: dirname(folder),
  env: { LC_ALL: 'C', TZ: 'UTC' },
});

/** Reads `postmaster.pid`: process, folder, start, port, socket folder, address, memory key, status; one a line. */
export async function postmasterOf(folder: string): Promise<Postmaster | null> {
  let lines: readonly string[];
  try {
    lines = (await readFile(pidFile(folder), 'utf8')).split('\n');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** Greater than any process id: Linux ends at 2^22. */
const NOBODY = 2_147_483_646;

/**
 * The postmaster that runs on this folder, or null. After a crash the number in `postmaster.pid` may
 * belong to a process that has nothing to do with it, or to a dead one that nobody waits for: Postgres
 * would not start. The number is then replaced; the rest stays, for in it Postgres reads whether children of the dead one still live.
 */
export async function runningPostmaster(folder: string): Promise<Postmaster | null> {
  const found = await postmasterOf(folder);
  if (found === null || !isTaken(found.pid)) return null;
  const command = startOf(found.pid) === null ? '' : (commandOf(found.pid) ?? '');
  if (command.includes('postgres') && command.includes(folder)) return found;
  const text = await readFile(pidFile(folder), 'utf8');
  await writeFile(pidFile(folder), text.replace(/^\d+/, `${NOBODY}`));
  return null;
}

async function openLog(
  path: string,
): Promise<{ fd: number; from: number; close(): Promise<void> }> {
  const size = await stat(path).then(
    entry => entry.size,
    () => 0,
  );
  const file = await open(path, size > LARGEST_LOG_BYTES ? 'w' : 'a', 0o600);
  return {
    fd: file.fd,
    from: size > LARGEST_LOG_BYTES ? 0 : size,
    close: () => file.close(),
  };
}

async function loggedSince(path: string, from: number): Promise<string> {
  return (await readFile(path)).subarray(from).toString('utf8').trim();
}

/** Started: the postmaster accepts connections. Exited: it ended at once, and this is what it wrote. */
export type Start =
  | { readonly kind: 'STARTED'; readonly postmaster: Postmaster }
  | { readonly kind: 'EXITED'; readonly output: string };

/**
 * Starts Postgres in a session of its own, so that a signal to our process group does not reach it, and
 * waits until it accepts connections; a recovery takes as long as it takes and is told every ten seconds. The signal
 * ends it.
 */
export async function startPostmaster(
  cluster: PostgresCluster,
  settings: readonly string[],
  { log, signal }: { readonly log: Log; readonly signal?: AbortSignal | undefined },
): Promise<Start> {
  const file = await openLog(cluster.logFile);
  let ended: Error | 'EXITED' | null = null;
  const child = spawn(cluster.program.postgres, ['-D', cluster.folder, ...settings], {
    ...runAs(cluster),
    detached: true,
    stdio: ['ignore', file.fd, file.fd],
  });
  child.once('error', error => {
    ended = error;
  });
  child.once('exit', () => {
    ended = 'EXITED';
  });
  child.unref();
  await file.close();
  for (let waited = LOOK_EVERY_MS; ended === null; waited += LOOK_EVERY_MS) {
    await pause(LOOK_EVERY_MS);
    if (signal?.aborted) child.kill('SIGINT');
    const postmaster = await postmasterOf(cluster.folder);
    if (postmaster?.pid === child.pid && postmaster?.ready) return { kind: 'STARTED', postmaster };
    if (waited % TELL_EVERY_MS === 0) log.info({ waited }, 'waiting for postgres to recover');
  }
  if (ended === 'EXITED')
    return { kind: 'EXITED', output: await loggedSince(cluster.logFile, file.from) };
  throw failure(
    `the program \`${cluster.program.postgres}\` cannot be started`,
    'the folder must be readable for everybody, and the programs need glibc',
    ended,
  );
}

const STOP_SECONDS = 60;

const DETACHED = { detached: true };

/**
 * Ends the postmaster of the cluster: sessions are ended, everything is written out. One that does not
 * end in a minute is stopped without the last checkpoint; its log is replayed at the next start, and nothing committed is lost.
 */
export async function stopPostmaster(cluster: PostgresCluster): Promise<void> {
  const stop = (mode: string): Promise<unknown> =>
    runProgram(
      cluster.program.pgCtl,
      ['stop', '-D', cluster.folder, '-m', mode, '-w', '-t', `${STOP_SECONDS}`],
      // A signal to our process group must not end what ends Postgres.
      { ...runAs(cluster), ...DETACHED },
    );
  try {
    if ((await runningPostmaster(cluster.folder)) !== null) await stop('fast');
  } catch (error) {
    if ((await runningPostmaster(cluster.folder)) === null) return;
    await stop('immediate').catch(() => {
      throw failure(
        `postgres on \`${cluster.folder}\` does not stop`,
        'look into its log beside that folder, and end its process',
        error,
      );
    });
  }
}
