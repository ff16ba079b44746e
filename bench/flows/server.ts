import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { weirgate } from '../servers/built.js';

/** A server of its own process over a database; the address of its GraphQL, and its process id. */
export async function withWeirgate(
  databaseUrl: string,
  use: (url: string, pid: number) => Promise<void>,
): Promise<void> {
  const flags = ['serve', '--port', '0', '--log-level', 'warn', '--database-url', databaseUrl];
  const child = spawn(process.execPath, [...weirgate(), ...flags], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line', {
      signal: AbortSignal.timeout(60_000),
    });
    const [, url] = /^listening on (\S+)$/.exec(String(line)) ?? [];
    if (url === undefined) throw new Error(`the server does not listen; it printed: ${line}`);
    await use(`${url}/graphql`, child.pid ?? 0);
  } finally {
    const end = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGTERM')) await end;
  }
}
