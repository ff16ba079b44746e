import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderOf, SHOP } from './folder.js';
import { run } from './run.js';

type Row = { readonly src: string; readonly dst: string; readonly conn: string };

const map = (folder: string, ...flags: readonly string[]) =>
  run(['netpol', 'connectivity', 'map', folder, ...flags]);

const LINES = [
  '0.0.0.0-255.255.255.255 => shop/web[Deployment] : All Connections',
  'shop/api-0[Pod] => 0.0.0.0-255.255.255.255 : All Connections',
  'shop/api-0[Pod] => shop/web[Deployment] : All Connections',
  'shop/web[Deployment] => 0.0.0.0-255.255.255.255 : All Connections',
  'shop/web[Deployment] => shop/api-0[Pod] : TCP 8080',
];

test('the list is a line a pair, sorted, and nothing else on standard output', async t => {
  const { exit, out, err } = await map(folderOf(t, SHOP));
  assert.deepEqual([exit, err], [0, '']);
  assert.deepEqual(out, `${LINES.join('\n')}\n`);
});

test('json, md, csv and dot hold the same rows in the same order', async t => {
  const folder = folderOf(t, SHOP);
  const rows = LINES.map(line => {
    const [, src = '', dst = '', conn = ''] = /^(.*) => (.*) : (.*)$/.exec(line) ?? [];
    return { src, dst, conn };
  });
  assert.deepEqual(JSON.parse((await map(folder, '-o', 'json')).out), rows);
  const cells = rows.map(({ src, dst, conn }) => [src, dst, conn]);
  assert.deepEqual((await map(folder, '--output-format', 'md')).out.split('\n'), [
    '| src | dst | conn |',
    '|-----|-----|------|',
    ...cells.map(row => `| ${row.join(' | ')} |`),
    '',
  ]);
  assert.deepEqual((await map(folder, '--output', 'csv')).out.split('\n'), [
    'src,dst,conn',
    ...cells.map(row => row.join(',')),
    '',
  ]);
  const { out: dot } = await map(folder, '-o', 'dot');
  assert.match(dot, /^digraph \{\n\tsubgraph "cluster_shop" \{/);
  assert.equal(dot.match(/ -> /g)?.length, rows.length);
  assert.match(dot, /"shop\/web\[Deployment\]" -> "shop\/api-0\[Pod\]" \[label="TCP 8080"/);
});

test('a field with a comma stands in quotes in csv', async t => {
  const policy = SHOP['shop/policies/api.yml'].replace(
    '[{ protocol: TCP, port: 8080 }]',
    '[{ protocol: TCP, port: 8080 }, { protocol: UDP, port: 53 }]',
  );
  const folder = folderOf(t, { ...SHOP, 'shop/policies/api.yml': policy });
  const { out } = await map(folder, '-o', 'csv');
  assert.match(out, /^shop\/web\[Deployment\],shop\/api-0\[Pod\],"TCP 8080,UDP 53"$/m);
});

test('the document also goes into a file, whose folder is made', async t => {
  const folder = folderOf(t, SHOP);
  const file = join(folder, 'out/list.txt');
  const { exit, out } = await map(folder, '-f', file);
  assert.deepEqual([exit, readFileSync(file, 'utf8')], [0, out]);
});

for (const name of ['api-0', 'shop/api-0', 'shop/api-0[Pod]']) {
  test(`--focus-workload ${name} leaves the rows with it at either end`, async t => {
    const { out } = await map(folderOf(t, SHOP), '--focus-workload', name);
    assert.deepEqual(
      out.trimEnd().split('\n'),
      LINES.filter(line => line.includes('shop/api-0[Pod]')),
    );
  });
}

test('--focus-workload takes several names, and tells of each that nothing has', async t => {
  const folder = folderOf(t, SHOP);
  const named = (...flags: readonly string[]) => map(folder, ...flags);
  const both = LINES.filter(line => line.includes('shop/api-0[Pod]') || line.includes('web['));
  for (const flags of [
    ['--focus-workload', 'api-0,shop/web'],
    ['--focus-workload', 'api-0', '--focus-workload', 'shop/web'],
  ]) {
    const { out, err } = await named(...flags);
    assert.deepEqual([out.trimEnd().split('\n'), err], [both, '']);
  }
  const { err } = await named('--focus-workload', 'api-0,gone,away', '--focus-workload', 'none');
  assert.deepEqual(
    err.match(/is named `\w+`/g),
    ['gone', 'away', 'none'].map(name => `is named \`${name}\``),
  );
  const range = await named('--focus-workload', '0.0.0.0-255.255.255.255');
  assert.deepEqual([range.err, range.out.startsWith('0.0.0.0-255.255.255.255 => ')], ['', true]);
});

test('--explain names policy, rule and line of each direction', async t => {
  const folder = folderOf(t, SHOP);
  const { out } = await map(folder, '--explain', '--focus-workload', 'shop/web');
  assert.match(
    out,
    /shop\/web\[Deployment\] => shop\/api-0\[Pod\] : TCP 8080\n {2}egress: no policy decides it, so it is allowed\n {2}ingress: NetworkPolicy shop\/api ALLOW by rule spec\.ingress\[0\] \(.*api\.yml:\d+:\d+\)/,
  );
  const { out: json } = await map(folder, '--explain', '-o', 'json');
  const rows = JSON.parse(json) as readonly (Row & { explanation: { ingress: object[] } })[];
  const row = rows.find(({ conn }) => conn === 'TCP 8080');
  assert.equal(row?.explanation.ingress.length, 1);
});

test('a pod on the host network is seen by policies in mode pods only', async t => {
  const folder = folderOf(t, {
    'all.yaml': `
apiVersion: v1
kind: Pod
metadata: { name: agent, namespace: shop, labels: { app: agent } }
spec: { hostNetwork: true, containers: [{ name: agent }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: web }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: { matchLabels: { app: agent } }, policyTypes: [Ingress] }
`,
  });
  const row = 'shop/web[Pod] => shop/agent[Pod] : All Connections\n';
  assert.ok((await map(folder)).out.includes(row));
  assert.ok(!(await map(folder, '--host-network', 'pods')).out.includes(row));
});

test('what is no Kubernetes object is skipped, told, and fatal when strict', async t => {
  const folder = folderOf(t, { ...SHOP, 'values.yaml': 'replicas: 3' });
  const lenient = await map(folder);
  assert.deepEqual([lenient.exit, lenient.out], [0, `${LINES.join('\n')}\n`]);
  assert.match(lenient.err, /values\.yaml:1:1: warning/);
  assert.equal((await map(folder, '--strict')).exit, 2);
  assert.equal((await map(folder, '--fail')).exit, 0);
});

test('a document that cannot be used is told, and the exit is 2 after all that the others say', async t => {
  const folder = folderOf(t, { ...SHOP, 'broken.yaml': 'kind: [' });
  const { exit, out, err } = await map(folder);
  assert.deepEqual([exit, out], [2, `${LINES.join('\n')}\n`]);
  assert.match(err, /broken\.yaml:1:\d+: error/);
  const failing = await map(folder, '--fail');
  assert.deepEqual([failing.exit, failing.out], [2, '']);
  assert.match(failing.err, /documents cannot be used, and --fail was given/);
});

test('policies without a workload make an empty list, and a warning', async t => {
  const folder = folderOf(t, { 'api.yaml': SHOP['shop/policies/api.yml'] });
  const { exit, out, err } = await map(folder);
  assert.deepEqual([exit, out], [0, '']);
  assert.match(err, /^warning: no workload can be read in the input/);
  assert.equal((await map(folder, '--strict')).exit, 2);
});

test('no folder and an empty folder are failures', async t => {
  assert.equal((await map('/nowhere/at/all')).exit, 2);
  const { exit, out, err } = await map(folderOf(t, { 'readme.txt': '' }));
  assert.deepEqual([exit, out], [2, '']);
  assert.match(err, /no Kubernetes object/);
});

const DATA = new URL('../../../shared/data/', import.meta.url).pathname;
const missing = existsSync(DATA) ? false : `${DATA} is not there`;

test('the list of a recorded cluster is the one that its own analyzer printed', {
  skip: missing,
}, async () => {
  const folder = join(DATA, 'snapshots/np-guard-onlineboutique');
  const { exit, out } = await map(folder, '-o', 'json');
  const text = ({ src, dst, conn }: Row) => `${src} => ${dst} : ${conn}`;
  const expected = JSON.parse(readFileSync(join(folder, 'connlist_output.json'), 'utf8'));
  assert.equal(exit, 0);
  assert.deepEqual(JSON.parse(out).map(text).sort(), expected.map(text).sort());
});

for (const folder of [
  'snapshots/nca-online-boutique-live',
  'snapshots/nca-bookinfo-podlist',
  'apps/online-boutique',
  'apps/sock-shop',
  'apps/bookinfo',
]) {
  test(`${folder} has a list without a pair twice and without a peer against itself`, {
    skip: missing,
  }, async () => {
    const { exit, out } = await map(join(DATA, folder), '-o', 'json');
    const rows = JSON.parse(out) as readonly Row[];
    assert.equal(exit, 0);
    assert.ok(rows.length > 0);
    const pairs = rows.map(({ src, dst }) => `${src} ${dst}`);
    assert.equal(new Set(pairs).size, pairs.length);
    assert.ok(rows.every(({ src, dst }) => src !== dst));
  });
}

test('what policies of one priority connect in another order is said on standard error', async t => {
  const rule = (action: string): string =>
    `priority: 5, subject: { namespaces: {} }, ingress: [{ action: ${action}, from: [{ namespaces: {} }] }]`;
  const policy = (name: string, action: string): string => `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: ${name} }
spec: { ${rule(action)} }
`;
  const mapOf = (...policies: readonly string[]) =>
    run([
      'netpol',
      'connectivity',
      'map',
      folderOf(t, { ...SHOP, 'admin.yaml': policies.join('---') }),
    ]);
  const { exit, err } = await mapOf(policy('one', 'Allow'), policy('two', 'Deny'));
  assert.equal(exit, 0);
  assert.match(
    err,
    /`one`, `two` have one priority.*were `two` first: .*shop\/api-0\[Pod\] => shop\/web\[Deployment\] : No Connections instead of All Connections/,
  );
  const { err: agreed } = await mapOf(policy('one', 'Deny'), policy('two', 'Deny'));
  assert.doesNotMatch(agreed, /instead of/);
});

test('pairs that are denied are explained on demand, and no more than were asked for', async t => {
  const folder = folderOf(t, SHOP);
  const all = await map(folder, '--explain-denied');
  assert.match(all.out, /^0\.0\.0\.0-255\.255\.255\.255 => shop\/api-0\[Pod\] : No Connections$/m);
  assert.match(
    all.out,
    /ingress: NetworkPolicy shop\/api selects it, and none of its rules matches .*; nearest: spec\.ingress\[0\]/,
  );
  const few = await map(folder, '--explain-denied', '1', '-o', 'json');
  const rows = JSON.parse(few.out) as readonly Row[];
  assert.equal(rows.filter(({ conn }) => conn === 'No Connections').length, 1);
  const none = await map(folder, '--explain-denied', 'x');
  assert.equal(none.exit, 2);
});
