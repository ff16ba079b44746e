import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicies, readManifests } from '../../../src/netpol/index.js';

const policy = (port: string) =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {}, ingress: [{ports: [${port}]}]}}`;

const selecting = (requirement: string) =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {matchExpressions: [${requirement}]}}}`;

const admin = (range: string) =>
  `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: p}, spec: {priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {}}], ports: [{portRange: ${range}}]}]}}`;

const policyTable: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'a range that is reversed and of no protocol that is known',
    admin('{protocol: ICMP, start: 90, end: 80}'),
    ['PROTOCOL_UNKNOWN', 'RANGE_REVERSED'],
  ],
  [
    'an endPort below its port, of no protocol that is known',
    policy('{protocol: ICMP, port: 90, endPort: 80}'),
    ['PROTOCOL_UNKNOWN', 'END_PORT_BELOW_PORT'],
  ],
  [
    'an endPort beside a wrong name',
    policy('{port: Web, endPort: 80}'),
    ['PORT_NAME_INVALID', 'END_PORT_WITHOUT_PORT'],
  ],
  [
    'a condition without a key, and with a value that is no string',
    selecting('{operator: In, values: [5]}'),
    ['LABEL_KEY_MISSING', 'WRONG_TYPE'],
  ],
];

for (const [what, text, codes] of policyTable) {
  test(`every fault is told: ${what}`, () => {
    const { policies, problems } = parsePolicies([{ file: null, text }]);
    assert.deepEqual(
      problems.map(({ code }) => code),
      codes,
    );
    assert.deepEqual(policies, []);
  });
}

const factsTable: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'the port and the nodePort of a Service',
    '{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 0, nodePort: 99999}]}}',
    ['PORT_OUT_OF_RANGE', 'PORT_OUT_OF_RANGE'],
  ],
  [
    'a pod without a name and with a label that is no string',
    '{apiVersion: v1, kind: Pod, metadata: {labels: {a: 1}}}',
    ['NAME_MISSING', 'WRONG_TYPE'],
  ],
];

for (const [what, text, codes] of factsTable) {
  test(`every fault is told: ${what}`, () => {
    const { facts, problems } = readManifests([{ file: null, text }]);
    assert.deepEqual([facts.pods, facts.services], [[], []]);
    assert.deepEqual(
      problems.map(({ code }) => code),
      codes,
    );
  });
}

const pod = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n`;
const namesIn = (text: string) => {
  const { facts, problems } = readManifests([{ file: null, text }]);
  return [facts.pods.map(({ name }) => name), problems.map(({ code }) => code)];
};

test('a marker of documents stands at the start of a line, which U+2028 does not begin', () => {
  const noted = `${pod('a')}  annotations: { x: "p\u2028--- b", y: "q\u2029... c" }\n`;
  assert.deepEqual(namesIn(`${noted}---\n${pod('b')}`), [['a', 'b'], []]);
});

test('what follows the end of a document on its line is told, unless it is a comment', () => {
  assert.deepEqual(namesIn(`${pod('a')}... # done\n---\n${pod('b')}...\n`), [['a', 'b'], []]);
  assert.deepEqual(namesIn(`${pod('a')}... done\n---\n${pod('b')}`), [
    ['a', 'b'],
    ['NOT_A_KUBERNETES_OBJECT'],
  ]);
  assert.deepEqual(namesIn(`...apiVersion: v1\nkind: Pod\n---\n${pod('b')}`), [
    ['b'],
    ['NOT_A_KUBERNETES_OBJECT'],
  ]);
});

test('owners are followed through pods as well', () => {
  const owned = (name: string, kind: string, owner: string) =>
    `${pod(name)}  ownerReferences: [{apiVersion: v1, kind: ${kind}, name: ${owner}, controller: true}]\n`;
  const { facts } = readManifests([
    {
      file: null,
      text: `${owned('exec', 'Pod', 'driver')}---\n${owned('driver', 'SparkApplication', 'pi')}`,
    },
  ]);
  const pi = { kind: 'SparkApplication', name: 'pi' };
  assert.deepEqual(
    facts.pods.map(({ workload }) => workload),
    [pi, pi],
  );
});
