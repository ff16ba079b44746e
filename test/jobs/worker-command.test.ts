import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { apiClient } from '../../src/cli/client.js';
import { withDatabase } from '../support/database.js';
import { until } from '../support/lab.js';
import { typescriptArguments } from '../support/typescript.js';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Runs a command of the program, and answers it with the first line that it prints. */
async function started(...args: readonly string[]): Promise<readonly [ChildProcess, string]> {
  const child = spawn(
    process.execPath,
    [...typescriptArguments(), MAIN, ...args, '--log-level', 'silent'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return [child, String(line)];
}

async function stopped(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
}

test('`serve --no-worker` leaves jobs to `worker`, and both end when they are told', () =>
  withDatabase(async ({ url, execute }) => {
    const [server, told] = await started(
      'serve',
      '--no-worker',
      '--port',
      '0',
      '--database-url',
      url,
    );
    const address = /^listening on (http:\S+)$/.exec(told)?.[1] ?? assert.fail(told);
    await execute(`insert into cluster (id, name, created_at) values (1, 'lab', now())`);
    const post = (query: string): Promise<unknown> =>
      apiClient(address, null).post({
        path: '/graphql',
        body: JSON.stringify({ query }),
        headers: { 'content-type': 'application/json' },
      });
    const statuses = async (): Promise<string> =>
      JSON.stringify(await post('{ jobs { nodes { status } } }'));
    await post('mutation { setRetention(input: { cluster: "lab", days: 7 }) { job { id } } }');
    await pause(1_000);
    assert.match(await statuses(), /"status":"PENDING"/);
    const [worker, line] = await started('worker', '--database-url', url);
    assert.equal(line, 'running jobs');
    await until(async () => (await statuses()).includes('"DONE"'), 'the job is done');
    await stopped(worker);
    await stopped(server);
  }));
