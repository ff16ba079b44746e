import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CNIS, cniNamed } from '../../src/netpol/index.js';
import { folderOf } from './folder.js';
import { run } from './run.js';

const MANIFESTS = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
status: {podIP: 10.1.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
status: {podIP: 10.1.0.2}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]}
`;

test('a network plugin says whether an ipBlock matches pods, and a mode that is written wins', async t => {
  const folder = folderOf(t, { 'a.yaml': MANIFESTS });
  const ask = async (...options: readonly string[]) => {
    const ends = ['shop/web', 'shop/db', '--port', '80'];
    const { out, err } = await run(['netpol', 'explain', folder, ...ends, ...options]);
    return { verdict: /: (\w+) \(/.exec(out)?.[1], err };
  };
  assert.equal((await ask()).verdict, 'DENIED');
  assert.equal((await ask('--cni', 'cilium')).verdict, 'DENIED');
  const calico = await ask('--cni', 'Calico');
  assert.equal(calico.verdict, 'ALLOWED');
  assert.match(
    calico.err,
    /note: with calico, of an ipBlock on pods: pods in the block are matched/,
  );
  assert.equal((await ask('--cni', 'calico', '--ip-block-pods', 'never')).verdict, 'DENIED');
});

test('a network plugin of which nothing is known is refused, with those that are known', async t => {
  const folder = folderOf(t, { 'a.yaml': MANIFESTS });
  const { exit, out, err } = await run(['netpol', 'lint', folder, '--cni', 'sillium']);
  assert.deepEqual([exit, out], [2, '']);
  assert.match(err, /nothing is known of the network plugin `sillium`/);
  for (const { name } of CNIS) assert.ok(err.includes(name), name);
});

test('names and aliases of plugins are told apart', () => {
  const names = CNIS.flatMap(({ name, aliases }) => [name, ...aliases]);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.ok(cniNamed(name.toUpperCase()) !== null);
});

test('a kustomization or a chart among the files is said to be not rendered, and is fatal when strict', async t => {
  const folder = folderOf(t, {
    'base/kustomization.yaml': 'resources: [a.yaml]',
    'base/a.yaml': MANIFESTS,
    'chart/Chart.yaml': 'name: x',
  });
  const map = ['netpol', 'connectivity', 'map', folder];
  const { exit, err } = await run(map);
  assert.equal(exit, 0);
  assert.match(err, /a kustomization is not rendered.*kubectl kustomize .*base/);
  assert.match(err, /a Helm chart is not rendered.*helm template .*chart/);
  assert.equal((await run([...map, '--strict'])).exit, 2);
});
