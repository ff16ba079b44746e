import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Problem, readManifests } from '../../../src/netpol/index.js';

type Source = { readonly file: string | null; readonly text: string };

const told = (...documents: readonly object[]) => {
  const sources = documents.map((document, place) => ({
    file: `${place}.yaml`,
    text: JSON.stringify(document),
  }));
  return repeatedAmong(sources).map(
    ({ message, place, severity }) => `${severity} ${place?.file}:${place?.line} ${message}`,
  );
};

const repeatedAmong = (sources: readonly Source[]): readonly Problem[] => {
  const { problems } = readManifests(sources);
  for (const problem of problems) assert.equal(typeof problem, 'object');
  return problems.filter(({ code }) => code === 'OBJECT_REPEATED');
};

const pod = (name: string | undefined, namespace: string, app: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app } },
  spec: { containers: [] },
});

test('a second object of one kind and name is told, unless it is the same', () => {
  const one = pod('web', 'shop', 'a');
  const other = pod('web', 'shop', 'b');
  const message = (file: number) =>
    `Pod \`web\` replaces the one of the same name in \`${file}.yaml\` line 1`;
  assert.deepEqual(told(one, other), [`WARNING 1.yaml:1 ${message(0)}`]);
  assert.deepEqual(told(one, pod('web', 'data', 'b'), pod('api', 'shop', 'b'), one), []);
  assert.deepEqual(told(one, one, other, one), [
    `WARNING 2.yaml:1 ${message(1)}`,
    `WARNING 3.yaml:1 ${message(2)}`,
  ]);
});

test('workloads of two versions of their API are one, and what has no name or no part in the engine is none', () => {
  const deployment = (apiVersion: string, kind = 'Deployment') => ({
    apiVersion,
    kind,
    metadata: { name: 'web' },
    spec: { template: { metadata: { labels: { app: apiVersion } }, spec: {} } },
  });
  assert.equal(told(deployment('apps/v1'), deployment('extensions/v1beta1')).length, 1);
  assert.deepEqual(told(deployment('apps/v1'), deployment('apps/v1', 'StatefulSet')), []);
  assert.deepEqual(told(deployment('example.com/v1', 'A'), deployment('example.com/v2', 'A')), []);
  assert.deepEqual(told(pod(undefined, 'shop', 'a'), pod(undefined, 'shop', 'b')), []);
  const service = (port: number) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { ports: [{ port }] },
  });
  assert.equal(told(service(80), service(81)).length, 1);
  const route = (to: string) => ({
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: { name: 'web' },
    spec: { to: { name: to } },
  });
  assert.equal(told(route('a'), route('b')).length, 1);
});

test('Namespaces and Nodes that are repeated are told, and where the earlier one stands in a text without a file', () => {
  const node = (address: string) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1' },
    status: { addresses: [{ type: 'InternalIP', address }] },
  });
  assert.equal(told(node('10.0.0.1'), node('10.0.0.2')).length, 1);
  const space = (team: string) =>
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: { team: ${team} }\n`;
  const [repeated] = repeatedAmong([{ file: null, text: `${space('a')}---\n${space('b')}` }]);
  assert.equal(repeated?.message, 'Namespace `shop` replaces the one of the same name in line 1');
  assert.equal(repeated?.place?.line, 10);
});
