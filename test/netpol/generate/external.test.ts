import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ExternalGrouping,
  type GenerateOptions,
  generatePolicies,
} from '../../../src/netpol/index.js';
import { facts, pod } from '../evaluation/build.js';
import {
  dns,
  flow,
  generated,
  OPTIONS,
  peersOf,
  problemLines,
  ruleLines,
  specOf,
} from './observed.js';

const pods = [pod('shop/api'), dns];

/** A flow to an address that people call by a name. */
const called = (address: string, name: string, port = 443) => {
  const seen = flow(`shop/api -> ${address} TCP ${port}`);
  return { ...seen, names: { ...seen.names, destination: `EXTERNAL:${name}` } };
};

const made = (seen: readonly ReturnType<typeof called>[], options: Partial<GenerateOptions> = {}) =>
  generated({ pods }, seen, { subjects: ['shop/api'], ...options });

const outward = (one: ReturnType<typeof made>) =>
  ruleLines(one).filter(line => line.includes('EXTERNAL:'));

const cidrsOf = (one: ReturnType<typeof made>) =>
  JSON.stringify(specOf(one)?.egress).match(/[\d.]+\/\d+/g);

test('two thousand addresses of one name are one rule with blocks in the order of numbers, and that the name moves is told', () => {
  const all = Array.from({ length: 2_000 }, (_, at) => `198.18.${at % 8}.${at >> 3}`);
  const one = made(all.map(address => called(address, 'api.example.com')));
  assert.deepEqual(outward(one), ['shop/api: egress EXTERNAL:api.example.com TCP 443']);
  assert.equal(one.policies[0]?.rules.at(-1)?.evidence?.flows, 2_000);
  assert.deepEqual(cidrsOf(one)?.slice(0, 2), ['198.18.0.0/32', '198.18.0.1/32']);
  assert.deepEqual(problemLines(one), [
    'ADDRESSES_ROTATE `EXTERNAL:api.example.com`, which `shop/api` uses, had 2000 addresses in the window; the rule holds these, and its next address is blocked',
  ]);
});

const MIXED = [
  called('198.18.0.1', 'a.example.com'),
  called('198.18.0.2', 'a.example.com', 80),
  called('203.0.113.7', '203.0.113.7'),
  called('203.0.113.90', '203.0.113.90'),
  called('192.0.2.1', '192.0.2.1', 25),
];

test('by address a rule allows each address on the ports that it was seen on', () => {
  assert.deepEqual(outward(made(MIXED)), [
    'shop/api: egress EXTERNAL:192.0.2.1 TCP 25',
    'shop/api: egress EXTERNAL:203.0.113.7 and 1 more address TCP 443',
    'shop/api: egress EXTERNAL:a.example.com TCP 443',
    'shop/api: egress EXTERNAL:a.example.com TCP 80',
  ]);
});

test('by name all addresses of the name have all of its ports', () => {
  assert.deepEqual(
    outward(made(MIXED, { external: 'NAME' })).at(-1),
    'shop/api: egress EXTERNAL:a.example.com TCP 80, TCP 443',
  );
});

const BLOCKS = [
  { name: 'cloud', cidr: '203.0.113.0/26' },
  { name: 'cloud', cidr: '100.70.0.0/16' },
  { name: 'wide', cidr: '203.0.0.0/8' },
];

const grouped = (external: ExternalGrouping) =>
  generatePolicies(facts({ pods }), ['shop/api'], MIXED, { ...OPTIONS, external, blocks: BLOCKS });

test('by block the longest named block stands for the addresses in it, by provider all blocks of that name', () => {
  assert.deepEqual(outward(grouped('BLOCK')), [
    'shop/api: egress EXTERNAL:192.0.2.1 TCP 25',
    'shop/api: egress EXTERNAL:a.example.com TCP 443',
    'shop/api: egress EXTERNAL:a.example.com TCP 80',
    'shop/api: egress EXTERNAL:cloud TCP 443',
    'shop/api: egress EXTERNAL:wide TCP 443',
  ]);
  const provided = cidrsOf(grouped('PROVIDER'));
  assert.ok(provided?.includes('100.70.0.0/16') && provided.includes('203.0.113.0/26'));
});

test('DNS leads to the pods, to their namespace or everywhere, as asked, and to further resolvers', () => {
  const toOf = (options: Partial<GenerateOptions>) => peersOf(made(MIXED, options), 'egress').to;
  const kube = { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } };
  assert.deepEqual(toOf({ dnsPeers: 'NAMESPACE' }), [{ namespaceSelector: kube }]);
  assert.deepEqual(toOf({ dnsPeers: 'ALL_NAMESPACES' }), [{ namespaceSelector: {} }]);
  assert.deepEqual(toOf({ dnsPeers: 'ALL_NAMESPACES', dnsBlocks: ['10.0.0.2/32'] }), [
    { namespaceSelector: {} },
    { ipBlock: { cidr: '10.0.0.2/32' } },
  ]);
});
