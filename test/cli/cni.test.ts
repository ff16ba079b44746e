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

test('what no source tells of is said to be not known, and every note names its source', async t => {
  const folder = folderOf(t, { 'a.yaml': MANIFESTS });
  const notes = async (cni: string) => {
    const ends = ['shop/web', 'shop/db', '--port', '80', '--cni', cni];
    const { err } = await run(['netpol', 'explain', folder, ...ends]);
    return err.split('\n').filter(line => line.startsWith('note: with '));
  };
  const router = await notes('kube-router');
  assert.ok(
    router.some(note => /of SCTP: not known what it does; .*\(kube-router, issue 1019/.test(note)),
  );
  for (const { name, differences } of CNIS) {
    const told = await notes(name);
    assert.equal(told.length, differences.length, name);
    for (const note of told) assert.match(note, / \([A-Za-z][^()]*(\([^()]*\))?[^()]*\)$/);
  }
});

test('a plugin matches pods by an ipBlock exactly where it is said to', () => {
  for (const { name, ipBlockPods, differences } of CNIS) {
    const told = differences.find(({ feature }) => feature === 'an ipBlock on pods');
    const isByAddress = told?.effect === 'pods in the block are matched by their address';
    assert.equal(ipBlockPods === 'by-address', isByAddress, name);
  }
});

test('a name that may mean several plugins is not taken for one', () => {
  assert.deepEqual([cniNamed('azure-cni'), cniNamed('gke')], [null, null]);
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
