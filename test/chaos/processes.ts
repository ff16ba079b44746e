import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { environment } from '../../src/config.js';
import { typescriptArguments } from '../support/typescript.js';

export const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export type ServerProcess = {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Where it listens; rejects when it ends before. */
  readonly url: Promise<string>;
  /** What it wrote to standard error so far. */
  readonly errors: () => string;
};

/** `weirgate serve` in a process of its own. */
export function startServer(
  flags: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): ServerProcess {
  const child = spawn(process.execPath, [...typescriptArguments(), MAIN, 'serve', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment(), ...variables },
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const url = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => {
      if (line.startsWith('listening on ')) resolve(line.slice('listening on '.length));
    });
    child.once('exit', code => reject(new Error(`ended with ${code}: ${errors.slice(-2_000)}`)));
  });
  url.catch(() => {});
  if (child.pid === undefined) throw new Error('the server cannot be started');
  return { child, pid: child.pid, url, errors: () => errors };
}

/** Sends a signal and waits for the end; answers the exit code, or null after a kill. */
export async function end(
  { child }: ServerProcess,
  signal: NodeJS.Signals,
): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code] = await exited;
  return code;
}

/** Ids of processes in whose command line a text stands. Linux. */
export async function processesOf(text: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(text)) found.push(Number(name));
  }
  return found;
}

/** Asks until it is true. @throws after so many milliseconds */
export async function eventually(
  isTrue: () => Promise<boolean>,
  what: string,
  milliseconds = 60_000,
): Promise<void> {
  const over = Date.now() + milliseconds;
  while (!(await isTrue().catch(() => false))) {
    if (Date.now() > over) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await pause(100);
  }
}
