import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Action,
  compile,
  formatMapPeer,
  formatPortSet,
  orderConflicts,
  type Policy,
  Tier,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  facts,
  labelled,
  networkPolicy,
  pod,
  tcp,
} from '../evaluation/build.js';

const pods = [pod('shop/web'), pod('shop/api')];

/** `10 ALLOW 80 a`: says so of a port of `shop/api`; all other ports of it are denied last. */
function ranked(text: string, tier: Tier = Tier.ADMIN): Policy {
  const [priority, action, port, name = ''] = text.split(' ');
  return adminPolicy({
    name,
    tier,
    priority: Number(priority),
    pods: labelled({ app: 'api' }),
    ingress: [{ action: action as Action, peers: [anyPod], ports: [tcp(Number(port))] }],
  });
}

const admin = (text: string): Policy => ranked(text);
const baseline = (text: string): Policy => ranked(text, Tier.BASELINE);

const rest = adminPolicy({
  name: 'rest',
  tier: Tier.BASELINE,
  priority: 999,
  pods: labelled({ app: 'api' }),
  ingress: [{ action: Action.DENY, peers: [anyPod] }],
});

/** Each conflict: its policies, and what `web` reaches of `api` in either order. */
const told = (...policies: readonly Policy[]): readonly string[] =>
  orderConflicts(compile(facts({ pods }), [...policies, rest])).map(conflict => {
    const names = conflict.policies.map(({ name }) => name).join(' ');
    const pairs = conflict.pairs.map(
      ({ source, destination, before, after }) =>
        `${formatMapPeer(source)} => ${formatMapPeer(destination)}: ${formatPortSet(before)} or ${formatPortSet(after)}`,
    );
    return [names, ...pairs].join(' | ');
  });

const PAIR = 'shop/web[Deployment] => shop/api[Deployment]';
const NONE = 'No Connections';

const CASES: readonly (readonly [string, readonly Policy[], readonly string[]])[] = [
  ['nothing that is ranked', [networkPolicy({ ingress: [] })], []],
  ['one policy of each priority', [admin('10 ALLOW 80 a'), admin('11 DENY 80 b')], []],
  [
    'one priority in two tiers',
    [admin('10 ALLOW 80 a'), baseline('10 DENY 80 b'), admin('11 DENY 80 c')],
    [],
  ],
  ['one priority, and two that agree', [admin('10 DENY 80 a'), admin('10 DENY 80 b')], []],
  ['one priority, and ports apart', [admin('10 ALLOW 80 a'), admin('10 DENY 81 b')], []],
  [
    'one priority, and three with ports apart',
    [admin('10 ALLOW 80 a'), admin('10 ALLOW 81 b'), admin('10 ALLOW 82 c')],
    [],
  ],
  [
    'two that disagree',
    [admin('10 ALLOW 80 a'), admin('10 DENY 80 b')],
    [`a b | ${PAIR}: TCP 80 or ${NONE}`],
  ],
  [
    'the same two the other way round',
    [admin('10 DENY 80 b'), admin('10 ALLOW 80 a')],
    [`b a | ${PAIR}: ${NONE} or TCP 80`],
  ],
  [
    'two that disagree, and one of another priority between them',
    [admin('10 ALLOW 80 a'), admin('11 ALLOW 90 x'), admin('10 DENY 80 b')],
    [`a b | ${PAIR}: TCP 80,90 or TCP 90`],
  ],
  [
    'two that disagree, and a third of their priority',
    [admin('10 ALLOW 80 a'), admin('10 ALLOW 90 x'), admin('10 DENY 80 b')],
    [`a x b | ${PAIR}: TCP 80,90 or TCP 90`],
  ],
  [
    'two that agree, and one between them that does not',
    [admin('10 ALLOW 80 a'), admin('10 DENY 80 b'), admin('10 ALLOW 80 c')],
    [`a b c | ${PAIR}: TCP 80 or ${NONE}`],
  ],
  [
    'four of one priority, of which two disagree on one port and two on another',
    [admin('10 DENY 80 a'), admin('10 ALLOW 80 b'), admin('10 DENY 81 c'), admin('10 ALLOW 81 d')],
    [`a b c d | ${PAIR}: ${NONE} or TCP 80`, `a b c d | ${PAIR}: ${NONE} or TCP 81`],
  ],
  [
    'two disagreements of one tier, each alone',
    [admin('10 ALLOW 80 a'), admin('20 ALLOW 90 c'), admin('10 DENY 80 b'), admin('20 DENY 90 d')],
    [`a b | ${PAIR}: TCP 80,90 or TCP 90`, `c d | ${PAIR}: TCP 80,90 or TCP 80`],
  ],
  [
    'one priority, and a disagreement in either tier',
    [
      admin('10 ALLOW 80 a'),
      baseline('10 ALLOW 90 c'),
      admin('10 DENY 80 b'),
      baseline('10 DENY 90 d'),
    ],
    [`a b | ${PAIR}: TCP 80,90 or TCP 90`, `c d | ${PAIR}: TCP 80,90 or TCP 80`],
  ],
  [
    'a disagreement on what a lower number has decided',
    [admin('5 DENY 80 first'), admin('10 ALLOW 80 a'), admin('10 DENY 80 b')],
    [],
  ],
];

for (const [title, policies, expected] of CASES) {
  test(`which conflicts of order are told: ${title}`, () => {
    assert.deepEqual(told(...policies), expected);
  });
}

test('conflicts name the policies that were given, not copies of them', () => {
  const policies = [admin('10 ALLOW 80 a'), admin('10 DENY 80 b')];
  const [conflict] = orderConflicts(compile(facts({ pods }), policies));
  assert.equal(conflict?.policies[0], policies[0]);
  assert.equal(conflict?.policies[1], policies[1]);
  assert.equal(conflict?.policies.length, 2);
});
