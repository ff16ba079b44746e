import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Policy, parsePolicies, render, renderDocument } from '../../../src/netpol/index.js';

const document = {
  spec: {
    egress: [{ ports: [{ port: 53, protocol: 'UDP' }], to: [{ podSelector: {} }] }],
    policyTypes: ['Egress'],
    podSelector: { matchLabels: { b: 'yes', a: '1' } },
  },
  kind: 'NetworkPolicy',
  status: {},
  metadata: {
    uid: '1',
    labels: { z: '1', a: '2' },
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    namespace: 'shop',
    name: 'p',
  },
  apiVersion: 'networking.k8s.io/v1',
};

test('members stand in a fixed order, and what the API server adds is left out', () => {
  assert.equal(
    renderDocument(document),
    `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: p
  namespace: shop
  labels:
    a: "2"
    z: "1"
spec:
  podSelector:
    matchLabels:
      a: "1"
      b: "yes"
  policyTypes:
    - Egress
  egress:
    - to:
        - podSelector: {}
      ports:
        - protocol: UDP
          port: 53
`,
  );
});

test('comments stand above the document and its rules, and cannot break out of their lines', () => {
  const text = renderDocument(document, {
    document: 'two\nlines\r\nspec: {}',
    egress: new Map([[0, 'DNS\negress: []']]),
  });
  assert.match(text, /^# two\n# lines\n# spec: \{\}\napiVersion:/);
  assert.match(text, /\n {4}# DNS\n {4}# egress: \[\]\n {4}- to:/);
  const { policies, problems } = parsePolicies([{ file: null, text }]);
  assert.deepEqual(problems, []);
  assert.equal(policies[0]?.egress?.length, 1);
});

test('annotations but kubectl’s copy are kept, in alphabetical order, and members without a value left out', () => {
  const kubectl = 'kubectl.kubernetes.io/last-applied-configuration';
  const metadata = { name: 'p', annotations: { z: '1', [kubectl]: '{}', a: '2' } };
  const kept = 'metadata:\n  name: p\n  annotations:\n    a: "2"\n    z: "1"\n';
  assert.equal(renderDocument({ metadata }), kept);
  const none = { name: 'p', labels: null, namespace: undefined, annotations: { [kubectl]: '{}' } };
  assert.equal(renderDocument({ metadata: none }), 'metadata:\n  name: p\n');
  assert.equal(renderDocument({ kind: 'X' }), 'kind: X\n');
});

test('several policies become a stream of documents in their order', () => {
  const other = { ...document, metadata: { name: 'q' } };
  const text = render([document, other]);
  assert.equal(text.split('---\n').length, 2);
  const { policies } = parsePolicies([{ file: null, text }]);
  assert.deepEqual(
    policies.map(policy => policy.name),
    ['p', 'q'],
  );
  assert.equal(render(policies), text);
});

const label = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,8}[A-Za-z0-9])?$/);
const word = fc.constantFrom('yes', 'no', 'on', 'null', '1', '1e3', '0x1', '1_0', '2001-01-01', '');
const value = fc.oneof(label, word);
const labels = fc.dictionary(fc.oneof(label, fc.constantFrom('y', 'n', 'on')), value, {
  maxKeys: 3,
  noNullPrototype: true,
});
const selector = fc.record(
  {
    matchLabels: labels,
    matchExpressions: fc.array(
      fc.oneof(
        fc.record({
          key: label,
          operator: fc.constantFrom('In', 'NotIn'),
          values: fc.array(value, { minLength: 1, maxLength: 3 }),
        }),
        fc.record({ key: label, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);
const octet = fc.integer({ min: 0, max: 255 });
const cidr = fc
  .tuple(octet, octet, fc.integer({ min: 0, max: 24 }))
  .map(([a, b, length]) => `${a}.${b}.0.0/${length}`);
const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ namespaceSelector: selector, podSelector: selector }),
  cidr.map(block => ({ ipBlock: { cidr: block } })),
);
const protocol = fc.constantFrom('TCP', 'UDP', 'SCTP');
const port = fc.oneof(
  fc.record({ protocol }),
  fc.record({ protocol, port: fc.integer({ min: 1, max: 65535 }) }),
  fc.record({ port: fc.integer({ min: 1, max: 9 }), endPort: fc.integer({ min: 9, max: 65535 }) }),
  fc.record({ protocol, port: fc.stringMatching(/^[a-z]([a-z0-9]{0,5}[a-z])?$/) }),
);
const rules = (side: 'from' | 'to') =>
  fc.array(
    fc
      .tuple(fc.array(peer, { maxLength: 2 }), fc.array(port, { maxLength: 2 }))
      .map(([peers, ports]) => ({ ports, [side]: peers })),
    { maxLength: 3 },
  );
const networkPolicy = fc.record({
  kind: fc.constant('NetworkPolicy'),
  apiVersion: fc.constant('networking.k8s.io/v1'),
  metadata: fc.record({ labels, name: fc.constant('p'), namespace: fc.constant('shop') }),
  spec: fc.record(
    {
      egress: rules('to'),
      ingress: rules('from'),
      policyTypes: fc.subarray(['Ingress', 'Egress']),
      podSelector: selector,
    },
    { requiredKeys: ['podSelector'] },
  ),
});

/** What a policy means, without where it was written. */
function meaningOf({ place: _place, document: _document, ingress, egress, ...rest }: Policy) {
  const bare = (list: Policy['ingress']) =>
    list?.map(({ place: _rulePlace, ...rule }) => rule) ?? null;
  return { ...rest, ingress: bare(ingress), egress: bare(egress) };
}

test('reading what was rendered gives an equal policy and the same bytes, from JSON and from YAML', () => {
  fc.assert(
    fc.property(networkPolicy, written => {
      const json = parsePolicies([{ file: null, text: JSON.stringify(written) }]);
      assert.deepEqual(json.problems, []);
      const text = render(json.policies);
      const again = parsePolicies([{ file: null, text }]);
      assert.deepEqual(again.problems, []);
      assert.deepEqual(again.policies.map(meaningOf), json.policies.map(meaningOf));
      assert.equal(render(again.policies), text);
    }),
    { numRuns: 300 },
  );
});

test('policies of the admin tiers are equal after rendering too', () => {
  const subject = { pods: { podSelector: {}, namespaceSelector: { matchLabels: { on: 'yes' } } } };
  const written = [
    {
      kind: 'AdminNetworkPolicy',
      apiVersion: 'policy.networking.k8s.io/v1alpha1',
      metadata: { name: 'a' },
      spec: {
        egress: [
          {
            to: [{ domainNames: ['*.example.com'] }, { networks: ['::/0'] }, { nodes: {} }],
            ports: [{ portRange: { start: 1, end: 9, protocol: 'TCP' } }],
            action: 'Allow',
            name: 'no',
          },
        ],
        ingress: [{ from: [{ namespaces: {} }], ports: [{ namedPort: 'web' }], action: 'Pass' }],
        subject,
        priority: 3,
      },
    },
    {
      kind: 'ClusterNetworkPolicy',
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      metadata: { name: 'c' },
      spec: {
        ingress: [
          {
            from: [{ namespaces: {} }],
            protocols: [{ tcp: { destinationPort: { number: 80 } } }],
            action: 'Accept',
          },
        ],
        subject,
        tier: 'Baseline',
        priority: 0,
      },
    },
  ];
  const first = parsePolicies([{ file: null, text: JSON.stringify(written) }]);
  const again = parsePolicies([{ file: null, text: render(written) }]);
  assert.deepEqual([...first.problems, ...again.problems], []);
  assert.equal(first.policies.length, 2);
  assert.deepEqual(again.policies.map(meaningOf), first.policies.map(meaningOf));
});

const withMetadata = (metadata: unknown) => renderDocument({ kind: 'X', metadata });

test('of the metadata only what people write is kept', () => {
  assert.equal(
    withMetadata({
      name: 'p',
      uid: '1',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', b: '2', a: '1' },
    }),
    'kind: X\nmetadata:\n  name: p\n  annotations:\n    a: "1"\n    b: "2"\n',
  );
  assert.equal(withMetadata({ name: 'p', annotations: {} }), 'kind: X\nmetadata:\n  name: p\n');
  assert.equal(withMetadata({ name: 'p', annotations: null }), 'kind: X\nmetadata:\n  name: p\n');
  assert.equal(withMetadata('text'), 'kind: X\nmetadata: text\n');
  assert.equal(withMetadata(null), 'kind: X\n');
  assert.equal(renderDocument('text'), 'text\n');
  assert.equal(renderDocument(null), 'null\n');
});

test('members of all policies stand in the order of the API, others after them by name, labels by name', () => {
  const text = renderDocument({
    zeta: 1,
    alpha: 2,
    spec: {
      baseline: 1,
      egress: [
        { to: [], from: [], ports: [{ end: 2, start: 1, endPort: 2, port: 1, protocol: 'TCP' }] },
      ],
      ingress: [{ protocols: [], ports: [], action: 'Deny' }],
      subject: { podSelector: {}, namespaceSelector: {} },
      priority: 1,
      tier: 'Admin',
      policyTypes: [],
      podSelector: {
        matchExpressions: [{ values: ['a'], operator: 'In', key: 'k' }],
        matchLabels: { kind: 'z', apiVersion: 'y', a: 'x' },
      },
      peer: { except: [], cidr: 'c', ipBlock: {} },
    },
    metadata: {
      annotations: { spec: '1', kind: '2' },
      labels: { name: 'n', b: 'b' },
      namespace: 'shop',
      name: 'p',
    },
    kind: 'X',
    apiVersion: 'v1',
  });
  const keys = text.split('\n').flatMap(line => /^[\s-]*([\w.]+):/.exec(line)?.[1] ?? []);
  assert.equal(
    keys.join(' '),
    'apiVersion kind metadata name namespace labels b name annotations kind spec ' +
      'spec tier priority subject namespaceSelector podSelector podSelector matchLabels a apiVersion kind matchExpressions key operator values ' +
      'policyTypes ingress action ports protocols egress from to ports protocol port endPort start end ' +
      'baseline peer ipBlock cidr except alpha zeta',
  );
});

test('members that are null or undefined are left out, and long and repeated values are written whole', () => {
  const shared = { app: 'x' };
  const long = 'word '.repeat(40).trim();
  assert.equal(
    renderDocument({ kind: 'X', a: null, b: undefined, c: [null], one: shared, two: shared, long }),
    `kind: X\nc:\n  - null\nlong: ${long}\none:\n  app: x\ntwo:\n  app: x\n`,
  );
});

test('a comment’s lines end where people’s lines end, and empty ones stay', () => {
  const head = (text: string) => renderDocument({ kind: 'X' }, { document: text });
  assert.equal(
    head('  one\r\ntwo\rthree\n\nfour  \n\n'),
    '#   one\n# two\n# three\n# \n# four\nkind: X\n',
  );
  assert.equal(head('a\tb\u2028c\u0007'), '# a b c\nkind: X\n');
});

test('a comment of a rule that is not there is left out', () => {
  const text = renderDocument(
    { kind: 'X', spec: { ingress: [{}], egress: 'none' } },
    {
      ingress: new Map([
        [0, 'first'],
        [1, 'second'],
      ]),
      egress: new Map([[0, 'third']]),
    },
  );
  assert.equal(text, 'kind: X\nspec:\n  ingress:\n    # first\n    - {}\n  egress: none\n');
});

test('policies are rendered as they were written, documents as they are', () => {
  const source = { kind: 'X', tier: 'Admin' };
  assert.equal(
    render([source, { document: 1, kind: 'Z' }]),
    'kind: X\ntier: Admin\n---\nkind: Z\ndocument: 1\n',
  );
});
