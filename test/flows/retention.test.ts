import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { databasesOn } from '../../src/databases.js';
import { nightlyOn } from '../../src/rooms.js';
import { flow, INGEST } from '../support/lab.js';
import { type ServerFixture, withServer } from '../support/server.js';

const SET = `mutation ($input: SetRetentionInput!) { setRetention(input: $input) {
  cluster { retentionDays } job { id kind status } problems { code message } } }`;
const JOB = `query ($id: ID!) { node(id: $id) { ... on Job { status details } } }`;

const at = (time: string, port: number): object => flow('shop/web', 'shop/api', port, { time });

async function see({ ask }: ServerFixture, cluster: string, ...records: object[]): Promise<void> {
  const text = records.map(one => JSON.stringify(one)).join('\n');
  await ask(INGEST, { input: { cluster, format: 'neutral', records: text } });
}

const ports = ({ execute }: ServerFixture) =>
  execute('select cluster_id as cluster, port from flow order by 1, 2');
const hours = ({ execute }: ServerFixture) =>
  execute(`select cluster_id as cluster, to_char(slot_hour(slot) at time zone 'UTC', 'MM-DD HH24') as hour
    from flow_hour order by 1, 2`);

async function ended({ ask }: ServerFixture, id: string) {
  for (let tries = 0; tries < 200; tries++) {
    const { node } = await ask(JOB, { id });
    if (node.status === 'DONE' || node.status === 'FAILED') return node;
    await pause(50);
  }
  throw new Error('the job did not end');
}

test('a cluster forgets hours and edges that are older than it keeps, counted from its newest observation', () =>
  withServer(
    async fixture => {
      const old = [at('2020-01-01T10:00:00Z', 1), at('2020-01-01T10:00:00Z', 2)];
      await see(
        fixture,
        'one',
        ...old,
        at('2020-01-09T10:30:00Z', 2),
        at('2020-01-10T10:30:00Z', 3),
      );
      await see(fixture, 'two', at('2020-01-01T10:00:00Z', 1));
      const set = (input: object) => fixture.ask(SET, { input }).then(data => data.setRetention);
      const { cluster, job } = await set({ cluster: 'one', days: 1 });
      assert.deepEqual([cluster.retentionDays, job.kind], [1, 'retention']);
      assert.deepEqual(await ended(fixture, job.id), {
        status: 'DONE',
        details: { before: '2020-01-09T10:00:00.000000Z', hours: 2, flows: 1, labelSets: 0 },
      });
      const one = 1;
      const two = 2;
      assert.deepEqual(await ports(fixture), [
        { cluster: one, port: 2 },
        { cluster: one, port: 3 },
        { cluster: two, port: 1 },
      ]);
      assert.deepEqual(await hours(fixture), [
        { cluster: one, hour: '01-09 10' },
        { cluster: one, hour: '01-10 10' },
        { cluster: two, hour: '01-01 10' },
      ]);
      const kept = await set({ cluster: 'one', days: null });
      assert.deepEqual([kept.cluster.retentionDays, kept.job], [null, null]);
      assert.equal((await set({ cluster: 'one', days: 0 })).problems[0].code, 'DAYS_INVALID');
      assert.equal((await set({ cluster: 'nowhere', days: 3 })).problems[0].code, 'NOT_FOUND');
      const now = new Date().toISOString();
      await see(fixture, 'ahead', at(now, 1), at('2099-01-01T00:00:00Z', 2));
      const { details } = await ended(fixture, (await set({ cluster: 'ahead', days: 2 })).job.id);
      const gone = [details.hours, details.flows];
      assert.deepEqual(gone, [0, 0], 'a clock that runs ahead makes nothing old');
    },
    { worker: true },
  ));

test('every night, days that no cluster keeps are dropped, and keys of 30 days ago are free again', () =>
  withServer(
    async fixture => {
      const { execute, source } = fixture;
      const nightly = nightlyOn(databasesOn(source, { onEnd: () => () => {} }).place);
      const days = () =>
        execute(
          `select relname from pg_class where relname ~ '^flow_hour_\\d{8}$' and relkind = 'r' order by 1`,
        );
      await see(fixture, 'one', at('2020-01-01T10:00:00Z', 1), at('2020-01-10T10:30:00Z', 3));
      await see(fixture, 'two', at('2020-01-01T10:00:00Z', 1));
      await execute(`update cluster set retention_days = 1 where name = 'one'`);
      await execute(
        `update ingest_chunk set recorded_at = now() - interval '31 days' where cluster_id = 1`,
      );
      await nightly();
      const both = [{ relname: 'flow_hour_20200101' }, { relname: 'flow_hour_20200110' }];
      assert.deepEqual(await days(), both);
      assert.deepEqual(await execute(`select kind, status from job`), [
        { kind: 'retention', status: 'PENDING' },
      ]);
      assert.deepEqual(
        await execute(
          `select cluster_id as cluster, key like 'forgotten %' as free, accepted from ingest_chunk order by 1`,
        ),
        [
          { cluster: 1, free: true, accepted: 2 },
          { cluster: 2, free: false, accepted: 1 },
        ],
      );
      await see(fixture, 'two', at('2020-02-01T10:00:00Z', 1));
      await execute(`update cluster set retention_days = 1`);
      await nightly();
      assert.deepEqual(await days(), [
        { relname: 'flow_hour_20200110' },
        { relname: 'flow_hour_20200201' },
      ]);
    },
    { worker: false },
  ));

const LABELS = ['a', 'b', 'c'] as const;

test('label sets that workloads had before what is kept go, those that they have or had since stay', () =>
  withServer(
    async fixture => {
      const { execute } = fixture;
      await see(fixture, 'one', at('2020-01-10T10:30:00Z', 3));
      for (const [place, label] of LABELS.entries())
        await execute(`insert into label_set values (1, md5('${label}')::uuid, '{"app": "${label}"}', '[]', false);
          insert into deployment_label_set select 1, id, md5('${label}')::uuid, '2020-01-01Z',
            ${['null', "'2020-01-09 09:00Z'", "'2020-01-09 11:00Z'"][place]} from peer where name = 'web'`);
      await execute(`insert into label_set values (1, md5('pod')::uuid, '{"app": "d"}', '[]', false);
        insert into pod (cluster_id, id, namespace, name, deployment_id, host_network, label_set_id)
          select 1, md5('pod')::uuid, 'shop', 'web-1', id, false, md5('pod')::uuid from peer where name = 'web'`);
      const { job } = (await fixture.ask(SET, { input: { cluster: 'one', days: 1 } })).setRetention;
      assert.equal((await ended(fixture, job.id)).details.labelSets, 1);
      const left = await execute(`select labels->>'app' as app from label_set order by 1`);
      assert.deepEqual(left, [{ app: 'a' }, { app: 'c' }, { app: 'd' }]);
    },
    { worker: true },
  ));

test('simulations that were asked for longer ago than flows are kept go every night, with their flows', () =>
  withServer(
    async fixture => {
      const { execute, source } = fixture;
      await see(fixture, 'one', at('2020-01-10T10:30:00Z', 3));
      await see(fixture, 'two', at('2020-01-10T10:30:00Z', 3));
      await execute(`update cluster set retention_days = 2 where id = 1;
        insert into simulation (cluster_id, id, status, created_at, request)
        select cluster, md5(name)::uuid, status, now() - days * interval '1 day', '{}' from (values (1, 'old', 'DONE', 3),
          (1, 'running', 'RUNNING', 3), (1, 'new', 'DONE', 1), (2, 'of two', 'DONE', 300)) x (cluster, name, status, days);
        insert into simulated_chunk select cluster_id, id, 0, id, '{}', '{}' from simulation`);
      await nightlyOn(databasesOn(source, { onEnd: () => () => {} }).place)();
      const left =
        await execute(`select x.name, (select count(*)::int from simulated_chunk k where k.simulation_id = s.id) as chunks
        from (values ('old'), ('running'), ('new'), ('of two')) x (name) join simulation s on s.id = md5(x.name)::uuid order by 1`);
      assert.deepEqual(left, [
        { name: 'new', chunks: 1 },
        { name: 'of two', chunks: 1 },
        { name: 'running', chunks: 1 },
      ]);
      assert.deepEqual(await execute('select count(*)::int from simulated_chunk'), [{ count: 3 }]);
    },
    { worker: false },
  ));
