import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCidr, uniteBlocks } from '../../../src/netpol/addresses/block.js';
import { cidrsOf } from '../../../src/netpol/addresses/cidrs.js';
import {
  compareSets,
  compile,
  generateFewest,
  type ObservedFlow,
  parsePolicies,
  render,
  withTwins,
} from '../../../src/netpol/index.js';
import { facts, pod } from '../evaluation/build.js';
import { dns, flow, generated, OPTIONS, specOf } from './observed.js';

test('the fewest blocks of addresses are exactly these addresses', () => {
  const cidr = fc
    .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 24, max: 32 }))
    .map(([last, prefix]) => `10.0.0.${last}/${prefix}`);
  fc.assert(
    fc.property(fc.array(cidr, { maxLength: 8 }), cidrs => {
      const block = uniteBlocks(cidrs.flatMap(one => parseCidr(one) ?? []));
      const again = cidrsOf(block);
      assert.deepEqual(uniteBlocks(again.flatMap(one => parseCidr(one) ?? [])), block);
      assert.ok(again.length <= Math.max(1, new Set(cidrs).size));
    }),
    { numRuns: 200 },
  );
  assert.deepEqual(cidrsOf(parseCidr('fd00::/64') ?? { v4: [], v6: [] }), ['fd00::/64']);
  assert.deepEqual(cidrsOf(parseCidr('::/0') ?? { v4: [], v6: [] }), ['::/0']);
  assert.deepEqual(cidrsOf(parseCidr('0.0.0.0/0') ?? { v4: [], v6: [] }), ['0.0.0.0/0']);
});

const pods = [pod('shop/web'), pod('shop/api'), pod('data/db'), dns];

test('rules for the same ports, ports that follow each other and neighbouring blocks become one', () => {
  const flows = [
    'shop/web -> shop/api TCP 80',
    'data/db -> shop/api TCP 80',
    'shop/api -> 198.51.100.0 TCP 443',
    'shop/api -> 198.51.100.1 TCP 443',
    ...[8000, 8001, 8002].map(port => `shop/api -> data/db TCP ${port}`),
  ];
  const made = generateFewest(
    facts({ pods }),
    ['shop/api'],
    flows.map(text => flow(text)),
    OPTIONS,
  );
  assert.equal(specOf(made)?.ingress.length, 1);
  assert.deepEqual(specOf(made)?.egress.slice(1), [
    {
      to: [{ ipBlock: { cidr: '198.51.100.0/31' } }],
      ports: [{ port: 443, protocol: 'TCP' }],
    },
    {
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'data' } },
          podSelector: { matchLabels: { app: 'db' } },
        },
      ],
      ports: [{ port: 8000, endPort: 8002, protocol: 'TCP' }],
    },
  ]);
  assert.deepEqual(made.policies[0]?.rules.map(({ peer }) => peer).slice(0, 1), [
    'data/db, shop/web',
  ]);
});

const end = fc.constantFrom('shop/web', 'shop/api', 'data/db', '198.51.100.6', '198.51.100.7');
const flows = fc.array(
  fc.tuple(end, end, fc.integer({ min: 80, max: 84 }), fc.constantFrom('TCP', 'UDP')),
  { minLength: 1, maxLength: 12 },
);

test('merging never changes what is allowed', () => {
  const known = facts({ pods });
  const subjects = ['shop/web', 'shop/api', 'data/db'];
  const compiledOf = (made: ReturnType<typeof generated>) => {
    const text = render(made.policies.map(({ document }) => document));
    return compile(withTwins(known), parsePolicies([{ file: null, text }]).policies);
  };
  fc.assert(
    fc.property(flows, seen => {
      const asked: readonly ObservedFlow[] = seen
        .filter(([from, to]) => from.includes('/') || to.includes('/'))
        .map(([from, to, port, protocol]) => flow(`${from} -> ${to} ${protocol} ${port}`));
      const small = generated(known, asked, { subjects, minimise: true });
      const { pairs } = compareSets(
        compiledOf(generated(known, asked, { subjects })),
        compiledOf(small),
      );
      assert.deepEqual(pairs, []);
      const problems = generateFewest(known, subjects, asked, OPTIONS).problems;
      assert.ok(problems.every(({ code }) => code !== 'NOT_MINIMISED'));
    }),
    { numRuns: 60 },
  );
});
