import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Labels, PodFact } from '../../../src/netpol/index.js';
import { pod } from '../evaluation/build.js';
import { dns, generated, problemLines, ruleLines } from './observed.js';

const store = pod('data/minio');

const run = (kind: string, name: string, labels: Labels): PodFact =>
  pod(`jobs/${name}`, { labels, workload: { kind, name } });

/** What is generated for pods that all ask the store: the selectors by the names of policies, rules and problems. */
const made = (...pods: readonly PodFact[]) => {
  const all = generated(
    { pods: [...pods, store, dns] },
    pods.map(({ key }) => `${key} -> data/minio TCP 9000`),
    { subjects: pods.map(({ key }) => key), directions: 'EGRESS' },
  );
  const selectors = all.policies.map(({ name, document }) => {
    const { podSelector } = document.spec as { podSelector: { matchLabels: Labels } };
    return [name, podSelector.matchLabels] as const;
  });
  return {
    selectors: Object.fromEntries(selectors),
    rules: ruleLines(all),
    said: problemLines(all),
  };
};

const KINDS: readonly (readonly [
  kind: string,
  runs: readonly string[],
  labels: (run: string) => Labels,
])[] = [
  ['Job', ['import-20261112', 'import-20261113'], id => ({ app: 'etl', 'run-id': id })],
  [
    'Workflow',
    ['etl-1764300000', 'etl-1764386400'],
    id => ({
      'workflows.argoproj.io/workflow': id,
      'workflows.argoproj.io/completed': `${id === 'etl-1764300000'}`,
      'workflows.argoproj.io/cron-workflow': 'etl',
    }),
  ],
  [
    'PipelineRun',
    ['build-x7k2p', 'build-9wz4b'],
    id => ({ 'tekton.dev/pipelineRun': id, 'tekton.dev/pipeline': 'build' }),
  ],
  [
    'PyTorchJob',
    ['llm-2026-11-28', 'llm-2026-11-29'],
    id => ({ 'training.kubeflow.org/job-name': id, team: 'nlp' }),
  ],
];

for (const [kind, runs, labels] of KINDS)
  test(`all runs of a ${kind} are one policy, whose selector the next run has too`, () => {
    const { selectors, rules, said } = made(...runs.map(name => run(kind, name, labels(name))));
    const [[name, selector] = ['', {}], ...others] = Object.entries(selectors);
    assert.deepEqual([name, others], [runs[0]?.split('-')[0], []]);
    const next = labels('something-else');
    for (const [key, value] of Object.entries(selector)) assert.equal(next[key], value, key);
    assert.ok(Object.keys(selector).length > 0);
    assert.deepEqual(rules.length, 2, 'DNS, and one rule for what both runs do');
    assert.deepEqual(said, []);
    const [first = ''] = runs;
    assert.deepEqual(
      Object.keys(made(run(kind, first, labels(first))).selectors),
      [name],
      'so has one alone',
    );
  });

test('runs that share no label which lasts stay workloads of their own, and so do what stays', () => {
  const own = ['etl-1764300000', 'etl-1764386400'].map(id =>
    run('Workflow', id, { 'workflows.argoproj.io/workflow': id }),
  );
  const { selectors, said } = made(...own);
  assert.deepEqual(Object.keys(selectors), ['etl-1764300000', 'etl-1764386400']);
  assert.ok(said.every(line => line.startsWith('SELECTOR_FRAGILE')));
  const staying = ['web-2x7k9', 'web-9wz4b'].map(name => run('Deployment', name, { app: name }));
  assert.deepEqual(Object.keys(made(...staying).selectors), ['web-2x7k9', 'web-9wz4b']);
});

test('a role is told beside the name that the operator gives to what it runs', () => {
  const spark = {
    'sparkoperator.k8s.io/app-name': 'daily',
    'spark-app-selector': 'spark-5f3a1b2c',
  };
  const { selectors } = made(
    run('SparkApplication', 'daily', { ...spark, 'spark-role': 'driver' }),
    run('Pod', 'daily-driver', { ...spark, 'spark-role': 'executor' }),
  );
  assert.deepEqual(selectors, {
    daily: { 'sparkoperator.k8s.io/app-name': 'daily', 'spark-role': 'driver' },
    'daily-driver': { 'sparkoperator.k8s.io/app-name': 'daily', 'spark-role': 'executor' },
  });
});

test('revisions of a Service of Knative are one policy, and another Deployment is another', () => {
  const revision = (number: string): PodFact =>
    run('Deployment', `hello-${number}-deployment`, {
      app: `hello-${number}`,
      'serving.knative.dev/configuration': 'hello',
      'serving.knative.dev/revision': `hello-${number}`,
      'serving.knative.dev/service': 'hello',
    });
  const { selectors } = made(
    revision('00001'),
    revision('00002'),
    run('Deployment', 'web', { app: 'web' }),
  );
  assert.deepEqual(selectors, {
    hello: { 'serving.knative.dev/service': 'hello' },
    web: { app: 'web' },
  });
});

test('a part of a run is that part of every run', () => {
  const part = (id: string): PodFact =>
    run('TaskRun', `build-${id}-unit`, {
      'tekton.dev/pipeline': 'build',
      'tekton.dev/pipelineRun': `build-${id}`,
      'tekton.dev/pipelineRunUID': id,
      'tekton.dev/taskRun': `build-${id}-unit`,
    });
  const { selectors } = made(part('x7k2p'), part('9wz4b'));
  assert.deepEqual(selectors, { 'build-unit': { 'tekton.dev/pipeline': 'build' } });
});
