import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namespace, node, pod, policy, service, workload } from '../support/manifests.js';
import { withInventory } from './support/import.js';

const web = (hash: string, suffix: string, settings = {}) =>
  pod(`web-${hash}-${suffix}`, {
    owner: `ReplicaSet/web-${hash}`,
    labels: { app: 'web', 'pod-template-hash': hash },
    ...settings,
  });

const BOOK = `select host(address) || ' ' || holder || ' ' || holder_name || ' ' ||
  coalesce((select name from peer p where p.cluster_id = b.cluster_id and p.id = b.peer_id), '-') as entry
  from address_book b order by address, valid_from`;

const INTERVALS = `select host(address) || ' ' || holder_name || ' ' ||
  to_char(valid_from, 'MM-DD') || ' ' || coalesce(to_char(valid_to, 'MM-DD'), 'open') as entry
  from address_book order by address, valid_from`;

const entries = (rows: readonly Record<string, unknown>[]) => rows.map(({ entry }) => entry);

test('a snapshot shows namespaces, workloads, pods, Services, nodes, policies and who holds which address', () =>
  withInventory(async ({ take, rows, told }) => {
    const { cluster, counts, problems } = await take([
      namespace('shop', { team: 'a' }),
      node('worker', '192.0.2.1'),
      workload('Deployment', 'web', { labels: { app: 'web' } }),
      web('6b746f74dc', '9rcxx', { ip: '10.0.0.1' }),
      pod('db-0', { owner: 'StatefulSet/db', ip: '10.0.0.2' }),
      pod('agent-x2x8p', { owner: 'DaemonSet/agent', ip: '192.0.2.1', hostNetwork: true }),
      service('web', { app: 'web' }, '10.96.0.1'),
      policy('closed'),
    ]);
    assert.deepEqual(problems, []);
    assert.equal(cluster?.name, 'lab');
    const { changed, ...shown } = counts ?? { changed: 0 };
    assert.deepEqual(shown, {
      namespaces: 1,
      deployments: 3,
      pods: 3,
      services: 1,
      nodes: 1,
      policies: 1,
      ended: 0,
      merged: 0,
    });
    assert.ok(changed > 0);
    assert.deepEqual(told.policies, ['closed']);
    assert.deepEqual(told.changed, [1]);
    assert.deepEqual(entries(await rows(BOOK)), [
      '10.0.0.1 POD shop/web-6b746f74dc-9rcxx web',
      '10.0.0.2 POD shop/db-0 db',
      '10.96.0.1 SERVICE shop/web web',
      '192.0.2.1 NODE worker worker',
    ]);
    const deployments = await rows(
      `select natural_key || ' ' || inferred as entry from peer where kind = 'DEPLOYMENT' order by 1`,
    );
    assert.deepEqual(entries(deployments), [
      'shop/DaemonSet/agent false',
      'shop/Deployment/web false',
      'shop/StatefulSet/db false',
    ]);
  }));

test('the same snapshot again changes nothing, and tells nobody', () =>
  withInventory(async ({ take, rows, told }) => {
    const objects = [
      namespace('shop'),
      node('worker', '192.0.2.1'),
      web('6b746f74dc', '9rcxx', { ip: '10.0.0.1', created: '2026-01-01T00:00:00Z' }),
      pod('job-1', { owner: 'Job/job', phase: 'Succeeded', ip: '10.0.0.9' }),
      service('web', { app: 'web' }, '10.96.0.1'),
    ];
    const ALL = `select jsonb_agg(x order by x::text) as state from (
      select to_jsonb(p) as x from peer p union all select to_jsonb(n) from namespace n
      union all select to_jsonb(r) from deployment_revision r union all select to_jsonb(r) from namespace_revision r
      union all select to_jsonb(b) from address_book b union all select to_jsonb(s) from service s
      union all select to_jsonb(p) from pod p) y`;
    await take(objects);
    const before = await rows(ALL);
    const again = await take(objects, { mode: 'REPLACE', at: '2026-03-02T00:00:00.000000Z' });
    assert.equal(again.counts?.changed, 0);
    assert.deepEqual(await rows(ALL), before);
    assert.deepEqual(told.changed, [1]);
  }));

test('labels have revisions: the first since creation, the next since its pods were made', () =>
  withInventory(async ({ take, rows }) => {
    const first = { created: '2026-01-05T00:00:00Z' };
    await take([web('6b746f74dc', '9rcxx', first)], { at: '2026-02-01T00:00:00.000000Z' });
    const labels = { app: 'web', tier: 'front', 'pod-template-hash': '7d9f8b6c54' };
    const next = { labels, created: '2026-02-10T00:00:00Z' };
    await take([web('7d9f8b6c54', 'x2x8p', next)], { mode: 'REPLACE' });
    const REVISIONS = `select to_char(valid_from, 'MM-DD') || ' ' || coalesce(to_char(valid_to, 'MM-DD'), 'open')
      || ' ' || labels as entry from deployment_revision order by valid_from`;
    assert.deepEqual(entries(await rows(REVISIONS)), [
      '01-05 02-10 {"app": "web"}',
      '02-10 open {"app": "web", "tier": "front"}',
    ]);
    const [peer] = await rows('select labels from peer');
    assert.deepEqual(peer?.['labels'], { app: 'web', tier: 'front' });
  }));

test('a snapshot older than what is known fills in the past and leaves the present', () =>
  withInventory(async ({ take, rows }) => {
    const labelled = (tier: string) => [
      pod('db-0', { owner: 'StatefulSet/db', labels: { tier }, created: '2026-01-01T00:00:00Z' }),
    ];
    await take(labelled('new'), { at: '2026-02-20T00:00:00.000000Z' });
    await take(labelled('old'), { at: '2026-02-10T00:00:00.000000Z' });
    const REVISIONS = `select to_char(valid_from, 'MM-DD') || ' ' || coalesce(to_char(valid_to, 'MM-DD'), 'open')
      || ' ' || (labels ->> 'tier') as entry from deployment_revision order by valid_from`;
    const revisions = entries(await rows(REVISIONS));
    assert.deepEqual(revisions, ['01-01 02-20 old', '02-20 open new']);
  }));

test('a template says nothing new about running pods whose labels were added to', () =>
  withInventory(async ({ take, rows }) => {
    await take([web('6b746f74dc', '9rcxx', { labels: { app: 'web', mesh: 'on' } })]);
    const { counts } = await take([workload('Deployment', 'web', { labels: { app: 'web' } })], {
      at: '2026-03-02T00:00:00.000000Z',
    });
    const [peer] = await rows('select labels, inferred from peer');
    assert.deepEqual(peer, { labels: { app: 'web', mesh: 'on' }, inferred: false });
    assert.equal(counts?.deployments, 1);
  }));

test('an address goes from pod to pod, and an ended pod holds none', () =>
  withInventory(async ({ take, rows }) => {
    const one = (settings: object) =>
      pod('one', { ip: '10.0.0.1', started: '2026-01-01T00:00:00Z', ...settings });
    await take([one({})], { at: '2026-01-02T00:00:00.000000Z' });
    await take([pod('two', { ip: '10.0.0.1', started: '2026-01-10T00:00:00Z' })], {
      at: '2026-01-11T00:00:00.000000Z',
    });
    assert.deepEqual(entries(await rows(INTERVALS)), [
      '10.0.0.1 shop/one 01-01 01-10',
      '10.0.0.1 shop/two 01-10 open',
    ]);
    const ended = { phase: 'Succeeded', ip: '10.0.0.1', started: '2026-01-10T00:00:00Z' };
    await take([pod('two', { ...ended, finished: '2026-01-15T00:00:00Z' })], {
      at: '2026-01-20T00:00:00.000000Z',
    });
    await take([pod('three', { ...ended, started: '2026-01-16T00:00:00Z' })], {
      at: '2026-01-21T00:00:00.000000Z',
    });
    assert.deepEqual(entries(await rows(INTERVALS)), [
      '10.0.0.1 shop/one 01-01 01-10',
      '10.0.0.1 shop/two 01-10 01-15',
    ]);
  }));

test('REPLACE ends what is absent of the kinds present, also where the input could not be read', () =>
  withInventory(async ({ take, rows }) => {
    const deployments = ['web', 'api', 'odd'].map(name =>
      workload('Deployment', name, { labels: { app: name } }),
    );
    await take([...deployments, workload('StatefulSet', 'db', { labels: { app: 'db' } })], {
      at: '2026-01-01T00:00:00.000000Z',
    });
    const unreadable = { ...workload('Deployment', 'odd'), spec: { template: { spec: [] } } };
    const { counts, problems } = await take([deployments[0] ?? {}, unreadable], {
      mode: 'REPLACE',
      at: '2026-01-02T00:00:00.000000Z',
    });
    assert.equal(counts?.ended, 1);
    assert.ok(problems.length > 0 && problems.every(({ severity }) => severity === 'WARNING'));
    assert.equal(problems[0]?.place?.file, 'lab.json');
    const [ended] = await rows(`select name, ended_at is not null as ended,
      (select valid_to is not null from deployment_revision r where r.deployment_id = p.id) as closed
      from peer p where ended_at is not null`);
    assert.deepEqual(ended, { name: 'api', ended: true, closed: true });
    const back = await take(deployments, { at: '2026-01-03T00:00:00.000000Z' });
    assert.ok((back.counts?.changed ?? 0) > 0);
    assert.deepEqual(await rows('select name from peer where ended_at is not null'), []);
  }));

test('an older snapshot ends nothing, and says so', () =>
  withInventory(async ({ take }) => {
    const web = workload('Deployment', 'web', { labels: { app: 'web' } });
    await take([web], { at: '2026-01-02T00:00:00.000000Z' });
    const { counts, problems } = await take([workload('Deployment', 'api')], {
      mode: 'REPLACE',
      at: '2026-01-01T00:00:00.000000Z',
    });
    assert.equal(counts?.ended, 0);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['SNAPSHOT_OLDER_THAN_INVENTORY'],
    );
  }));

test('a key runs an import once, and is refused for another content', () =>
  withInventory(async ({ take, rows }) => {
    const web = workload('Deployment', 'web', { labels: { app: 'web' } });
    const first = await take([web], { key: 'one' });
    assert.deepEqual(await take([web], { key: 'one' }), first);
    const other = await take([workload('Deployment', 'api')], { key: 'one' });
    assert.equal(other.cluster, null);
    assert.deepEqual(
      other.problems.map(({ code, severity }) => [code, severity]),
      [['KEY_REUSED', 'ERROR']],
    );
    assert.deepEqual(await rows('select name from peer'), [{ name: 'web' }]);
  }));

test('an input with nothing usable is an ERROR and makes no cluster', () =>
  withInventory(async ({ take, rows }) => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } };
    const { cluster, counts, problems } = await take([config]);
    assert.deepEqual([cluster, counts], [null, null]);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['NOTHING_TO_IMPORT'],
    );
    assert.deepEqual(await rows('select * from cluster'), []);
  }));
