import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BUILT_IN_PROFILES,
  compile,
  decide,
  type PodFact,
  ProfileFault,
  parsePolicies,
  parseProfile,
  render,
} from '../../../src/netpol/index.js';
import { facts, namespace, pod, service } from '../evaluation/build.js';
import { dns, generated, problemLines } from './observed.js';

const zone = (name: string) => ({ 'network-zone': name });

const pods: readonly PodFact[] = [
  pod('train/worker'),
  pod('train/launcher'),
  pod('store/nfs'),
  pod('serve/model'),
  pod('ops/prometheus'),
  pod('shop/web'),
  dns,
];
const namespaces = [
  namespace('train', zone('training')),
  namespace('store', zone('storage')),
  namespace('serve', zone('inference')),
  namespace('ops', zone('management')),
  namespace('shop'),
];

const profile = BUILT_IN_PROFILES['gpu'] ?? null;

const FLOWS = [
  'train/worker -> store/nfs TCP 2049',
  'train/worker -> 203.0.113.9 TCP 443',
  'train/worker -> 10.0.50.11 TCP 2049',
  '203.0.113.1 -> serve/model TCP 8000',
];

const made = () => generated({ pods, namespaces }, FLOWS, { directions: 'OBSERVED', profile });

function verdictOf(question: string): string {
  const [source = '', , destination = '', , port = ''] = question.split(' ');
  const { policies } = parsePolicies([
    { file: null, text: render(made().policies.map(({ document }) => document)) },
  ]);
  const endOf = (text: string) =>
    text.includes('/')
      ? { kind: 'pod' as const, key: text }
      : { kind: 'address' as const, address: text };
  return decide(compile(facts({ pods, namespaces }), policies), {
    source: endOf(source),
    destination: endOf(destination),
    port: Number(port),
    protocol: 'TCP',
  }).verdict;
}

for (const [question, verdict] of [
  ['train/worker -> train/launcher TCP 41234', 'ALLOWED'],
  ['train/worker -> store/nfs TCP 111', 'ALLOWED'],
  ['train/worker -> 203.0.113.9 TCP 443', 'DENIED'],
  ['train/worker -> 10.0.50.11 TCP 2049', 'ALLOWED'],
  ['train/worker -> kube-system/coredns TCP 53', 'ALLOWED'],
  ['train/launcher -> kube-system/coredns TCP 53', 'ALLOWED'],
  ['train/worker -> shop/web TCP 80', 'DENIED'],
  ['ops/prometheus -> train/worker TCP 9400', 'ALLOWED'],
  ['shop/web -> train/worker TCP 9400', 'DENIED'],
  ['203.0.113.1 -> serve/model TCP 8000', 'ALLOWED'],
  ['shop/web -> serve/model TCP 8000', 'DENIED'],
] as const)
  test(`zones of a GPU cluster: ${question} is ${verdict}`, () => {
    assert.equal(verdictOf(question), verdict);
  });

test('a zone has a default deny, DNS for all, and its rules; what it refuses and whom it does not know is told', () => {
  const one = made();
  assert.deepEqual(
    one.policies
      .filter(({ namespace: there }) => there === 'train')
      .map(({ name, subject }) => `${name} ${subject}`),
    ['default-deny null', 'allow-dns null', 'zone-training null', 'worker train/worker'],
  );
  const lines = problemLines(one);
  assert.ok(
    lines.includes(
      'ZONE_WITHOUT_INTERNET `train/worker` is in the zone `training`, which has no internet: no rule for `203.0.113.9`',
    ),
  );
  assert.ok(lines.some(line => line.startsWith('NO_ZONE') && line.includes('`shop`')));
});

test('a zone that is closed keeps the entrances of its deployments, though nobody was seen to come in', () => {
  const lb = {
    type: 'LoadBalancer',
    namespace: 'serve',
    name: 'model',
    selector: { app: 'model' },
  };
  const ports = [
    { name: null, port: 80, protocol: 'TCP', targetPort: 8000, nodePort: null },
  ] as const;
  const one = generated(
    { pods, namespaces, services: [service({ ...lb, ports })] },
    ['serve/model -> store/nfs TCP 2049'],
    { directions: 'OBSERVED', profile, subjects: ['serve/model'] },
  );
  const rules = one.policies.find(({ subject }) => subject === 'serve/model')?.rules ?? [];
  assert.deepEqual(rules.map(({ direction, origin }) => `${direction} ${origin}`).slice(0, 1), [
    'INGRESS ENTRANCE',
  ]);
});

const OWN = {
  name: 'mine',
  zones: [
    {
      name: 'a',
      labels: { team: 'a' },
      deny: ['INGRESS'],
      rules: [
        {
          direction: 'INGRESS',
          blocks: ['10.1.2.3/16'],
          ports: [{ port: 80 }, { protocol: 'UDP' }],
        },
      ],
    },
  ],
};

test('a profile of one’s own is data', () => {
  assert.deepEqual(parseProfile(OWN).zones[0]?.rules, [
    {
      direction: 'INGRESS',
      peer: { kind: 'blocks', cidrs: ['10.1.0.0/16'] },
      ports: [
        { protocol: 'TCP', port: 80 },
        { protocol: 'UDP', port: null },
      ],
    },
  ]);
});

const [first] = OWN.zones;
for (const [what, value, says] of [
  ['no mapping', [], /`profile` of the profile is no mapping/],
  ['an unknown member', { ...OWN, x: 1 }, /`profile\.x` of the profile is none of name, zones/],
  ['no name', { zones: [] }, /`name` of the profile is no text/],
  [
    'no labels',
    { name: 'x', zones: [{ ...first, labels: {} }] },
    /`zones\[0\]\.labels` .*names no label/,
  ],
  [
    'a strange direction',
    { name: 'x', zones: [{ ...first, deny: ['UP'] }] },
    /`zones\[0\]\.deny\[0\]`.*INGRESS, EGRESS/,
  ],
  [
    'a strange block',
    { name: 'x', zones: [{ ...first, rules: [{ direction: 'EGRESS', blocks: ['x'] }] }] },
    /no block of addresses/,
  ],
  [
    'an unknown zone',
    { name: 'x', zones: [{ ...first, rules: [{ direction: 'EGRESS', zone: 'b' }] }] },
    /has no `b`/,
  ],
  ['a zone twice', { name: 'x', zones: [first, first] }, /has `a` twice/],
  [
    'a strange port',
    { name: 'x', zones: [{ ...first, rules: [{ direction: 'EGRESS', ports: [{ port: 0 }] }] }] },
    /no port from 1 to 65535/,
  ],
] as const)
  test(`a profile with ${what} is refused with its place`, () => {
    assert.throws(
      () => parseProfile(value),
      error => error instanceof ProfileFault && says.test(error.message),
    );
  });
