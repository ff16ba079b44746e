import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { LINT_RULES } from '../../src/netpol/index.js';
import { folderOf, SHOP } from './folder.js';
import { run } from './run.js';

const CLEAN = {
  'deny.yaml': `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
`,
};

const NONE = '{\n  "findings": []\n}\n';

test('findings make exit code 1, and none makes 0', async t => {
  const found = await run(['netpol', 'lint', folderOf(t, SHOP), '-o', 'json']);
  assert.equal(found.exit, 1, found.err);
  const { findings }: { readonly findings: readonly Record<string, unknown>[] } = JSON.parse(
    found.out,
  );
  assert.deepEqual(Object.keys(findings[0] ?? {}), [
    'rule',
    'severity',
    'message',
    'policy',
    'place',
    'path',
    'hint',
  ]);
  const clean = await run([
    'netpol',
    'lint',
    folderOf(t, CLEAN),
    '--disable',
    'policy-selects-nothing',
    '-o',
    'json',
  ]);
  assert.deepEqual([clean.exit, clean.out], [0, NONE], clean.err);
});

test('every format holds the same findings', async t => {
  const folder = folderOf(t, SHOP);
  const documents = await Promise.all(
    ['json', 'yaml', 'markdown', 'sarif', 'table'].map(format =>
      run(['netpol', 'lint', folder, '-o', format]),
    ),
  );
  const [json, yaml, markdown, sarif, table] = documents.map(({ out }) => out);
  const { findings }: { readonly findings: readonly { message: string; rule: string }[] } =
    JSON.parse(json ?? '');
  assert.deepEqual(parse(yaml ?? ''), { findings });
  assert.equal(JSON.parse(sarif ?? '').runs[0].results.length, findings.length);
  assert.equal(markdown?.trimEnd().split('\n').length, findings.length + 2);
  for (const { message } of findings) assert.ok(markdown?.includes(message));
  assert.match(table ?? '', /severity/);
});

test('SARIF names its version, and each result a rule of the driver and a place that counts from 1', async t => {
  const { out } = await run(['netpol', 'lint', folderOf(t, SHOP), '-o', 'sarif']);
  const { version, runs } = JSON.parse(out);
  assert.equal(version, '2.1.0');
  const [{ tool, results }] = runs;
  assert.deepEqual(
    tool.driver.rules.map(({ id }: { id: string }) => id),
    LINT_RULES.map(({ id }) => id),
  );
  for (const { ruleId, ruleIndex, level, message, locations = [] } of results) {
    assert.equal(tool.driver.rules[ruleIndex].id, ruleId);
    assert.ok(['error', 'warning', 'note'].includes(level));
    assert.ok(message.text.length > 0);
    for (const { physicalLocation } of locations) {
      assert.ok(physicalLocation.region.startLine >= 1);
      assert.ok(physicalLocation.region.startColumn >= 1);
      assert.match(physicalLocation.artifactLocation.uri, /\.ya?ml$/);
    }
  }
});

test('a folder that is not there, or that holds nothing readable, is a failure with a reason', async t => {
  const missing = await run(['netpol', 'lint', '/nowhere/at/all']);
  assert.deepEqual([missing.exit, missing.out], [2, '']);
  assert.match(missing.err, /`\/nowhere\/at\/all` does not exist/);
  const empty = await run(['netpol', 'lint', folderOf(t, { 'notes.yaml': 'just: text\n' })]);
  assert.equal(empty.exit, 2);
  assert.match(empty.err, /no Kubernetes object can be read/);
});

test('a document that is refused is a finding with its place', async t => {
  const folder = folderOf(t, { ...CLEAN, 'broken.yaml': 'kind: [' });
  const { exit, out, err } = await run(['netpol', 'lint', folder, '-o', 'json']);
  assert.equal(exit, 1);
  assert.match(err, /broken\.yaml:\d+:\d+: error/);
  const { findings }: { readonly findings: readonly { rule: string; place: { file: string } }[] } =
    JSON.parse(out);
  const found = findings.find(({ rule }) => rule === 'invalid-document');
  assert.match(found?.place.file ?? '', /broken\.yaml$/);
  const rules = ['invalid-document', 'policy-selects-nothing'].flatMap(rule => ['--disable', rule]);
  const other = await run(['netpol', 'lint', folder, ...rules]);
  assert.deepEqual([other.exit, other.out.includes('broken.yaml')], [2, false]);
  assert.equal((await run(['netpol', 'lint', folder, '--fail'])).exit, 2);
});

test('what is no Kubernetes object is told on standard error and is fatal only when strict', async t => {
  const folder = folderOf(t, { ...CLEAN, 'values.yaml': 'a: 1', 'other.txt': 'ignored' });
  const args = ['netpol', 'lint', folder, '--disable', 'policy-selects-nothing', '-o', 'json'];
  const lenient = await run(args);
  assert.deepEqual([lenient.exit, lenient.out], [0, NONE]);
  assert.match(lenient.err, /values\.yaml:\d+:\d+: warning/);
  assert.doesNotMatch(lenient.err, /other\.txt/);
  assert.equal((await run([...args, '--strict'])).exit, 2);
  assert.equal((await run([...args, '--fail'])).exit, 0);
});

test('an unknown rule, format or command is refused', async t => {
  const folder = folderOf(t, CLEAN);
  assert.equal((await run(['netpol', 'lint', folder, '--disable', 'no-such-rule'])).exit, 2);
  assert.equal((await run(['netpol', 'lint', folder, '-o', 'xml'])).exit, 2);
  assert.equal((await run(['netpol', 'lunt'])).exit, 2);
  assert.equal((await run(['--help'])).exit, 0);
});

test('manifests come from standard input as well', async () => {
  const { exit, out, err } = await run(
    ['netpol', 'lint', '-', '--disable', 'policy-selects-nothing', '-o', 'json'],
    CLEAN['deny.yaml'],
  );
  assert.deepEqual([exit, out], [0, NONE], err);
});

test('an observed flow within a workload is named and judged by the workload alone', async t => {
  const folder = folderOf(t, {
    ...SHOP,
    'flows.ndjson': '{"src":"shop/web","dst":"shop/web","protocol":"TCP","port":80}',
  });
  const flows = `${folder}/flows.ndjson`;
  const { out } = await run(['netpol', 'lint', folder, '--flows', flows, '-o', 'json']);
  const { findings }: { readonly findings: readonly { rule: string; message: string }[] } =
    JSON.parse(out);
  assert.deepEqual(
    findings.flatMap(({ rule, message }) => (rule === 'flow-without-rule' ? message : [])),
    [
      'no rule covers the observed flow `shop/web[Deployment] => shop/web[Deployment] TCP 80 ALLOWED`',
    ],
  );
});

test('observed flows show rules that none of them needs and flows that no rule covers', async t => {
  const folder = folderOf(t, {
    ...SHOP,
    'flows.ndjson': [
      '{"src":"shop/web","dst":"shop/api-0","protocol":"TCP","port":22}',
      '{"src":"nobody","dst":"shop/api-0","protocol":"TCP","port":22}',
    ].join('\n'),
  });
  const { out, err } = await run([
    'netpol',
    'lint',
    folder,
    '--flows',
    `${folder}/flows.ndjson`,
    '-o',
    'json',
  ]);
  assert.match(err, /flow left out: src: `nobody` names no pod/);
  const {
    findings,
  }: { readonly findings: readonly { rule: string; message: string; path: string }[] } =
    JSON.parse(out);
  const found = (id: string) => findings.filter(({ rule }) => rule === id);
  assert.deepEqual(
    found('rule-never-hit').map(({ path }) => path),
    ['spec.ingress[0]'],
  );
  assert.match(found('flow-without-rule')[0]?.message ?? '', /shop\/api-0\[Pod\] TCP 22 DENIED/);
});

const pod = (name: string, namespace: string, labels: string, ports = '') => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}, labels: { ${labels} } }
spec: { containers: [{ name: c, ports: [${ports}] }] }
`;
const policyOf = (spec: string, namespace = 'shop') => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: ${namespace} }
spec: ${spec}
`;
const DNS_EGRESS =
  '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } }], ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }] }] }';

/** What was reported in public, and the words that end the search; or those that must not be said of part of a cluster. */
const TROUBLES: readonly {
  readonly title: string;
  readonly input: string;
  readonly flags?: readonly string[];
  readonly says?: readonly RegExp[];
  readonly never?: RegExp;
}[] = [
  {
    title: 'DNS pods of another namespace that the input does not show are not said to be missing',
    input: pod('web', 'shop', 'app: web') + policyOf(DNS_EGRESS),
    says: [/not-in-input.*pods with `k8s-app=kube-dns` of other namespaces/],
    never: /match-nothing|allows-nothing|dns-closed/,
  },
  {
    title: 'of a whole cluster they are',
    input: pod('web', 'shop', 'app: web') + policyOf(DNS_EGRESS),
    flags: ['--complete'],
    says: [/peer-pods-match-nothing/, /policy-allows-nothing.*none of their peers exists/],
  },
  {
    title: 'DNS pods whose address decides, and nobody knows, are not said to be closed',
    input: `${pod('web', 'shop', 'app: web')}---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: a }
spec: { priority: 1, subject: { namespaces: {} }, egress: [{ action: Deny, to: [{ networks: [10.0.0.0/8] }] }] }
`,
    never: /dns-closed/,
  },
  {
    title: 'a policy in the wrong namespace is told where its pods are',
    input:
      pod('web', 'shop', 'app: web') +
      policyOf('{ podSelector: { matchLabels: { app: web } } }', 'default'),
    says: [
      /its own namespace is `default`, and pods with `app=web` are in `shop`.*write `namespace: shop`/,
    ],
  },
  {
    title: 'a label under another key is the near miss',
    input:
      pod('web', 'shop', 'app.kubernetes.io/name: web') +
      policyOf('{ podSelector: { matchLabels: { app: web } } }'),
    says: [/`shop\/web\[Pod\]` has `app.kubernetes.io\/name=web`, not `app=web`/],
  },
  {
    title: 'a value that says nothing is no near miss',
    input:
      pod('web', 'shop', 'public: "true"') +
      policyOf('{ podSelector: { matchLabels: { internal: "true" } } }'),
    never: /public=true/,
  },
  {
    title: 'a port name of another protocol is cured by the protocol',
    input:
      pod('dns', 'shop', 'app: dns', '{ name: dns, containerPort: 53, protocol: UDP }') +
      policyOf('{ podSelector: {}, ingress: [{ ports: [{ port: dns }] }] }'),
    says: [/named-port-unknown.*write `protocol: UDP`/],
  },
];

for (const { title, input, flags = [], says = [], never } of TROUBLES) {
  test(title, async t => {
    const folder = folderOf(t, { 'all.yaml': input });
    const { out } = await run(['netpol', 'lint', folder, '-o', 'markdown', ...flags]);
    for (const said of says) assert.match(out, said);
    if (never !== undefined) assert.doesNotMatch(out, never);
  });
}

test('a chart is said not to be rendered once, and its values are nobody’s objects', async t => {
  const folder = folderOf(t, {
    'Chart.yaml': 'apiVersion: v2\nname: x\nversion: 1.0.0\n',
    'values.yaml': 'replicas: 1\n',
    'templates/pod.yaml': pod('web', 'shop', 'app: web'),
  });
  const { err } = await run(['netpol', 'lint', folder]);
  assert.match(err, /a Helm chart is not rendered/);
  assert.doesNotMatch(err, /no Kubernetes object/);
});
