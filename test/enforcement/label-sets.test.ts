import assert from 'node:assert/strict';
import { test } from 'node:test';
import { record, workload } from '../flows/support/intake.js';
import { flow, labs } from '../support/lab.js';
import { namespace, pod, policy, service } from '../support/manifests.js';
import { app } from '../support/shop.js';

const lab = labs();

const POD_NAME = 'statefulset.kubernetes.io/pod-name';

const db = (name: string, role: string) =>
  pod(name, { owner: 'StatefulSet/db', labels: { app: 'db', role, [POD_NAME]: name } });

/** A Postgres of one primary and two replicas, and what calls it. */
const POSTGRES = [
  namespace('shop'),
  db('db-0', 'primary'),
  db('db-1', 'replica'),
  db('db-2', 'replica'),
  pod('api-0', { owner: 'StatefulSet/api', labels: { app: 'api' } }),
];

/** A policy for the pods with these labels, which lets in those of `peer` alone. */
const guard = (name: string, matchLabels: Record<string, string>, peer: object) =>
  policy(name, {
    podSelector: { matchLabels },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: peer }] }],
  });

const TO_DB = flow('shop/api', 'shop/db', 5432);
const WITHIN_DB = flow('shop/db', 'shop/db', 5432);

const EXPLAIN = `query ($input: ExplainInput!) { explain(input: $input) { verdict basis missing } }`;
const DEPLOYMENT = `query ($cluster: String!) { deployment(cluster: $cluster, namespace: "shop", name: "db") {
  labels isolation labelSets { labels pods hostNetwork namedPorts { name port } } } }`;
const PARTIAL = `query ($cluster: String!) {
  deployments(filter: { cluster: { eq: $cluster }, isolation: PARTIAL }) { nodes { name } } }`;

const asked = (source: string, destination: string, policies: readonly object[] = []) => ({
  source,
  destination,
  port: 5432,
  ...(policies.length > 0 && {
    policies: policies.map(one => JSON.stringify(one)).join('\n---\n'),
  }),
});

test('where policies tell label sets of a workload apart, its verdict is mixed and says for which it holds', async () => {
  const shop = lab('mixed');
  await shop.take([...POSTGRES, guard('primary', { role: 'primary' }, app('api'))]);
  await shop.see(TO_DB);
  assert.deepEqual(await shop.verdicts(), {
    'shop/api -> shop/db TCP 5432': 'ALLOWED by policy [ACTIVE ALLOWED]',
  });
  await shop.take([guard('primary', { role: 'primary' }, app('nobody'))]);
  assert.deepEqual(await shop.verdicts(), {
    'shop/api -> shop/db TCP 5432': 'UNDECIDABLE by mixed-label-sets [ACTIVE]',
  });
  assert.deepEqual(await shop.call(EXPLAIN, asked('shop/api', 'shop/db')), {
    verdict: 'UNDECIDABLE',
    basis: 'mixed-label-sets',
    missing:
      'which pods take part, since their labels differ: allowed for `shop/db{role=replica}`; denied for `shop/db{role=primary}`',
  });
  const { deployments } = await shop.ask(PARTIAL, { cluster: shop.cluster });
  assert.deepEqual(deployments.nodes, [{ name: 'db' }]);
});

test('a deployment shows the labels that all of its pods share, and each of its label sets', async () => {
  const shop = lab('sets');
  await shop.take(POSTGRES);
  const { deployment } = await shop.ask(DEPLOYMENT, { cluster: shop.cluster });
  const set = (name: string, role: string) => ({
    labels: { app: 'db', role, [POD_NAME]: name },
    pods: 1,
    hostNetwork: false,
    namedPorts: [{ name: 'http', port: 8080 }],
  });
  assert.deepEqual(deployment, {
    labels: { app: 'db' },
    isolation: 'NONE',
    labelSets: [set('db-0', 'primary'), set('db-1', 'replica'), set('db-2', 'replica')],
  });
});

test('traffic of a workload to itself is between two of its pods: a set of one pod does not speak to itself', async () => {
  const shop = lab('within');
  const primary = guard('primary', { role: 'primary' }, { matchLabels: { role: 'replica' } });
  const replicas = guard('replicas', { role: 'replica' }, app('db'));
  await shop.take([...POSTGRES, primary, replicas]);
  await shop.see(WITHIN_DB);
  const edge = 'shop/db -> shop/db TCP 5432';
  assert.deepEqual(await shop.verdicts(), { [edge]: 'ALLOWED by policy [ACTIVE ALLOWED]' });
  await shop.take([db('db-3', 'primary')]);
  assert.deepEqual(await shop.verdicts(), {
    [edge]: 'UNDECIDABLE by mixed-label-sets [ACTIVE]',
  });
});

test('labels that controllers write for each pod count where a policy or a candidate names them', async () => {
  const shop = lab('ordinals');
  await shop.take(POSTGRES);
  await shop.see(TO_DB);
  const first = guard('first', { [POD_NAME]: 'db-0' }, app('nobody'));
  const explained = await shop.call(EXPLAIN, asked('shop/api', 'shop/db', [first]));
  assert.equal(explained.basis, 'mixed-label-sets');
  assert.match(
    explained.missing,
    /allowed for `shop\/db{role=replica}`; denied for .*pod-name=db-0/,
  );
  const edge = 'shop/api -> shop/db TCP 5432';
  assert.deepEqual(await shop.verdicts(), {
    [edge]: 'ALLOWED by default-allow, ungoverned [ACTIVE]',
  });
  await shop.take([first]);
  assert.deepEqual(await shop.verdicts(), { [edge]: 'UNDECIDABLE by mixed-label-sets [ACTIVE]' });
});

test('the pods of a canary are another label set of their deployment, also as callers', async () => {
  const shop = lab('canary');
  const web = (hash: string, track: string) =>
    pod(`web-${hash}-x2x8p`, {
      owner: `ReplicaSet/web-${hash}`,
      labels: { app: 'web', track, 'pod-template-hash': hash },
    });
  await shop.take([
    ...POSTGRES,
    web('7d9f8b6c54', 'stable'),
    guard('db', { app: 'db' }, { matchLabels: { app: 'web', track: 'stable' } }),
  ]);
  await shop.see(flow('shop/web', 'shop/db', 5432));
  const edge = 'shop/web -> shop/db TCP 5432';
  assert.deepEqual(await shop.verdicts(), { [edge]: 'ALLOWED by policy [ACTIVE ALLOWED]' });
  await shop.take([web('6b746f74dc', 'canary')]);
  assert.deepEqual(await shop.verdicts(), { [edge]: 'UNDECIDABLE by mixed-label-sets [ACTIVE]' });
});

test('a set ends with its pods, and an earlier moment has the sets of then', async () => {
  const shop = lab('then');
  const both = [...POSTGRES, guard('primary', { role: 'primary' }, app('nobody'))];
  await shop.take(both, { observedAt: '2026-03-01T00:00:00Z' });
  const without = both.filter(one => !JSON.stringify(one).includes('"db-0"'));
  await shop.take(without, { observedAt: '2026-03-02T00:00:00Z', mode: 'REPLACE' });
  const now = await shop.call(EXPLAIN, asked('shop/api', 'shop/db'));
  assert.equal(now.verdict, 'ALLOWED');
  const at = '2026-03-01T12:00:00Z';
  const then = await shop.call(EXPLAIN, { ...asked('shop/api', 'shop/db'), at });
  assert.equal(then.basis, 'mixed-label-sets');
});

test('a Service, and a record that carries labels alone, find a workload by any of its label sets', async () => {
  const shop = lab('found');
  const primary = service('db-primary', { role: 'primary' }, '10.96.0.1');
  const ports = [{ port: 5432 }];
  await shop.take([...POSTGRES, { ...primary, spec: { ...primary.spec, ports } }]);
  const to = (destination: object) =>
    record({ source: workload('api', 'shop'), destination, port: 5432 });
  await shop.see(
    to({ namespace: 'shop', service: 'db-primary' }),
    to({ namespace: 'shop', labels: { app: 'db', role: 'replica' } }),
  );
  assert.deepEqual(Object.keys(await shop.verdicts()), ['shop/api -> shop/db TCP 5432']);
});
