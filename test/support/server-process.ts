import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { typescriptArguments } from './typescript.js';

export type ServerProcess = {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly url: string;
  /** The next line that it prints; null when there is none any more. */
  nextLine(): Promise<string | null>;
};

/** Starts an embedded server in a process, and a process group, of its own. */
export async function startServerProcess(folder: string): Promise<ServerProcess> {
  const script = fileURLToPath(new URL('keep-server.ts', import.meta.url));
  const child = spawn(process.execPath, [...typescriptArguments(), script, folder], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string | null> => {
    const { value, done } = await lines.next();
    return done ? null : value;
  };
  const url = await nextLine();
  if (url === null || child.pid === undefined) throw new Error('the server process did not start');
  return { child, pid: child.pid, url, nextLine };
}

/** Kills it as a power cut would. */
export async function killProcess({ child }: ServerProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
