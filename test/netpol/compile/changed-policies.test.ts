import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Compiled,
  compile,
  judge,
  type Policy,
  type PolicyIdentity,
  withChange,
} from '../../../src/netpol/index.js';
import { adminPolicy, connection, facts, networkPolicy, pod } from '../evaluation/build.js';

const shop = facts({ pods: [pod('shop/web'), pod('shop/api')] });

const speaking = (name: string, action: 'ALLOW' | 'DENY', priority = 10): Policy =>
  adminPolicy({ name, priority, ingress: [{ action }] });

const verdictOf = (compiled: Compiled): string =>
  judge(compiled, connection('shop/web -> shop/api TCP 80')).verdict;

/** The names of the policies that speak for all pods, in the order of evaluation. */
const orderOf = ({ engine }: Compiled): readonly string[] =>
  engine.lists.INGRESS.policies(engine.listOf.INGRESS[0] ?? assert.fail()).map(
    ({ policy }) => policy.name,
  );

type Put = readonly [
  title: string,
  before: readonly Policy[],
  put: readonly Policy[],
  order: readonly string[],
  verdict: string,
];

const PUTS: readonly Put[] = [
  [
    'one in the place of the first of two of equal priority',
    [speaking('a', 'ALLOW'), speaking('b', 'ALLOW')],
    [speaking('a', 'DENY')],
    ['a', 'b'],
    'DENIED',
  ],
  [
    'one in the place of the last of two of equal priority',
    [speaking('a', 'ALLOW'), speaking('b', 'ALLOW')],
    [speaking('b', 'DENY')],
    ['a', 'b'],
    'ALLOWED',
  ],
  [
    'one in the place of the second of three of equal priority',
    [speaking('a', 'ALLOW', 5), speaking('b', 'ALLOW'), speaking('c', 'ALLOW')],
    [speaking('b', 'DENY')],
    ['a', 'b', 'c'],
    'ALLOWED',
  ],
  [
    'a new one of equal priority',
    [speaking('a', 'ALLOW')],
    [speaking('b', 'DENY')],
    ['a', 'b'],
    'ALLOWED',
  ],
  [
    'a new one that decides earlier',
    [speaking('a', 'ALLOW')],
    [speaking('b', 'DENY', 5)],
    ['b', 'a'],
    'DENIED',
  ],
  [
    'one that decides later than before',
    [speaking('a', 'DENY'), speaking('b', 'ALLOW')],
    [speaking('a', 'DENY', 20)],
    ['b', 'a'],
    'ALLOWED',
  ],
];

for (const [title, before, put, order, verdict] of PUTS) {
  test(`a put policy has its place in the order of evaluation: ${title}`, () => {
    const now = withChange(compile(shop, before), { policies: { put } });
    const full = compile(shop, now.policies);
    assert.deepEqual([orderOf(now), verdictOf(now)], [order, verdict]);
    assert.deepEqual([orderOf(full), verdictOf(full)], [order, verdict]);
  });
}

const NAMESAKES: readonly Policy[] = [
  networkPolicy({ name: 'x', ingress: [] }),
  networkPolicy({ name: 'y', ingress: [] }),
  networkPolicy({ name: 'x', namespace: 'bank', ingress: [] }),
  adminPolicy({ name: 'x', ingress: [] }),
  { ...adminPolicy({ name: 'x', ingress: [] }), kind: 'AdminNetworkPolicy' },
];

for (const [place, { kind, namespace, name }] of NAMESAKES.entries()) {
  test(`a policy goes alone, and is replaced alone: ${kind} ${namespace}/${name}`, () => {
    const before = compile(shop, NAMESAKES);
    const identity: PolicyIdentity = { kind, namespace, name };
    const gone = withChange(before, { policies: { remove: [identity] } });
    assert.deepEqual(gone.policies, NAMESAKES.toSpliced(place, 1));
    const other = { ...(NAMESAKES[place] as Policy), egress: [] };
    const replaced = withChange(before, { policies: { put: [other] } });
    assert.deepEqual(replaced.policies, NAMESAKES.with(place, other));
  });
}

test('a thousand changes are carried along, and the next one is a fresh start', () => {
  let now = compile(facts({}), [networkPolicy({ ingress: [] })]);
  const { registry } = now.engine.index;
  let changes = 0;
  for (; now.engine.index.registry === registry && changes < 1_100; changes++) {
    now = withChange(now, {});
  }
  assert.equal(changes, 1_001);
  assert.deepEqual(
    now.policies.map(({ name }) => name),
    ['policy'],
  );
});
