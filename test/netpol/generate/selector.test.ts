import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Labels } from '../../../src/netpol/index.js';
import { pod } from '../evaluation/build.js';
import { dns, generated, specOf } from './observed.js';

/** The selector of the policy for `subject` beside other workloads of its namespace. */
function selectorOf(subject: Labels, ...others: readonly Labels[]): unknown {
  const pods = [
    pod('shop/api', { labels: subject }),
    ...others.map((labels, place) => pod(`shop/other-${place}`, { labels })),
    pod('data/api', { labels: subject }),
    dns,
  ];
  const made = generated({ pods }, ['203.0.113.1 -> shop/api TCP 1'], { subjects: ['shop/api'] });
  return specOf(made)?.podSelector.matchLabels;
}

const NAMING = [
  'app',
  'app.kubernetes.io/name',
  'k8s-app',
  'name',
  'run',
  'component',
  'app.kubernetes.io/component',
  'app.kubernetes.io/instance',
  'tier',
  'role',
];

for (const [place, key] of NAMING.entries()) {
  test(`the label ${key} names a workload before all that come after it`, () => {
    const later = Object.fromEntries(NAMING.slice(place).map(one => [one, 'api']));
    assert.deepEqual(selectorOf({ other: 'x', ...later }), { [key]: 'api' });
  });
}

test('a selector has the fewest labels that tell the workload apart', () => {
  const subject = { app: 'shop', component: 'api', tier: 'back', version: '2', colour: 'blue' };
  assert.deepEqual(selectorOf(subject, { app: 'shop', component: 'web' }), { component: 'api' });
  assert.deepEqual(selectorOf(subject, { app: 'shop', component: 'api', tier: 'front' }), {
    tier: 'back',
  });
  assert.deepEqual(
    selectorOf(subject, { app: 'shop', tier: 'x' }, { component: 'api' }, { tier: 'back' }),
    { app: 'shop', component: 'api' },
  );
});

test('where naming labels do not tell it apart, another lasting label beside the name does', () => {
  const subject = { app: 'api', colour: 'blue', 'pod-template-hash': '7d9' };
  const named = { app: 'api', colour: 'blue' };
  assert.deepEqual(selectorOf(subject, { app: 'api', colour: 'green' }), named);
});

test('without a naming label the one that holds the name of the workload comes first', () => {
  const subject = { 'db.example.com/kind': 'pooler', 'db.example.com/pooler': 'api' };
  assert.deepEqual(selectorOf(subject), { 'db.example.com/pooler': 'api' });
});

test('a label that the others lack tells it apart too', () => {
  assert.deepEqual(selectorOf({ app: 'api', role: 'main' }, { app: 'api' }), { role: 'main' });
});

for (const [key, value] of [
  ['version', '2'],
  ['app.kubernetes.io/version', '2.1'],
  ['helm.sh/chart', 'worker-1.2.3'],
  ['topology.kubernetes.io/zone', 'eu-1a'],
  ['istio.io/rev', 'stable'],
  ['build', 'v1.4.0'],
  ['tekton.dev/pipelineRun', 'nightly'],
  ['pipelines.kubeflow.org/run_id', 'seven'],
  ['security.example.com/checksum', 'abc'],
  ['config', '3f9a81c2d7'],
  ['owner', 'worker-7d9c5b8f6d'],
  ['built', '2026-11-22'],
] as const) {
  test(`the label ${key} is part of a selector only where nothing else tells the workload apart`, () => {
    const subject = { colour: 'blue', [key]: value };
    assert.deepEqual(selectorOf(subject), { colour: 'blue' });
    assert.deepEqual(selectorOf(subject, { colour: 'blue', [key]: 'x' }), subject);
    assert.deepEqual(selectorOf({ [key]: value }), { [key]: value });
  });
}

test('a selector takes what all pods of the workload share, whatever else tells one of them apart', () => {
  const workload = { kind: 'StatefulSet', name: 'db' };
  const db = (name: string, labels: Labels) =>
    pod(`shop/${name}`, { labels, workload, ...(name !== 'db-0' && { memberOf: 'shop/db-0' }) });
  const made = (shared: Labels) =>
    generated(
      {
        pods: [
          db('db-0', { role: 'primary', ...shared }),
          db('db-1', { role: 'replica', ...shared }),
          pod('shop/other', { labels: { app: 'postgres', role: 'primary' } }),
          dns,
        ],
      },
      ['203.0.113.1 -> shop/db-0 TCP 5432'],
      { subjects: ['shop/db-0'] },
    );
  const told = made({ app: 'postgres', cluster: 'main' });
  assert.deepEqual(specOf(told)?.podSelector.matchLabels, { app: 'postgres', cluster: 'main' });
  assert.deepEqual(told.problems, []);
  assert.deepEqual(
    made({}).problems.map(({ code }) => code),
    ['LABEL_SETS_DIFFER'],
  );
});

for (const [key, value] of [
  ['run', 'web'],
  ['release', 'shop'],
  ['region-team', 'north'],
  ['app', 'api-v2'],
  ['name', 'facade-eu'],
] as const)
  test(`the label ${key}: ${value} lasts`, () => {
    assert.deepEqual(selectorOf({ [key]: value, version: '1.2' }), { [key]: value });
  });

for (const key of [
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'spark-exec-id',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'job-name',
]) {
  test(`the label ${key} is never part of a selector`, () => {
    assert.equal(selectorOf({ [key]: 'a' }), undefined);
    assert.deepEqual(selectorOf({ [key]: 'a', z: '1', b: '2' }), { b: '2' });
  });
}

test('replicas of one workload are not others', () => {
  const replica = { labels: { app: 'api' }, workload: { kind: 'ReplicaSet', name: 'api' } };
  const pods = [pod('shop/api-1', replica), pod('shop/api-2', replica), dns];
  const { problems } = generated({ pods }, ['203.0.113.1 -> shop/api-1 TCP 1'], {
    subjects: ['shop/api-1'],
  });
  assert.deepEqual(problems, []);
});

test('a workload of the same name and another kind is another', () => {
  const pods = [
    pod('shop/a', { labels: { app: 'api' }, workload: { kind: 'Job', name: 'api' } }),
    pod('shop/b', { labels: { app: 'api' }, workload: { kind: 'Deployment', name: 'api' } }),
    dns,
  ];
  const { problems } = generated({ pods }, ['203.0.113.1 -> shop/a TCP 1'], {
    subjects: ['shop/a'],
  });
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['SELECTOR_SHARED'],
  );
});

test('a silent workload that looks like another release of one that was seen is told', () => {
  const release = (name: string, colour: string, app = 'orders') =>
    pod(`shop/${name}`, {
      labels: { app, colour },
      ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    });
  const pods = [
    release('blue', 'blue'),
    release('green', 'green'),
    release('other', 'x', 'other'),
    dns,
  ];
  const { problems } = generated({ pods }, ['203.0.113.1 -> shop/blue TCP 8080']);
  const told = problems.filter(({ code }) => code === 'STANDBY').map(({ message }) => message);
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /^`shop\/green` was silent .* of `shop\/blue` \(`app: orders`/);
});

test('a role that goes to another pod when that one takes over names nobody', () => {
  const keys = ['role', 'spilo-role', 'cnpg.io/instanceRole', 'postgres-operator.example.com/role'];
  for (const key of keys)
    assert.deepEqual(selectorOf({ [key]: 'primary', 'cnpg.io/cluster': 'pg' }), {
      'cnpg.io/cluster': 'pg',
    });
  assert.deepEqual(selectorOf({ role: 'frontend', other: 'x' }), { role: 'frontend' });
});

test('what a mesh writes, and what repeats the name of a revision, names nobody', () => {
  const meshed = { 'linkerd.io/proxy-deployment': 'api', 'service.istio.io/canonical-name': 'api' };
  assert.deepEqual(selectorOf({ ...meshed, run: 'api' }), { run: 'api' });
  const revised = { app: 'hello-00001', 'serving.knative.dev/revision': 'hello-00001' };
  const named = { 'serving.knative.dev/service': 'hello' };
  assert.deepEqual(selectorOf({ ...revised, ...named }), named);
  assert.deepEqual(selectorOf({ name: 'api-1', 'x.example.com/cluster': 'db' }), {
    'x.example.com/cluster': 'db',
  });
});

test("names that the workload's own selector asks for come first, and its role stays", () => {
  const selected = (labels: Labels, selector: Labels, ...others: readonly Labels[]) => {
    const pods = [
      pod('shop/api', { labels, selector }),
      ...others.map((one, place) => pod(`shop/other-${place}`, { labels: one })),
      dns,
    ];
    const made = generated({ pods }, ['203.0.113.1 -> shop/api TCP 1'], { subjects: ['shop/api'] });
    return specOf(made)?.podSelector.matchLabels;
  };
  const names = { 'app.kubernetes.io/name': 'api' };
  assert.deepEqual(selected({ app: 'api2', ...names }, names), names);
  assert.deepEqual(selected({ app: 'api', colour: 'blue' }, { colour: 'blue' }), { app: 'api' });
  const master = { app: 'redis', role: 'master' };
  const slave = { app: 'redis', role: 'slave' };
  assert.deepEqual(selected(master, master, slave), { role: 'master' });
});
