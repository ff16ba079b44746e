import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compile,
  DEFAULT_MODES,
  type Peer,
  type Policy,
  type Selector,
} from '../../../src/netpol/index.js';
import { oneOf } from '../../../src/netpol/lint/axis.js';
import type { Box } from '../../../src/netpol/lint/box.js';
import {
  containedPolicies,
  containedRules,
  regionsIn,
  unreachableRules,
} from '../../../src/netpol/lint/containment.js';
import { isCovered } from '../../../src/netpol/lint/covered.js';
import { inventoryOf } from '../../../src/netpol/lint/inventory.js';
import { listed } from '../../../src/netpol/lint/probe.js';
import { reachOf } from '../../../src/netpol/lint/reach.js';
import { universe } from '../../../src/netpol/lint/region.js';
import { containsPort } from '../../../src/netpol/ports/port-set.js';
import {
  adminPolicy,
  anyPod,
  facts,
  networkPolicy,
  pod,
  podsLabelled,
  portNamed,
  tcp,
} from '../evaluation/build.js';

const NOBODY: Selector = {
  requirements: [
    { key: 'app', operator: 'Exists', values: [] },
    { key: 'app', operator: 'DoesNotExist', values: [] },
  ],
};
const nobody: Peer = { kind: 'pods', namespaces: null, pods: NOBODY };

const [a, b, c] = ['a', 'b', 'c'].map(app => podsLabelled({ app }));
if (!a || !b || !c) throw new Error('no peers');

const allowing = (name: string, ...peers: readonly Peer[]): Policy =>
  networkPolicy({ name, ingress: peers.map(peer => ({ peers: [peer] })) });
const sending = (name: string, ...peers: readonly Peer[]): Policy =>
  networkPolicy({ name, egress: peers.map(peer => ({ peers: [peer] })) });

const namesOf = (...policies: readonly Policy[]) =>
  containedPolicies(policies, regionsIn(DEFAULT_MODES)).map(({ policy, by, equivalent }) => [
    policy.name,
    by?.name ?? null,
    equivalent,
  ]);

test('contained policies come in the order of the input, with the one that contains them', () => {
  assert.deepEqual(
    namesOf(allowing('one', a), allowing('two', b), allowing('all', a, b, c), allowing('like', a)),
    [
      ['one', 'all', false],
      ['two', 'all', false],
      ['like', 'one', true],
    ],
  );
  assert.deepEqual(namesOf(allowing('one', a), allowing('same', a)), [['same', 'one', true]]);
});

test('a policy that only several others contain together is contained in no single one', () => {
  assert.deepEqual(namesOf(allowing('one', a, b), allowing('two', b, c), allowing('both', a, c)), [
    ['both', null, false],
  ]);
});

test('egress is contained in egress, and in no ingress', () => {
  assert.deepEqual(namesOf(sending('one', a), sending('two', b)), []);
  assert.deepEqual(namesOf(sending('one', a), sending('all', a, b)), [['one', 'all', false]]);
  assert.deepEqual(namesOf(sending('one', a), allowing('all', a, b)), []);
  // Only a pod bears the name of a port.
  const named = (name: string, peers: readonly Peer[] | null) =>
    networkPolicy({ name, egress: [{ peers, ports: [portNamed('web')] }] });
  assert.deepEqual(namesOf(named('to all', null), named('to pods', [anyPod])), [
    ['to pods', 'to all', true],
  ]);
});

test('a rule that means nobody is contained in nothing', () => {
  assert.deepEqual(containedRules([allowing('one', nobody, anyPod)], regionsIn(DEFAULT_MODES)), []);
});

const denying = (name: string, priority: number, peer: Peer): Policy =>
  adminPolicy({ name, priority, ingress: [{ action: 'DENY', peers: [peer] }] });

test('rules of admin policies are hidden by those of lower priority numbers, in whatever order they are written', () => {
  const hidden = (...policies: readonly Policy[]) =>
    unreachableRules(policies, regionsIn(DEFAULT_MODES)).map(({ site, by }) => [
      site.policy.name,
      by?.policy.name ?? null,
    ]);
  const [first, last] = [denying('first', 5, anyPod), denying('last', 7, anyPod)];
  assert.deepEqual(hidden(last, first), [['last', 'first']]);
  assert.deepEqual(hidden(first, last), [['last', 'first']]);
  assert.deepEqual(hidden(first, { ...last, priority: 5 }), []);
});

test('past 20,000 pieces nothing is called covered', () => {
  const everything: Box = new Map();
  const pairs = (count: number): readonly Box[] =>
    Array.from(
      { length: count },
      (_, place) =>
        new Map([
          [`pod:label:${place}a`, oneOf(['x'])],
          [`pod:label:${place}b`, oneOf(['x'])],
        ]),
    );
  assert.equal(isCovered([everything], [...pairs(12), everything], universe), true);
  assert.equal(isCovered([everything], [...pairs(15), everything], universe), false);
});

test('names are listed up to a number, with commas between them', () => {
  assert.equal(listed(['a', 'b']), '`a`, `b`');
  assert.equal(listed(['a', 'b', 'c', 'd', 'e']), '`a`, `b`, `c` and 2 more');
});

test('what is open to a workload is the union of what is open to all others', () => {
  const rules = [
    { peers: [a], ports: [tcp(1)] },
    { peers: [b], ports: [tcp(2)] },
    { peers: [c], ports: [tcp(3)] },
  ];
  const pods = ['a', 'b', 'c', 'web'].map(name => pod(`shop/${name}`));
  const { into } = reachOf(compile(facts({ pods }), [networkPolicy({ ingress: rules })]));
  const ports = into('shop/web[Deployment]');
  assert.deepEqual(
    [1, 2, 3, 4].map(port => containsPort(ports, 'TCP', port)),
    [true, true, true, false],
  );
});

test('namespaces are listed by name, whichever way they became known', () => {
  const { namespaces } = inventoryOf(
    facts({
      namespaces: [
        { name: 'c', labels: {} },
        { name: 'a', labels: {} },
      ],
      pods: [pod('b/x')],
    }),
  );
  assert.deepEqual([...namespaces.keys()], ['a', 'b', 'c']);
});
