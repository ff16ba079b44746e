import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDataSource } from '../../src/database/data-source.js';
import { migrateDown } from '../../src/database/migrate.js';
import { migrations } from '../../src/database/migrations.js';
import { end, eventually, startServer } from '../chaos/processes.js';
import { ask, upload } from '../chaos/traffic.js';
import { administer, urlOf } from '../support/administer.js';
import { withDatabase } from '../support/database.js';
import { type PostgresProxy, withProxy } from '../support/postgres-proxy.js';

type Health = { readonly status: number; readonly reason?: string; readonly warnings?: string[] };

const FLOWS = '{ flows { totalCount } }';
const TOKEN = `mutation { revokeToken(input: { id: "none" }) { problems { code } } }`;

const healthOf = async (url: string): Promise<Health> => {
  const response = await fetch(`${url}/readyz`);
  return { ...((await response.json()) as object), status: response.status };
};

const becomes = (url: string, is: (health: Health) => boolean, what: string): Promise<void> =>
  eventually(async () => is(await healthOf(url)), what, 30_000);

/** As callers meet it: nothing is answered, and when to ask again is said. */
async function assertAway(url: string): Promise<void> {
  const answer = await ask(url, FLOWS);
  assert.deepEqual([answer.status, answer.codes], [503, ['UNAVAILABLE']]);
  const sent = await fetch(`${url}/ingest/flows?cluster=away&format=neutral`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: '{}',
  });
  assert.equal(sent.status, 503);
  assert.match(sent.headers.get('retry-after') ?? '', /^\d+$/);
}

async function assertWell(url: string): Promise<void> {
  await becomes(url, ({ status, warnings }) => status === 200 && !warnings, 'ready again');
  const { data } = await ask(url, FLOWS);
  assert.equal(data.flows.totalCount, 20);
  assert.equal(await upload(url, 'away', 20), 200);
}

const endSessions = (name: string): Promise<unknown> =>
  administer(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`,
  );

type Scene = {
  readonly url: string;
  readonly name: string;
  readonly become: PostgresProxy['become'];
  /** Does something to the database while nobody is connected to it. */
  readonly swapped: (work: () => Promise<unknown>) => Promise<void>;
};

async function goesAway({ url, become }: Scene): Promise<void> {
  become('REFUSE');
  await becomes(url, ({ reason }) => /database/.test(reason ?? ''), 'told to be away');
  await assertAway(url);
  become('FULL');
  await becomes(url, ({ reason }) => /too many connections/.test(reason ?? ''), 'told to be full');
  await assertAway(url);
  become('PASS');
  await assertWell(url);
}

async function isReadOnly({ url, name, swapped }: Scene): Promise<void> {
  await swapped(() => administer(`alter database ${name} set default_transaction_read_only = on`));
  await becomes(
    url,
    ({ warnings }) => /read-only/.test(warnings?.[0] ?? ''),
    'told to be read-only',
  );
  assert.equal((await ask(url, FLOWS)).data.flows.totalCount, 20);
  assert.equal(await upload(url, 'other', 20), 503);
  assert.deepEqual((await ask(url, TOKEN)).codes, ['UNAVAILABLE']);
  await swapped(() => administer(`alter database ${name} reset default_transaction_read_only`));
  await assertWell(url);
}

async function isReplaced({ url, name, swapped }: Scene, kept: string): Promise<void> {
  await swapped(async () => {
    await administer(`alter database ${name} rename to ${kept}`);
    await administer(`create database ${name} template template0`);
  });
  await becomes(url, ({ reason }) => /is empty/.test(reason ?? ''), 'told to be empty');
  await assertAway(url);
  await swapped(async () => {
    await administer(`drop database ${name}`);
    await administer(`create database ${name} template ${kept}`);
    const older = await openDataSource(urlOf(name), { tables: [], migrations });
    await migrateDown(older).finally(() => older.destroy());
  });
  await assertWell(url);
}

test('a database that is away, full, read-only, empty or older is told of, and all is well by itself afterwards', () =>
  withDatabase(({ url: direct }) =>
    withProxy(direct, async ({ urlOf: through, become }) => {
      const name = new URL(direct).pathname.slice(1);
      const kept = `${name}_kept`;
      const server = startServer(['--port', '0', '--database-url', through(direct)]);
      const swapped: Scene['swapped'] = async work => {
        become('REFUSE');
        await endSessions(name);
        await work();
        become('PASS');
      };
      try {
        const url = await server.url;
        const scene = { url, name, become, swapped };
        assert.equal(await upload(url, 'away', 20), 200);
        await goesAway(scene);
        await isReadOnly(scene);
        await isReplaced(scene, kept);
      } finally {
        assert.equal(await end(server, 'SIGTERM'), 0, server.errors());
        await administer(`drop database if exists ${kept} with (force)`);
      }
    }),
  ));
