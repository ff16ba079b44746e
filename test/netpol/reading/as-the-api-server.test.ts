import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../../src/netpol/reading/manifests.js';

const read = (text: string) => readManifests([{ file: 'in.yaml', text }]);

const deployment = (spec: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
${spec}`;

const LABELS = { app: 'api', tier: 'back' };

for (const [title, spec] of [
  ['at the parent’s indent', '    metadata: {labels: {\n    app: api,\n    tier: back\n    }}\n'],
  ['left of the parent', '    metadata:\n      labels: {app: api,\n  tier: back\n}\n'],
  ['behind tabs', '    metadata: {labels:\n\t{app: api,\n\t\ttier: back}}\n'],
  [
    'with comments between',
    '    metadata: {labels: {app: api, # one\n  # two ] }\n  tier: back}}\n',
  ],
  [
    'with brackets in quotes',
    '    metadata: {labels: {"app": "api",\n  \'tier\': back}, annotations: {\nnote: "a ] b # c"}}\n',
  ],
] as const) {
  test(`a flow collection goes on ${title}, as for Go's YAML library`, () => {
    const { facts, problems } = read(deployment(`${spec}    spec: {containers: []}\n`));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      facts.pods.map(({ labels }) => labels),
      [LABELS],
    );
  });
}

test('places stay those of the text where its flow collections were joined', () => {
  const { problems } = read(`apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {
podSelector: {},
  ingress: [{ports: [
{port: 70000}]}]
}
`);
  assert.deepEqual(
    problems.map(({ code, place }) => [code, place?.line, place?.column]),
    [['PORT_OUT_OF_RANGE', 7, 8]],
  );
});

test('a block of text keeps its lines where flow collections elsewhere were joined', () => {
  const { facts, problems } = read(`apiVersion: v1
kind: Pod
metadata:
  name: api
  annotations:
    script: |
      [
      # not a comment
      ]
  labels: {app: api,
  tier: back}
`);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    facts.pods.map(({ labels }) => labels),
    [LABELS],
  );
});

for (const [written, port] of [
  ['8_080', 8080],
  ['0b1_0000', 16],
  ['0x1F_90', 8080],
  ['0o17', 15],
  ['017', 15],
] as const) {
  test(`the port ${written} is ${port}`, () => {
    const { facts } = read(
      deployment(`    metadata: {labels: {app: api}}
    spec: {containers: [{name: c, ports: [{containerPort: ${written}}]}]}
`),
    );
    assert.deepEqual(
      facts.pods.flatMap(({ ports }) => ports.map(each => each.port)),
      [port],
    );
  });
}

const policy = (spec: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
${spec}`;

test('a label without value is empty, on pods and in selectors', () => {
  const { facts, policies, problems } = read(`apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: , tier: null}}
---
${policy('spec: {podSelector: {matchLabels: {app: }}}\n')}`);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    facts.pods.map(({ labels }) => labels),
    [{ app: '', tier: '' }],
  );
  assert.deepEqual(policies[0]?.subject.pods.requirements, [
    { key: 'app', operator: 'In', values: [''] },
  ]);
});

test('a NetworkPolicy without spec denies all ingress to its namespace, with a warning', () => {
  const { policies, problems } = read(policy(''));
  assert.deepEqual(
    policies.map(({ subject, ingress, egress }) => [subject.pods.requirements, ingress, egress]),
    [[[], [], null]],
  );
  assert.deepEqual(
    problems.map(({ code, severity }) => [code, severity]),
    [['SPEC_MISSING', 'WARNING']],
  );
});

test('a rule that is null allows everything, and a port that is null every TCP port, with warnings', () => {
  const { policies, problems } = read(
    policy('spec: {podSelector: {}, ingress: [null, {ports: [null]}]}\n'),
  );
  assert.deepEqual(
    policies[0]?.ingress?.map(({ peers, ports }) => [peers, ports]),
    [
      [null, null],
      [null, [{ kind: 'range', protocol: 'TCP', from: 1, to: 65535 }]],
    ],
  );
  assert.deepEqual(
    problems.map(({ code, severity, path }) => [code, severity, path]),
    [
      ['ITEM_NULL', 'WARNING', 'spec.ingress[0]'],
      ['ITEM_NULL', 'WARNING', 'spec.ingress[1].ports[0]'],
    ],
  );
});

test('a peer that is null is still refused, as the API server refuses it', () => {
  const { policies } = read(policy('spec: {podSelector: {}, ingress: [{from: [null]}]}\n'));
  assert.deepEqual(policies, []);
});
