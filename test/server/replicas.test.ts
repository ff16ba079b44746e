import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { end, eventually, type ServerProcess, startServer } from '../chaos/processes.js';
import { ask, assertTotals, upload, uploadForSure } from '../chaos/traffic.js';
import { lines, record } from '../flows/support/intake.js';
import { withDatabase } from '../support/database.js';

/** What notifiers send to. */
async function withReceiver<T>(
  use: (url: string, got: readonly string[]) => Promise<T>,
): Promise<T> {
  const got: string[] = [];
  const server = createServer(async (request, response) => {
    got.push(await text(request));
    response.end();
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return use(`http://127.0.0.1:${port}`, got).finally(() => {
    server.closeAllConnections();
    server.close();
  });
}

const IMPORT = `mutation ($input: ImportInventoryInput!) { importInventory(input: $input) { problems { code } } }`;
const EXPLAIN = `query ($input: ExplainInput!) { explain(input: $input) { verdict } }`;
const NOTIFIER = `mutation ($input: CreateNotifierInput!) { createNotifier(input: $input) { problems { code } } }`;
const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) {
  job { status } problems { code } } }`;

const deployment = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'shop', name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main' }] } },
  },
});
/** The one policy: it lets everybody in, or nobody. */
const policy = (isDenied: boolean) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: 'shop', name: 'api' },
  spec: {
    podSelector: { matchLabels: { app: 'api' } },
    policyTypes: ['Ingress'],
    ingress: isDenied ? [] : [{}],
  },
});

type Replicas = {
  readonly one: ServerProcess;
  readonly two: ServerProcess;
  readonly urls: readonly [string, string];
  readonly client: pg.Client;
};

const rowsOf = async ({ client }: Replicas, sql: string) => (await client.query(sql)).rows;

/** What one is told counts for the other in the next question, although both keep compiled sets. */
async function assertCoherent({ urls: [first, second] }: Replicas): Promise<void> {
  const question = { cluster: 'kept', source: 'shop/web', destination: 'shop/api', port: 80 };
  for (const isDenied of [false, true, false, true]) {
    const items = [deployment('web'), deployment('api'), policy(isDenied)];
    const manifests = items.map(item => JSON.stringify(item)).join('\n---\n');
    const taken = await ask(first, IMPORT, {
      input: { cluster: 'kept', manifests, mode: 'REPLACE' },
    });
    assert.deepEqual(taken.codes, []);
    const verdicts = await Promise.all(
      [first, second].map(async url => (await ask(url, EXPLAIN, { input: question })).data),
    );
    const verdict = isDenied ? 'DENIED' : 'ALLOWED';
    assert.deepEqual(verdicts, [{ explain: { verdict } }, { explain: { verdict } }]);
  }
}

async function assertToldOnce(
  { urls: [first, second] }: Replicas,
  url: string,
  got: readonly string[],
): Promise<void> {
  const input = { name: 'soc', kind: 'WEBHOOK', url };
  assert.deepEqual((await ask(second, NOTIFIER, { input })).data.createNotifier.problems, []);
  const records = lines(record({ destination: { ip: '169.254.169.254' }, port: 80 }));
  const sent = await fetch(`${first}/ingest/flows?cluster=told&format=neutral`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: records,
  });
  assert.equal(sent.status, 200);
  await eventually(async () => got.length > 0, 'the incident is told', 90_000);
}

/**
 * As if the process that is no more had been silent for as long as it takes to be taken for dead. It is the one that does not say
 * any more that it lives: the other one must keep its job.
 */
async function makeSilent(replicas: Replicas): Promise<void> {
  const { client } = replicas;
  const [killed] = await rowsOf(replicas, 'select clock_timestamp()::text as at');
  const lives = `heartbeat_at > '${killed.at}'`;
  await eventually(
    async () => (await rowsOf(replicas, `select from job_worker where ${lives}`)).length === 1,
    'the other one says that it lives',
  );
  const dead = `(select id from job_worker where not ${lives})`;
  await client.query(`begin;
    update job set heartbeat_at = now() - interval '1 minute' where status = 'RUNNING' and worker in ${dead};
    update graphile_worker._private_jobs set locked_at = now() - interval '1 minute' where locked_by in ${dead};
    update job_worker set heartbeat_at = now() - interval '1 minute' where not ${lives};
    commit`);
}

/** One of them is killed while it takes flows in and both are at a job: nothing is lost, and nothing done twice. */
async function assertSurvived(replicas: Replicas): Promise<void> {
  const { one, urls, client } = replicas;
  const [first, second] = urls;
  await uploadForSure(first, 'jobs', 5_000);
  const sent = upload(first, 'kill', 40_000, { everyMs: 100 });
  await pause(700);
  await client.query('begin; lock table flow in access exclusive mode');
  const asked = ['one', 'two'].map(name =>
    ask(second, GENERATE, { input: { cluster: 'jobs', name } }),
  );
  await eventually(
    async () =>
      (await rowsOf(replicas, `select from job where kind = 'generate' and status = 'RUNNING'`))
        .length === 2,
    'each has a job',
  );
  await end(one, 'SIGKILL');
  await client.query('commit');
  await makeSilent(replicas);
  await sent;
  await Promise.all(asked);
  await eventually(
    async () =>
      (await rowsOf(replicas, `select from job where kind = 'generate' and status = 'DONE'`))
        .length === 2,
    'both jobs are done',
  );
  const jobs = `select attempts from job where kind = 'generate' order by attempts`;
  assert.deepEqual(await rowsOf(replicas, jobs), [{ attempts: 1 }, { attempts: 2 }]);
  await uploadForSure(second, 'kill', 40_000);
  await assertTotals(second, 'kill', 40_000);
}

test('two servers on one database migrate once, answer alike, tell once, and one takes over what the other had', () =>
  withDatabase(
    ({ url: database }) =>
      withReceiver(async (receiver, got) => {
        const flags = ['--port', '0', '--database-url', database, '--log-level', 'error'];
        const settings = {
          WEIRGATE_NOTIFY_ALLOW: 'loopback',
          WEIRGATE_SECRET_KEY: 'of this test alone',
        };
        const [one, two] = [startServer(flags, settings), startServer(flags, settings)];
        const client = new pg.Client(database);
        try {
          const urls = [await one.url, await two.url] as const;
          await client.connect();
          const replicas: Replicas = { one, two, urls, client };
          const twice = `select name from schema_migration group by name having count(*) > 1`;
          assert.deepEqual(await rowsOf(replicas, twice), []);
          await assertCoherent(replicas);
          await assertToldOnce(replicas, receiver, got);
          await assertSurvived(replicas);
          assert.equal(got.length, 1, 'an incident is told by one of them');
        } finally {
          await client.end();
          await Promise.all([end(one, 'SIGKILL'), end(two, 'SIGTERM')]);
        }
      }),
    { migrated: false },
  ));
