import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readManifests } from '../../../src/netpol/index.js';

const selector = {
  matchLabels: { a: 'b' },
  matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }],
};
const pods = { namespaceSelector: selector, podSelector: selector };
const subject = { pods };

/** One object of every kind that is read, with every field that is looked at. */
const objects = [
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'a', namespace: 'n', labels: { a: 'b' }, annotations: { a: 'b' } },
    spec: {
      podSelector: selector,
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [pods, { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }],
      egress: [{ ports: [{ port: 1, endPort: 2, protocol: 'TCP' }, { port: 'web' }] }],
    },
  },
  {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    metadata: { name: 'a' },
    spec: {
      priority: 1,
      subject,
      ingress: [
        { action: 'Deny', from: [{ namespaces: selector }], ports: [{ namedPort: 'web' }] },
      ],
      egress: [
        {
          name: 'r',
          action: 'Allow',
          to: [{ networks: ['10.0.0.0/8'] }, { domainNames: ['a.b'] }, { nodes: selector }],
          ports: [
            { portNumber: { port: 1, protocol: 'TCP' } },
            { portRange: { start: 1, end: 2, protocol: 'UDP' } },
          ],
        },
      ],
    },
  },
  {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'BaselineAdminNetworkPolicy',
    metadata: { name: 'default' },
    spec: { subject, egress: [{ action: 'Deny', to: [{ networks: ['10.0.0.0/8'] }] }] },
  },
  {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'a' },
    spec: {
      tier: 'Baseline',
      priority: 1,
      subject,
      egress: [
        {
          action: 'Accept',
          to: [{ namespaces: selector }],
          protocols: [
            { tcp: { destinationPort: { number: 1 } } },
            { udp: { destinationPort: { range: { start: 1, end: 2 } } } },
            { destinationNamedPort: 'web' },
          ],
        },
      ],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      namespace: 'n',
      labels: { a: 'b' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'd-1', controller: true },
      ],
    },
    spec: {
      nodeName: 'x',
      containers: [{ ports: [{ containerPort: 1, name: 'web', protocol: 'TCP' }] }],
      initContainers: [{ restartPolicy: 'Always', ports: [{ containerPort: 2 }] }],
    },
    status: { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd', namespace: 'n' },
    spec: { selector, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{}] } } },
  },
  {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'v' },
    spec: {
      template: { spec: { domain: { devices: { interfaces: [{ ports: [{ port: 1 }] }] } } } },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's' },
    spec: {
      clusterIPs: ['10.0.0.1'],
      selector: { a: 'b' },
      ports: [{ port: 1, targetPort: 'web', nodePort: 30000 }],
    },
    status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'i' },
    spec: {
      rules: [{ http: { paths: [{ backend: { service: { name: 's', port: { number: 1 } } } }] } }],
    },
  },
  {
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: { name: 'r' },
    spec: { to: { name: 's' }, alternateBackends: [{ name: 's' }], port: { targetPort: 'web' } },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'h' },
    spec: { rules: [{ backendRefs: [{ name: 's', namespace: 'n', port: 1 }] }] },
  },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n', labels: { a: 'b' } } },
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'x', labels: { a: 'b' } },
    status: { addresses: [{ type: 'InternalIP', address: '192.168.0.1' }] },
  },
];

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The value with the `at`-th part of it, counted from the root, replaced. */
function replacePart(value: Json, at: { left: number }, by: Json): Json {
  at.left -= 1;
  if (at.left === 0) return by;
  if (Array.isArray(value)) return value.map(item => replacePart(item, at, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replacePart(item, at, by)]),
  );
}

test('all kinds are read without a problem', () => {
  const { problems, policies, facts } = readManifests([
    { file: null, text: JSON.stringify(objects) },
  ]);
  assert.deepEqual(problems, []);
  assert.equal(policies.length, 4);
  assert.deepEqual(
    facts.pods.map(pod => pod.key),
    ['n/p', 'n/d[Deployment]', 'default/v[VirtualMachine]'],
  );
});

const strange: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  'x y',
  [],
  [null],
  [[]],
  {},
  { toString: 1 },
  { '': null },
  [{ x: [] }],
);

test('no wrong value anywhere in an object makes reading throw, and every problem has a place', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...objects),
      fc.integer({ min: 1, max: 60 }),
      strange,
      (object, part, by) => {
        const text = JSON.stringify(replacePart(object as Json, { left: part }, by), null, 1);
        const lines = text.split('\n');
        for (const problem of readManifests([{ file: null, text }]).problems) {
          const { line, column } = problem.place ?? { line: 0, column: 0 };
          assert.ok(line >= 1 && line <= lines.length);
          assert.ok(column >= 1 && column <= (lines[line - 1] ?? '').length);
        }
      },
    ),
    { numRuns: 1500 },
  );
});

/** The first three parts are the object itself, its version and its kind. */
test('a policy with a wrong value is either refused with an error or read as written', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...objects.slice(0, 4)),
      fc.integer({ min: 4, max: 60 }),
      strange,
      (object, part, by) => {
        const written = replacePart(object as Json, { left: part }, by);
        const { policies, problems } = readManifests([
          { file: null, text: JSON.stringify(written) },
        ]);
        const refused = problems.some(problem => problem.severity === 'ERROR');
        assert.equal(policies.length, refused ? 0 : 1);
        if (policies[0] !== undefined) assert.deepEqual(policies[0].document, written);
      },
    ),
    { numRuns: 1500 },
  );
});

test('no text at all makes reading throw', () => {
  const piece = fc.constantFrom(
    '---\n',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    ': ',
    '- ',
    '\n',
    '  ',
    'kind',
    'List',
    'items',
    '&a',
    '*a',
    '|',
    '#',
    '%',
    'null',
    '1',
    ',',
    '<<',
    '!x ',
    '\t',
    '\\',
    '...\n',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
      readManifests([{ file: null, text: pieces.join('') }]);
    }),
    { numRuns: 1500 },
  );
});
