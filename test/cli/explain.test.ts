import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf, SHOP } from './folder.js';
import { run } from './run.js';

type Line = {
  readonly verdict?: string;
  readonly basis?: string;
  readonly reasons?: readonly { policy: { name: string }; rule: { index: number } | null }[];
  readonly error?: string;
};

const lines = (out: string): readonly Line[] =>
  out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));

const query = (src: string, dst: string, port: number | null = 8080, protocol = 'TCP'): string =>
  JSON.stringify({ src, dst, protocol, port });

test('queries are answered in their order, one line each, with what was asked', async t => {
  const folder = folderOf(t, SHOP);
  const asked = [query('shop/web', 'shop/api-0'), query('shop/web', 'shop/api-0', 9090)];
  const { exit, out, err } = await run(
    ['netpol', 'explain', folder, '--queries', '-', '-o', 'json'],
    `${asked.join('\n')}\n`,
  );
  assert.equal(exit, 0, err);
  const [first, second, ...rest] = lines(out);
  assert.deepEqual(rest, []);
  assert.deepEqual(
    { ...first, reasons: undefined },
    {
      src: 'shop/web',
      dst: 'shop/api-0',
      protocol: 'TCP',
      port: 8080,
      verdict: 'ALLOWED',
      basis: 'policy',
      reasons: undefined,
    },
  );
  assert.deepEqual(
    first?.reasons?.map(({ policy, rule }) => [policy.name, rule?.index]),
    [['api', 0]],
  );
  assert.equal(second?.verdict, 'DENIED');
});

test('a bad query becomes a line with its error, and the rest goes on', async t => {
  const folder = folderOf(t, SHOP);
  const asked = [
    'not json',
    '{"dst":"shop/api-0","port":1}',
    query('shop/nobody', 'shop/api-0'),
    query('shop/web', 'shop/api-0', 70_000),
    query('shop/web', 'shop/api-0'),
  ];
  const { exit, out, err } = await run(
    ['netpol', 'explain', folder, '--queries', '-', '-o', 'json'],
    asked.join('\n'),
  );
  assert.equal(exit, 2);
  assert.match(err, /4 of 5 queries/);
  const answers = lines(out);
  assert.deepEqual(
    answers.map(({ error }) => error !== undefined),
    [true, true, true, true, false],
  );
  assert.match(answers[2]?.error ?? '', /`shop\/nobody` names no pod/);
});

const NAMES: readonly (readonly [string, string])[] = [
  ['shop/api-0', 'ALLOWED'],
  ['shop/pod/api-0', 'ALLOWED'],
  ['shop/Pod/api-0', 'ALLOWED'],
  ['shop/api-0[Pod]', 'ALLOWED'],
  ['10.0.0.9', 'ALLOWED'],
  ['10.0.0.9/32', 'ALLOWED'],
  ['192.0.2.0/24', 'ALLOWED'],
  ['192.0.2.0-192.0.2.255', 'ALLOWED'],
];

for (const [name, verdict] of NAMES) {
  test(`destination ${name} is ${verdict} on port 8080`, async t => {
    const folder = folderOf(t, SHOP);
    const { out, err } = await run(
      ['netpol', 'explain', folder, '--queries', '-', '-o', 'json'],
      query('shop/web', name),
    );
    assert.equal(lines(out)[0]?.verdict, verdict, out + err);
  });
}

test('beside a document that cannot be used queries are answered, and the exit is 2', async t => {
  const folder = folderOf(t, { ...SHOP, 'broken.yaml': 'kind: [' });
  const asked = `${query('shop/web', 'shop/api-0')}\n`;
  const { exit, out, err } = await run(
    ['netpol', 'explain', folder, '--queries', '-', '-o', 'json'],
    asked,
  );
  assert.deepEqual([exit, lines(out)[0]?.verdict], [2, 'ALLOWED']);
  assert.match(err, /broken\.yaml:1:\d+: error/);
  const one = await run(['netpol', 'explain', folder, 'shop/web', 'shop/api-0', '--port', '8080']);
  assert.deepEqual([one.exit, one.out.includes('ALLOWED')], [2, true]);
});

test('the DNS name of a Service that is not there is an error, and no domain outside', async t => {
  const folder = folderOf(t, SHOP);
  const { exit, out } = await run(
    ['netpol', 'explain', folder, '--queries', '-', '-o', 'json'],
    query('shop/web', 'gone.shop.svc.cluster.local'),
  );
  assert.equal(exit, 2);
  assert.match(lines(out)[0]?.error ?? '', /`gone\.shop\.svc\.cluster\.local` names no pod/);
});

test('a Service is found by its name, its mark or its DNS name, on its own port', async t => {
  const folder = folderOf(t, SHOP);
  for (const name of ['shop/api', 'svc:shop/api', 'api.shop.svc', 'api.shop.svc.cluster.local']) {
    const { out } = await run(
      ['netpol', 'explain', folder, '--queries', '-', '-o', 'json'],
      query('shop/web', name, 80),
    );
    assert.equal(lines(out)[0]?.verdict, 'ALLOWED', out);
  }
});

test('traffic from a pod’s own node is allowed, by either name of the node', async t => {
  const folder = folderOf(t, SHOP);
  for (const name of ['node/node-1', 'node-1']) {
    const { out } = await run(
      ['netpol', 'explain', folder, '--queries', '-', '-o', 'json'],
      query(name, 'shop/api-0', 1),
    );
    assert.equal(lines(out)[0]?.basis, 'spec-exception', out);
  }
});

test('a name that several workloads share is refused with its candidates', async t => {
  const workload = (kind: string) => `
apiVersion: apps/v1
kind: ${kind}
metadata: { name: web, namespace: default }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web }] } }
`;
  const folder = folderOf(t, {
    'web.yaml': `${workload('Deployment')}---${workload('StatefulSet')}`,
  });
  const { exit, err } = await run(['netpol', 'explain', folder, 'web', '10.0.0.1']);
  assert.equal(exit, 2);
  assert.match(err, /`default\/web\[Deployment\]`, `default\/web\[StatefulSet\]`/);
  const named = await run(['netpol', 'explain', folder, 'default/deployment/web', '10.0.0.1']);
  assert.equal(named.exit, 0);
});

test('what is nothing of the input but looks like a domain is one, and `domain:` makes any name one', async t => {
  const folder = folderOf(t, {
    ...SHOP,
    'shop/policies/egress.yml': `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: names }
spec:
  tier: Admin
  priority: 1
  subject: { namespaces: {} }
  egress:
    - { action: Accept, to: [{ domainNames: ["*.example.com"] }] }
    - { action: Deny, to: [{ networks: [0.0.0.0/0, "::/0"] }] }
`,
  });
  const names = ['www.example.com', 'domain:a.example.com', 'example.com', 'domain:intern'];
  const { out, err } = await run(
    ['netpol', 'explain', folder, '--queries', '-', '-o', 'json'],
    names.map(name => query('shop/web', name, 443)).join('\n'),
  );
  assert.deepEqual(
    lines(out).map(({ verdict }) => verdict),
    ['ALLOWED', 'ALLOWED', 'DENIED', 'DENIED'],
    err,
  );
});

test('a port may be text, as other tools write it, if it is a number', async t => {
  const folder = folderOf(t, SHOP);
  const { out } = await run(
    ['netpol', 'explain', folder, '--queries', '-', '-o', 'json'],
    '{"src":"shop/web","dst":"shop/api-0","port":"8080"}\n{"src":"shop/web","dst":"shop/api-0","port":"http"}',
  );
  const [first, second] = lines(out);
  assert.equal(first?.verdict, 'ALLOWED');
  assert.match(second?.error ?? '', /port `"http"` is not a whole number/);
});

test('a workload towards itself is two of its pods, a pod towards itself is one', async t => {
  const folder = folderOf(t, {
    ...SHOP,
    'deny.yaml': `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {} }
`,
  });
  const ends = ['shop/web', 'shop/web[Deployment]', 'shop/api-0', 'shop/api-0[Pod]'];
  const { out } = await run(
    ['netpol', 'explain', folder, '--queries', '-', '-o', 'json'],
    ends.map(end => query(end, end)).join('\n'),
  );
  assert.deepEqual(
    lines(out).map(({ verdict, basis }) => `${verdict} ${basis}`),
    ['DENIED policy', 'DENIED policy', 'ALLOWED spec-exception', 'ALLOWED spec-exception'],
  );
});

test('the ingress controller is a pod of which nothing is known, unless an option says where it runs', async t => {
  const folder = folderOf(t, SHOP);
  const asked = query('{ingress-controller}', 'shop/api-0');
  const verdicts = [[], ['--ingress-controller', 'edge'], ['--ingress-controller', 'shop/app=web']];
  const found = await Promise.all(
    verdicts.map(async option => {
      const { out } = await run(
        ['netpol', 'explain', folder, '--queries', '-', '-o', 'json', ...option],
        asked,
      );
      return lines(out)[0]?.verdict;
    }),
  );
  assert.deepEqual(found, ['UNDECIDABLE', 'DENIED', 'ALLOWED']);
  for (const wrong of ['A_b', 'edge/app']) {
    const { exit, err } = await run(['netpol', 'explain', folder, '--ingress-controller', wrong]);
    assert.equal(exit, 2);
    assert.match(err, /names no ingress controller|is no label/);
  }
});

test('one connection is explained with policy, rule and line', async t => {
  const folder = folderOf(t, SHOP);
  const { exit, out } = await run([
    'netpol',
    'explain',
    folder,
    'shop/web',
    'shop/api-0',
    '--port',
    '8080',
  ]);
  assert.equal(exit, 0);
  assert.match(out, /^shop\/web => shop\/api-0 TCP 8080 : ALLOWED \(policy\)$/m);
  assert.match(out, /egress: ALLOWED \(default-allow\)/);
  assert.match(
    out,
    /NetworkPolicy shop\/api ALLOW by rule spec\.ingress\[0\] \(.*api\.yml:\d+:\d+\)/,
  );
});

test('with --exit-code an answer that is not ALLOWED ends with 1, and the nearest rule is named', async t => {
  const folder = folderOf(t, SHOP);
  const ask = (port: string, ...options: readonly string[]) =>
    run(['netpol', 'explain', folder, 'shop/web', 'shop/api-0', '--port', port, ...options]);
  assert.equal((await ask('8080', '--exit-code')).exit, 0);
  assert.equal((await ask('80')).exit, 0);
  const denied = await ask('80', '--exit-code');
  assert.equal(denied.exit, 1);
  assert.match(
    denied.out,
    /nearest: spec\.ingress\[0\] admits the peer, but it opens TCP 8080, not TCP 80/,
  );
  const queries = JSON.stringify({ src: 'shop/web', dst: 'shop/api-0', protocol: 'TCP', port: 80 });
  const asked = ['netpol', 'explain', folder, '--queries', '-', '-o', 'json', '--exit-code'];
  assert.equal((await run(asked, queries)).exit, 1);
});
