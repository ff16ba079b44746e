import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readManifests } from '../../../src/netpol/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const data = join(root, '../shared/data');
const skip = existsSync(data) ? false : 'the recorded data is not here';

function read(folder: string) {
  const files = readdirSync(join(data, folder), { recursive: true, encoding: 'utf8' });
  const sources = files
    .filter(file => /\.(?:ya?ml|json)$/.test(file) && !file.includes('connlist'))
    .sort()
    .map(file => ({ file, text: readFileSync(join(data, folder, file), 'utf8') }));
  return readManifests(sources);
}

/** Folder, then how many pods, policies, namespaces, services and routes it holds. */
const table: readonly (readonly [string, ...number[]])[] = [
  ['snapshots/np-guard-onlineboutique', 12, 11, 5, 0, 0],
  ['snapshots/nca-online-boutique-live', 18, 12, 8, 24, 0],
  ['snapshots/nca-bookinfo-podlist', 12, 0, 7, 4, 0],
  ['apps/online-boutique', 12, 13, 0, 12, 1],
  ['apps/sock-shop/manifests', 14, 0, 1, 14, 0],
  ['apps/sock-shop/manifests-policy', 0, 13, 1, 0, 0],
  ['apps/bookinfo', 11, 0, 0, 12, 1],
];

/** How many policies of other kinds than ours a folder holds: each is named. */
const foreign: Readonly<Record<string, number>> = { 'snapshots/nca-online-boutique-live': 11 };

for (const [folder, ...counts] of table) {
  test(`${folder} is read whole, and nothing but policies of other kinds is told`, { skip }, () => {
    const { facts, policies, problems, notes } = read(folder);
    const { pods, namespaces, services, routes } = facts;
    const told = [...problems, ...notes].map(({ code, place }) => `${code} ${place?.file}`);
    assert.deepEqual(
      told,
      Array(foreign[folder] ?? 0).fill('POLICY_NOT_READ network_policies.yaml'),
    );
    assert.deepEqual(
      [pods.length, policies.length, namespaces.length, services.length, routes.length],
      counts,
    );
    assert.equal(new Set(pods.map(pod => pod.key)).size, pods.length);
  });
}

test('live pods keep their addresses and the owner as written', { skip }, () => {
  const { facts } = read('snapshots/np-guard-onlineboutique');
  const pod = facts.pods.find(({ labels }) => labels['app'] === 'adservice');
  assert.deepEqual(pod?.workload, { kind: 'ReplicaSet', name: 'adservice-77d5cd745d' });
  assert.deepEqual(pod?.addresses, ['10.244.120.79']);
  assert.deepEqual(pod?.ports, [{ name: null, port: 9555, protocol: 'TCP' }]);
  assert.equal(pod?.node, 'minikube');
});
