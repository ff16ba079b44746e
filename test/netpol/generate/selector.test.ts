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
  'component',
  'app.kubernetes.io/component',
  'app.kubernetes.io/instance',
  'tier',
  'role',
  'version',
  'app.kubernetes.io/version',
];

for (const [place, key] of NAMING.entries()) {
  test(`the label ${key} names a workload before all that come after it`, () => {
    const later = Object.fromEntries(NAMING.slice(place).map(one => [one, 'api']));
    assert.deepEqual(selectorOf({ other: 'x', ...later }), { [key]: 'api' });
  });
}

test('a label that others share is joined by the next until the workload stands alone', () => {
  const subject = { app: 'shop', component: 'api', tier: 'back', version: '2', colour: 'blue' };
  assert.deepEqual(selectorOf(subject, { app: 'shop', component: 'web' }), {
    app: 'shop',
    component: 'api',
  });
  assert.deepEqual(selectorOf(subject, { app: 'shop', component: 'api', tier: 'front' }), {
    app: 'shop',
    component: 'api',
    tier: 'back',
  });
});

test('where naming labels do not tell it apart, all its lasting labels do', () => {
  const subject = { app: 'api', colour: 'blue', 'pod-template-hash': '7d9' };
  assert.deepEqual(selectorOf(subject, { app: 'api', colour: 'green' }), {
    app: 'api',
    colour: 'blue',
  });
});

test('a label that the others lack tells it apart too', () => {
  assert.deepEqual(selectorOf({ app: 'api', role: 'main' }, { app: 'api' }), {
    app: 'api',
    role: 'main',
  });
});

for (const key of [
  'pod-template-hash',
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
    assert.deepEqual(selectorOf({ [key]: 'a', z: '1', b: '2' }), { b: '2', z: '1' });
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
