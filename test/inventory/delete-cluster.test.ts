import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databasesOn } from '../../src/databases.js';
import { nightlyOn } from '../../src/rooms.js';
import { weirgateAt } from '../cli/api/weirgate.js';
import { lines } from '../flows/support/intake.js';
import { flow, INGEST, type Lab, labs, until } from '../support/lab.js';
import { node, pod, service } from '../support/manifests.js';
import { type ServerFixture, withServer } from '../support/server.js';
import { allowIngress, SHOP } from '../support/shop.js';
import { simulate } from '../support/simulate.js';

const lab = labs();

const LEARN = `mutation ($input: GenerateBaselinesInput!) { generateBaselines(input: $input) { problems { code } } }`;
const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) { policySet { id } problems { code severity } } }`;
const DELETE = `mutation ($input: DeleteClusterInput!) { deleteCluster(input: $input) { deleted problems { code path hint } } }`;
const RETENTION = `mutation ($input: SetRetentionInput!) { setRetention(input: $input) { job { id } } }`;
const LISTS = `{ clusters { nodes { name } } alerts { nodes { deployment { name } } } flows { totalCount }
  deployments { nodes { name } } policies { totalCount } policySets { totalCount } simulations { totalCount }
  jobs { nodes { kind cluster { name } } } }`;

/** A cluster with something of all that can be known of one. */
async function fill(one: Lab): Promise<void> {
  await one.take([
    ...SHOP,
    node('worker', '192.0.2.1'),
    pod('web-0', { ip: '10.1.0.1', labels: { app: 'web' } }),
    service('api', { app: 'api' }, '10.96.0.1'),
    allowIngress('api', 'web'),
  ]);
  await one.see(flow('shop/web', 'shop/api', 8080), flow('shop/web', '203.0.113.9', 443));
  await one.call(LEARN);
  await one.see(flow('shop/web', 'shop/db', 5432), flow('shop/web', '169.254.169.254', 80));
  const { policySet } = await one.call(GENERATE, { name: 'set' });
  assert.notEqual(policySet, null);
  const { simulation } = await simulate(one, { policySet: 'set' });
  assert.equal(simulation.status, 'DONE');
}

type Execute = Pick<ServerFixture, 'execute'>;
type Rows = readonly Readonly<Record<string, unknown>>[];

const ask = async ({ execute }: Execute, sql: string): Promise<Rows> =>
  (await execute(sql)) as Rows;

const idOf = async (from: Execute, name: string): Promise<number> =>
  Number((await ask(from, `select id from cluster where name = '${name}'`))[0]?.['id']);

/** Rows of a cluster by table, of every table that has clusters. */
async function rowsOf(from: Execute, id: number): Promise<Readonly<Record<string, number>>> {
  const tables = await ask(
    from,
    `select c.table_name as name from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = current_schema() and c.column_name = 'cluster_id' and t.table_type = 'BASE TABLE' order by 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await ask(
      from,
      `select count(*)::int as count from ${name} where cluster_id = ${id}`,
    );
    counts[String(name)] = Number(row?.['count']);
  }
  return counts;
}

const filled = (counts: Readonly<Record<string, number>>): readonly string[] =>
  Object.keys(counts).filter(table => counts[table] !== 0);

const isGone = async (from: Execute, id: number): Promise<boolean> =>
  (await ask(from, `select from cluster where id = ${id}`)).length === 0;

test('no row of a deleted cluster is left in any table, and one beside it keeps its own', async () => {
  const [gone, stays] = [lab('gone'), lab('stays')];
  await fill(gone);
  await fill(stays);
  const [id, other] = [await idOf(gone, 'gone'), await idOf(stays, 'stays')];
  const before = await rowsOf(stays, other);
  const had = filled(await rowsOf(gone, id));
  for (const table of [
    'alert',
    'baseline_entry',
    'flow',
    'flow_hour',
    'ingest_ledger',
    'job',
    'peer',
    'pod',
    'policy',
    'policy_set_item',
    'simulation',
    'simulated_chunk',
  ])
    assert.ok(had.includes(table), `${table} had no row to lose`);
  assert.deepEqual(await gone.call(DELETE, { key: 'once' }), { deleted: true, problems: [] });
  await until(() => isGone(gone, id), 'the cluster goes');
  assert.deepEqual(filled(await rowsOf(gone, id)), []);
  assert.deepEqual(await rowsOf(stays, other), before);
  const { auditLog } = await gone.ask('{ auditLog { nodes { action target result } } }');
  const audit = auditLog.nodes.filter(
    (line: { readonly action: string }) => line.action === 'deleteCluster',
  );
  assert.deepEqual(audit, [{ action: 'deleteCluster', target: 'cluster gone', result: 'DONE' }]);

  await gone.take(SHOP);
  assert.ok((await idOf(gone, 'gone')) > other, 'ids are not given again');
  assert.deepEqual(await gone.call(DELETE, { key: 'once' }), { deleted: true, problems: [] });
  assert.ok(Number.isInteger(await idOf(gone, 'gone')), 'a key deletes once');
  const { problems: reused } = await stays.call(DELETE, { key: 'once' });
  assert.equal(reused[0].code, 'KEY_REUSED');
  const { deleted, problems } = await lab('stay').call(DELETE);
  assert.equal(deleted, false);
  assert.deepEqual(problems, [
    { code: 'NOT_FOUND', path: 'cluster', hint: 'the nearest: `stays`' },
  ]);
});

test('a cluster is gone at once, though its rows are there until a worker comes', () =>
  withServer(
    async ({ server, source, ask: question, send, execute }) => {
      const records = lines(flow('shop/web', '169.254.169.254', 80));
      const ingest = () => send(INGEST, { input: { cluster: 'lab', format: 'neutral', records } });
      await ingest();
      await question(RETENTION, { input: { cluster: 'lab', days: 1 } });
      const weirgate = weirgateAt(server);
      const refused = await weirgate(['cluster', 'delete', 'lab']);
      assert.equal(refused.exit, 2);
      assert.match(
        refused.err,
        /deletes `lab` for good: deployments: 1, flows: 1, policies: 0, alerts: 1/,
      );
      assert.equal((await weirgate(['cluster', 'delete', 'lap', '--yes'])).exit, 2);
      const gone = await weirgate(['cluster', 'delete', 'lab', '--yes', '-o', 'json']);
      assert.deepEqual([gone.exit, gone.err], [0, '']);
      assert.deepEqual(JSON.parse(gone.out), { cluster: 'lab', deleted: true });
      assert.deepEqual(await question(LISTS), {
        clusters: { nodes: [] },
        alerts: { nodes: [] },
        flows: { totalCount: 0 },
        deployments: { nodes: [] },
        policies: { totalCount: 0 },
        policySets: { totalCount: 0 },
        simulations: { totalCount: 0 },
        jobs: { nodes: [] },
      });
      assert.deepEqual(await execute('select kind, status from job order by created_at'), [
        { kind: 'retention', status: 'CANCELLED' },
        { kind: 'delete-cluster', status: 'PENDING' },
      ]);
      const left = await rowsOf({ execute }, 1);
      assert.equal((await ingest()).data.ingestFlows.accepted, 1);
      assert.equal(await idOf({ execute }, 'lab'), 2);
      assert.deepEqual(await rowsOf({ execute }, 1), left);

      await execute(
        `update job set status = 'FAILED', finished_at = now() where kind = 'delete-cluster'`,
      );
      const nightly = nightlyOn(databasesOn(source, { onEnd: () => () => {} }).place);
      await nightly();
      await nightly();
      assert.deepEqual(
        await execute(
          `select cluster_id as cluster, status from job where kind = 'delete-cluster' order by created_at`,
        ),
        [
          { cluster: 1, status: 'FAILED' },
          { cluster: 1, status: 'PENDING' },
        ],
        'a deletion that failed is begun again at night',
      );
    },
    { worker: false },
  ));

test('a stream that was under way for a cluster that is deleted stores nothing of it', () =>
  withServer(
    async ({ source, send, execute, ask: question }) => {
      const records = lines(flow('shop/web', 'shop/api', 8080));
      const ingest = (port: number) =>
        send(INGEST, {
          input: {
            cluster: 'lab',
            format: 'neutral',
            records: lines(flow('shop/web', 'shop/db', port)),
          },
        });
      await question(INGEST, { input: { cluster: 'lab', format: 'neutral', records } });
      const before = await execute('select count(*)::int as flows from flow where cluster_id = 1');
      const marking = source.createQueryRunner();
      await marking.startTransaction();
      await marking.query(`update cluster set name = '\\1', deleted_at = now() where id = 1`);
      const waiting = ingest(1);
      await until(
        async () =>
          (
            await ask(
              { execute },
              `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%cluster%'
            and datname = current_database()`,
            )
          ).length > 0,
        'the stream waits',
      );
      await marking.commitTransaction();
      await marking.release();
      const { errors = [] } = await waiting;
      assert.deepEqual(
        errors.map(({ message, extensions }) => [
          message,
          (extensions as { readonly code: string }).code,
        ]),
        [
          [
            'the cluster was deleted meanwhile; sent again, this makes a new one of its name',
            'NOT_FOUND',
          ],
        ],
      );
      assert.deepEqual(
        await execute('select count(*)::int as flows from flow where cluster_id = 1'),
        before,
      );
    },
    { worker: false },
  ));
