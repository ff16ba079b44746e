import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf, SHOP } from './folder.js';
import { run } from './run.js';

const API_POLICY = SHOP['shop/policies/api.yml'];

const withPorts = (ports: string): Readonly<Record<string, string>> => ({
  ...SHOP,
  'shop/policies/api.yml': API_POLICY.replace('[{ protocol: TCP, port: 8080 }]', ports),
});

const diff = (dir1: string, dir2: string, ...flags: readonly string[]) =>
  run(['netpol', 'connectivity', 'diff', '--dir1', dir1, '--dir2', dir2, ...flags]);

test('a folder does not differ from itself', async t => {
  const folder = folderOf(t, SHOP);
  assert.deepEqual(await diff(folder, folder), { exit: 0, out: '', err: '' });
  assert.equal((await diff(folder, folder, '-o', 'json')).out, '[]\n');
});

test('a changed pair is shown with both sets and what is newly allowed and blocked', async t => {
  const [one, two] = [
    folderOf(t, SHOP),
    folderOf(t, withPorts('[{ protocol: TCP, port: 8081 }, { protocol: UDP, port: 53 }]')),
  ];
  const { exit, out } = await diff(one, two);
  assert.equal(exit, 1);
  assert.equal(
    out,
    'Connectivity diff:\ndiff-type: changed, source: shop/web[Deployment], destination: shop/api-0[Pod], ' +
      'dir1: TCP 8080, dir2: TCP 8081,UDP 53, newly-allowed: TCP 8081,UDP 53, newly-blocked: TCP 8080\n',
  );
});

test('an added pair has no connections before, a removed one none after', async t => {
  const denied = folderOf(t, {
    ...SHOP,
    'shop/policies/api.yml': API_POLICY.replace(/ {2}ingress:[\s\S]*/, ''),
  });
  const open = folderOf(t, SHOP);
  const added = await diff(denied, open);
  assert.equal(
    added.out,
    'Connectivity diff:\ndiff-type: added, source: shop/web[Deployment], destination: shop/api-0[Pod], ' +
      'dir1: No Connections, dir2: TCP 8080\n',
  );
  const removed = await diff(open, denied, '-o', 'csv');
  assert.equal(
    removed.out,
    'diff-type,source,destination,dir1,dir2,workloads-diff-info\n' +
      'removed,shop/web[Deployment],shop/api-0[Pod],TCP 8080,No Connections,\n',
  );
});

const WORKER = `
apiVersion: v1
kind: Pod
metadata: { name: worker, namespace: shop, labels: { app: worker } }
`;

test('pairs of a workload that came or went say so', async t => {
  const [one, two] = [folderOf(t, SHOP), folderOf(t, { ...SHOP, 'worker.yaml': WORKER })];
  const { out } = await diff(one, two, '-o', 'json');
  const rows = JSON.parse(out) as readonly Record<string, string>[];
  assert.ok(rows.length > 0);
  assert.deepEqual(Object.keys(rows[0] ?? {}), [
    'diff-type',
    'source',
    'destination',
    'dir1',
    'dir2',
    'workloads-diff-info',
    'newly-allowed',
    'newly-blocked',
  ]);
  for (const row of rows) {
    assert.equal(row['diff-type'], 'added');
    assert.equal(row['workloads-diff-info'], 'workload shop/worker[Pod] added');
  }
  const back = await diff(two, one);
  assert.match(
    back.out,
    /^diff-type: removed, .*, workloads-diff-info: workload shop\/worker\[Pod\] removed$/m,
  );
});

test('md has the columns of the analyzers and ours after them', async t => {
  const { out } = await diff(
    folderOf(t, SHOP),
    folderOf(t, withPorts('[{ protocol: TCP }]')),
    '-o',
    'md',
  );
  assert.deepEqual(out.split('\n').slice(0, 3), [
    '| diff-type | source | destination | dir1 | dir2 | workloads-diff-info | newly-allowed | newly-blocked |',
    '|-----------|--------|-------------|------|------|---------------------|---------------|---------------|',
    '| changed | shop/web[Deployment] | shop/api-0[Pod] | TCP 8080 | TCP 1-65535 |  | TCP 1-8079,8081-65535 | No Connections |',
  ]);
});

test('dot colours what was added, removed and changed, and draws the rest in grey', async t => {
  const [one, two] = [
    folderOf(t, SHOP),
    folderOf(t, { ...withPorts('[{ protocol: TCP, port: 9090 }]'), 'worker.yaml': WORKER }),
  ];
  const { exit, out } = await diff(one, two, '-o', 'dot');
  assert.equal(exit, 1);
  assert.match(out, /label="TCP 9090 \(dir1: TCP 8080\)" color="magenta"/);
  assert.match(out, /"shop\/worker\[Pod\]" \[label="worker\[Pod\]" color="#008000"/);
  assert.match(out, /"0\.0\.0\.0-255\.255\.255\.255" -> "shop\/web\[Deployment\]" .*color="grey"/);
});

test('a difference of address ranges is shown on the ranges that differ', async t => {
  const egress = (cidr: string) => ({
    ...SHOP,
    'shop/policies/web.yaml': `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: ${cidr} } }] }]
`,
  });
  const { out } = await diff(
    folderOf(t, egress('10.0.0.0/8')),
    folderOf(t, egress('10.0.0.0/9')),
    '-o',
    'csv',
  );
  assert.deepEqual(out.trimEnd().split('\n').slice(1), [
    'removed,shop/web[Deployment],10.128.0.0-10.255.255.255,All Connections,No Connections,',
  ]);
});

test('what could not be read on either side is no difference that counts', async t => {
  const [good, bad] = [folderOf(t, SHOP), folderOf(t, { ...SHOP, 'broken.yaml': 'kind: [' })];
  for (const [one, two] of [
    [good, bad],
    [bad, good],
  ] as const) {
    const { exit, err } = await diff(one, two);
    assert.equal(exit, 2);
    assert.match(err, /broken\.yaml:1:\d+: error/);
  }
  const values = folderOf(t, { ...SHOP, 'values.yaml': 'replicas: 3' });
  assert.equal((await diff(values, values)).exit, 0);
  assert.equal((await diff(good, values, '--strict')).exit, 2);
});

test('a folder that is missing, or not named, is a failure', async t => {
  const folder = folderOf(t, SHOP);
  assert.equal((await diff(folder, '/nowhere/at/all')).exit, 2);
  assert.equal((await run(['netpol', 'connectivity', 'diff', '--dir1', folder])).exit, 2);
});
