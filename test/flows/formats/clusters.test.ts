import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, pod, readAll, wrapped } from './hubble-records.js';

const end = (name: string, cluster: string, changes: Json = {}): Json => ({
  ...pod(name, 'web', 33_311),
  labels: ['k8s:app=web', `k8s:io.cilium.k8s.policy.cluster=${cluster}`],
  ...changes,
});

const clustersOf = (...records: readonly Json[]): readonly string[] =>
  readAll(...records).observations.map(
    ({ source, destination }) => `${source.cluster ?? 'home'} ${destination.cluster ?? 'home'}`,
  );

test('an end with a local id is at home, whatever name its identity and its node carry', () => {
  const renamed = wrapped({
    node_name: 'cluster1/minikube',
    source: end('web-0', 'default', { ID: 713 }),
    destination: end('db-0', 'default', { ID: 198 }),
  });
  const remote = wrapped({
    node_name: 'cluster1/minikube',
    source: end('web-1', 'default', { ID: undefined }),
    destination: end('db-0', 'default', { ID: 198 }),
  });
  assert.deepEqual(clustersOf(renamed, remote), ['home home', 'home home']);
});

test('pods of two clusters with one namespace, name and identity are two peers', () => {
  const records = ['west', 'east'].map(cluster =>
    wrapped({
      node_name: 'east/node-a',
      source: end('web-0', cluster, { ID: undefined, cluster_name: cluster }),
      destination: end('db-0', 'east', { ID: 198, cluster_name: 'east' }),
    }),
  );
  assert.deepEqual(clustersOf(...records), ['west home', 'home home']);
  const [one, other] = readAll(...records).observations;
  assert.notEqual(one?.source, other?.source);
});

test('where ids and the name of the node are masked, the end that was reached is at home', () => {
  const record = (cluster: string): Json =>
    wrapped({
      node_name: 'node-a',
      source: end('web-0', cluster, { ID: undefined, cluster_name: cluster }),
      destination: end('db-0', 'east', { ID: undefined, cluster_name: 'east' }),
    });
  assert.deepEqual(clustersOf(record('west'), record('east')), ['west home', 'home home']);
});

test('names that do not agree are said: of the cluster that reports, and where nothing tells which one does', () => {
  const renamed = wrapped({
    node_name: 'cluster1/minikube',
    source: end('web-0', 'default', { ID: 713 }),
    destination: end('db-0', 'default', { ID: 198 }),
  });
  assert.deepEqual(readAll(renamed).clusterNames, { own: ['cluster1', 'default'], undecided: [] });
  const masked = wrapped({
    node_name: 'node-a',
    trace_observation_point: undefined,
    source: end('web-0', 'west', { ID: undefined, cluster_name: 'west' }),
    destination: end('db-0', 'east', { ID: undefined, cluster_name: 'east' }),
  });
  assert.deepEqual(readAll(masked).clusterNames, { own: [], undecided: ['east', 'west'] });
  assert.equal(readAll(wrapped()).clusterNames, undefined, 'where they agree');
});
