import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDatabase } from '../support/database.js';
import { withFolder } from '../support/folder.js';
import { end, eventually, startServer } from './processes.js';
import { stopAfter } from './stop-at-any-moment.js';

// `npm run chaos` does the same at many more moments.
for (const [milliseconds, signal] of [
  [2_000, 'SIGTERM'],
  [4_000, 'SIGINT'],
] as const)
  test(`${signal} ${milliseconds} ms after the start ends the server, and nothing of it is left`, () =>
    withFolder(folder => stopAfter(folder, milliseconds, signal)));

test('a server that waits for its turn to migrate ends by a signal, and that is no failure', () =>
  withDatabase(
    async ({ url, source }) => {
      const other = source.createQueryRunner();
      await other.query(`select pg_advisory_lock(${0x77656972})`);
      const server = startServer(['--port', '0', '--database-url', url]);
      server.url.catch(() => {});
      const waits = `select from pg_stat_activity where datname = current_database()
        and wait_event = 'advisory' and query like '/* migrate.lock */%'`;
      await eventually(async () => (await other.query(waits)).length > 0, 'it waits for the lock');
      assert.equal(await end(server, 'SIGTERM'), 0, server.errors());
      await other.release();
    },
    { migrated: false },
  ));
