import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { parsePolicies, renderAs } from '../../../src/netpol/index.js';

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop, labels: {made-by: tests}}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ipBlock: {cidr: 0.0.0.0/0}}]
      ports: [{port: 8080, protocol: TCP}]
    - from:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ops, tier: core}}
          podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [a, b]}]}
  egress:
    - to: [{namespaceSelector: {}}]
      ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
    - to: [{ipBlock: {cidr: 203.0.113.9/32}}]
      ports: [{port: 443, protocol: TCP}]
    - to: [{ipBlock: {cidr: 10.9.0.1/32}}]
      ports: [{port: 9000, endPort: 9010, protocol: TCP}]
`;

const WORDS = [
  { peer: 'NodePort Service shop/web', origin: 'ENTRANCE' },
  { peer: 'ops/agent', origin: 'OBSERVED' },
  { peer: 'DNS', origin: 'DNS' },
  { peer: 'EXTERNAL:api.example.com', origin: 'OBSERVED' },
  { peer: 'cluster nodes', origin: 'OBSERVED' },
];

test('for Cilium nodes and everybody are entities and hosts go by name, through its DNS proxy', () => {
  const { yaml, cannot } = renderAs('CILIUM', POLICY, WORDS);
  assert.match(yaml, /^# Not the same as the NetworkPolicy:\n# - hosts are allowed by name/);
  assert.equal(cannot.length, 3);
  assert.deepEqual(parse(yaml), {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'web', namespace: 'shop', labels: { 'made-by': 'tests' } },
    spec: {
      endpointSelector: { matchLabels: { app: 'web' } },
      ingress: [
        {
          fromEntities: ['world', 'host', 'remote-node'],
          toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }],
        },
        {
          fromEndpoints: [
            {
              matchLabels: {
                'k8s:io.kubernetes.pod.namespace': 'ops',
                'k8s:io.cilium.k8s.namespace.labels.tier': 'core',
              },
              matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a', 'b'] }],
            },
          ],
        },
      ],
      egress: [
        {
          toEndpoints: [
            { matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }] },
          ],
          toPorts: [
            {
              ports: [
                { port: '53', protocol: 'UDP' },
                { port: '53', protocol: 'TCP' },
              ],
              rules: { dns: [{ matchPattern: '*' }] },
            },
          ],
        },
        {
          toFQDNs: [{ matchName: 'api.example.com' }],
          toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }],
        },
        {
          toEntities: ['host', 'remote-node'],
          toPorts: [{ ports: [{ port: '9000', endPort: 9010, protocol: 'TCP' }] }],
        },
      ],
    },
  });
});

test('for Calico each peer and protocol is a rule, and hosts stay the addresses seen', () => {
  const { yaml, cannot } = renderAs('CALICO', POLICY, WORDS);
  assert.match(cannot.join(), /api\.example\.com/);
  const { spec, apiVersion } = parse(yaml);
  assert.equal(apiVersion, 'projectcalico.org/v3');
  assert.deepEqual([spec.selector, spec.types], ["app == 'web'", ['Ingress', 'Egress']]);
  assert.deepEqual(spec.ingress, [
    {
      action: 'Allow',
      protocol: 'TCP',
      source: { nets: ['0.0.0.0/0'] },
      destination: { ports: [8080] },
    },
    {
      action: 'Allow',
      source: {
        selector: "app not in { 'a', 'b' }",
        namespaceSelector: "kubernetes.io/metadata.name == 'ops' && tier == 'core'",
      },
    },
  ]);
  assert.deepEqual(spec.egress.slice(0, 2), [
    {
      action: 'Allow',
      protocol: 'UDP',
      destination: { selector: 'all()', namespaceSelector: 'all()', ports: [53] },
    },
    {
      action: 'Allow',
      protocol: 'TCP',
      destination: { selector: 'all()', namespaceSelector: 'all()', ports: [53] },
    },
  ]);
  assert.deepEqual(spec.egress[3].destination, { nets: ['10.9.0.1/32'], ports: ['9000:9010'] });
});

test('a ClusterNetworkPolicy is one that the engine reads, denies the rest, and says what it leaves out', () => {
  const { yaml, cannot } = renderAs('CLUSTER_NETWORK_POLICY', POLICY, WORDS);
  const { policies, problems } = parsePolicies([{ file: null, text: yaml }]);
  assert.deepEqual(problems, []);
  const [policy] = policies;
  assert.deepEqual(
    [policy?.tier, policy?.ingress?.length, policy?.egress?.length],
    ['BASELINE', 2, 4],
  );
  assert.deepEqual(
    [policy?.ingress?.at(-1)?.action, policy?.egress?.at(-1)?.action],
    ['DENY', 'DENY'],
  );
  assert.match(cannot.join('\n'), /ingress rules for addresses are left out/);
});

test('a direction without rules stays isolated in every dialect, one that is not isolated stays open', () => {
  const none = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: []}
`;
  assert.deepEqual(parse(renderAs('CILIUM', none, []).yaml).spec, {
    endpointSelector: {},
    ingress: [{}],
  });
  assert.deepEqual(parse(renderAs('CALICO', none, []).yaml).spec, {
    order: 1000,
    selector: 'all()',
    types: ['Ingress'],
    ingress: [],
  });
  const { spec } = parse(renderAs('CLUSTER_NETWORK_POLICY', none, []).yaml);
  assert.deepEqual([spec.ingress.length, spec.egress], [1, undefined]);
});

/** Lengths of all lists of an object, however deep. */
const lengths = (value: unknown): readonly number[] => {
  if (Array.isArray(value)) return [value.length, ...value.flatMap(lengths)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(lengths) : [];
};

test('no list of a ClusterNetworkPolicy is longer than its API takes; what cannot be fewer is told', () => {
  const rule = (at: number, port: number) =>
    `    - to: [{podSelector: {matchLabels: {app: a${at}}}}]\n      ports: [{port: ${port}, protocol: TCP}]\n`;
  const of = (rules: string) =>
    renderAs(
      'CLUSTER_NETWORK_POLICY',
      POLICY.replace(/ {2}egress:[\s\S]*$/, `  egress:\n${rules}`).replace('Ingress, ', ''),
      [],
    );
  const numbers = Array.from({ length: 60 }, (_, at) => at);
  const blocks = numbers.map(at => `{ipBlock: {cidr: 192.0.2.${at}/32}}`).join(', ');
  const ports = numbers.map(at => `{port: ${at + 1}, protocol: TCP}`).join(', ');
  const same = of(
    `${numbers.map(at => rule(at, 80)).join('')}    - to: [${blocks}]\n      ports: [${ports}]\n`,
  );
  assert.ok(Math.max(...lengths(parse(same.yaml))) <= 25);
  assert.deepEqual(parsePolicies([{ file: null, text: same.yaml }]).problems, []);
  assert.equal(same.yaml.match(/app$/gm)?.length, 61, 'each peer once, and the subject');
  const many = of(numbers.map(at => rule(at, at + 1)).join(''));
  assert.match(many.cannot.join(), /61 egress rules: the API takes 25/);
});
