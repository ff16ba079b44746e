import assert from 'node:assert/strict';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { end, eventually, processesOf, startServer } from './processes.js';

/** Nothing of a server runs any more, and its folder holds no half of anything. */
export async function assertNothingLeft(dataDir: string): Promise<void> {
  await eventually(
    async () => (await processesOf(dataDir)).length === 0,
    'no process is left',
    10_000,
  );
  const names = await readdir(dataDir).catch(() => []);
  assert.deepEqual(
    names.filter(name => /^postgres\.(?!log$)|^server\.lock/.test(name)),
    [],
  );
}

/** Starts a server and ends it by a signal after so many milliseconds: it must end by itself and leave nothing. */
export async function stopAfter(
  folder: string,
  milliseconds: number,
  signal: NodeJS.Signals,
): Promise<void> {
  // As root, Postgres runs under another account, which has to pass through.
  await chmod(folder, 0o711);
  const dataDir = join(folder, `stop-${milliseconds}-${signal}`);
  const server = startServer(['--port', '0', '--data-dir', dataDir]);
  await pause(milliseconds);
  const code = await end(server, signal);
  // Before its first line is run a process has no way to hear: it dies of the signal, and nothing was begun.
  assert.ok(code === null || code === 0, `${code}: ${server.errors()}`);
  await assertNothingLeft(dataDir);
}
