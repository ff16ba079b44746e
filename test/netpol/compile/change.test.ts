import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedIndex, type FactsChange } from '../../../src/netpol/compile/change-facts.js';
import type { CompiledPolicy } from '../../../src/netpol/compile/program.js';
import {
  type Change,
  type Compiled,
  compile,
  EVERYTHING,
  type Facts,
  type PodFact,
  type Policy,
  withChange,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  block,
  facts,
  labelled,
  namespace,
  networkPolicy,
  networks,
  pod,
  podsLabelled,
} from '../evaluation/build.js';

const NODES = [
  { name: 'n1', labels: {}, addresses: ['192.0.2.1'] },
  { name: 'n2', labels: {}, addresses: ['192.0.2.2'] },
];
const NAMESPACES = [namespace('shop', { team: 'one', zone: 'z' }), namespace('bank')];
const PODS = [
  pod('shop/a', { addresses: ['10.0.0.1'] }),
  pod('shop/b', { addresses: ['10.0.0.9'] }),
  pod('bank/c', { addresses: ['10.0.0.10'] }),
];

const plain = facts({ namespaces: NAMESPACES, nodes: NODES, pods: PODS });
const withHost = facts({
  ...plain,
  pods: [...PODS, pod('shop/h', { hostNetwork: true, node: 'n1' })],
});

const put = (...pods: readonly PodFact[]): FactsChange => ({ pods: { put: pods } });
const relabel = (name: string, labels: Record<string, string>): FactsChange => ({
  namespaces: { put: [namespace(name, labels)] },
});

const TOUCHED: readonly (readonly [string, Facts, FactsChange, readonly number[] | null])[] = [
  ['nothing', plain, {}, []],
  ['a pod that stays what it was', plain, put(pod('shop/a', { addresses: ['10.0.0.1'] })), []],
  ['a twin', plain, put(pod('shop/a2', { labels: { app: 'a' }, addresses: ['10.0.0.2'] })), []],
  ['a pod of its own', plain, put(pod('shop/d')), [3]],
  ['the last pod of its class', plain, { pods: { remove: ['shop/b'] } }, [1]],
  ['a pod that has other labels now', plain, put(pod('shop/a', { labels: { app: 'z' } })), [0, 3]],
  ['a pod that is not there', plain, { pods: { remove: ['shop/gone'] } }, []],
  ['other labels of a namespace', plain, relabel('shop', { team: 'two', zone: 'z' }), [0, 1]],
  ['fewer labels of a namespace', plain, relabel('shop', { team: 'one' }), [0, 1]],
  ['more labels of a namespace', plain, relabel('bank', { team: 'one' }), [2]],
  ['the same labels in another order', plain, relabel('shop', { zone: 'z', team: 'one' }), []],
  ['a namespace without pods', plain, relabel('new', { team: 'one' }), []],
  ['a namespace that is not listed any more', plain, { namespaces: { remove: ['shop'] } }, [0, 1]],
  ['labels around a hostNetwork pod', withHost, relabel('shop', {}), [0, 1, 3]],
  ['a hostNetwork pod that comes', plain, put(pod('shop/h', { hostNetwork: true })), null],
  ['a hostNetwork pod that goes', withHost, { pods: { remove: ['shop/h'] } }, null],
  ['a pod on a new node', plain, put(pod('shop/d', { node: 'n3' })), [3]],
  ['a pod on a new node beside hosts', withHost, put(pod('shop/d', { node: 'n3' })), null],
  ['a pod on a known node beside hosts', withHost, put(pod('shop/d', { node: 'n2' })), [4]],
];

for (const [title, world, change, expected] of TOUCHED) {
  test(`which classes a change of the facts touches: ${title}`, () => {
    const found = changedIndex(compile(world, []).engine.index, change);
    assert.deepEqual(found === null ? null : found.touched, expected);
  });
}

const SPLITS: readonly (readonly [string, Policy, boolean])[] = [
  [
    'a block around all pods',
    networkPolicy({ ingress: [{ peers: [block('10.0.0.0/8')] }] }),
    false,
  ],
  ['a block of no pod', networkPolicy({ ingress: [{ peers: [block('172.16.0.0/12')] }] }), false],
  ['a block of one twin', networkPolicy({ egress: [{ peers: [block('10.0.0.2/32')] }] }), true],
  [
    'an exception of one twin',
    networkPolicy({ ingress: [{ peers: [block('10.0.0.0/8', '10.0.0.2/32')] }] }),
    true,
  ],
  ['networks of one twin', adminPolicy({ egress: [{ peers: [networks('10.0.0.2/31')] }] }), true],
  ['no block', networkPolicy({ ingress: [{ peers: [anyPod] }] }), false],
];

for (const [title, policy, parts] of SPLITS) {
  test(`a put policy ${parts ? 'parts' : 'does not part'} pods of one class: ${title}`, () => {
    const twins = ['10.0.0.1', '10.0.0.2'].map((address, place) =>
      pod(`shop/t${place}`, { labels: {}, addresses: [address] }),
    );
    const before = compile(facts({ pods: twins }), []);
    const now = withChange(before, { policies: { put: [policy] } });
    assert.equal(now.engine.index === before.engine.index, !parts);
    assert.equal(now.engine.index.classes.length, parts ? 2 : 1);
    assert.deepEqual([...now.engine.index.sizes], parts ? [1, 1] : [2]);
  });
}

const only = ({ engine }: Compiled): CompiledPolicy => {
  const [first] = engine.policies;
  if (first === undefined) throw new Error('no policy');
  return first;
};

const subjectsOf = (compiled: Compiled): readonly number[] => [...only(compiled).subjects];

/** The pods that the first peers of the policy mean: by selectors, by ipBlocks, by networks. */
const peersOf = (compiled: Compiled): readonly (readonly number[])[] =>
  (only(compiled).rules.INGRESS ?? []).flatMap(({ pods, ipBlocks, networks: blocks }) =>
    [...pods, ...ipBlocks, ...blocks].map(({ classes }) => [...classes]),
  );

/** Carried along: no full compilation, which would number the classes anew. */
function changed(before: Compiled, change: Change): Compiled {
  const now = withChange(before, change);
  assert.equal(now.engine.index.registry, before.engine.index.registry);
  return now;
}

test('a class whose pod comes back has its place among subjects and peers again', () => {
  const policy = networkPolicy({
    ingress: [{ peers: [podsLabelled({})] }, { peers: [block('10.0.0.0/8')] }],
  });
  const before = compile(plain, [policy]);
  const gone = changed(before, { pods: { remove: ['shop/a'] } });
  assert.deepEqual(subjectsOf(gone), [1]);
  assert.deepEqual(peersOf(gone), [[1], [1, 2]]);
  const back = changed(gone, put(pod('shop/a', { addresses: ['10.0.0.1'] })));
  assert.deepEqual(subjectsOf(back), [0, 1]);
  assert.deepEqual(peersOf(back), [
    [0, 1],
    [0, 1, 2],
  ]);
  assert.deepEqual(subjectsOf(before), [0, 1]);
});

test('classes with numbers of two digits are put in order by number', () => {
  const many = Array.from({ length: 12 }, (_, place) => pod(`shop/p${place}`));
  const before = compile(facts({ pods: many }), [
    networkPolicy({ ingress: [{ peers: [podsLabelled({})] }] }),
  ]);
  const gone = changed(before, { pods: { remove: ['shop/p3', 'shop/p10'] } });
  const expected = Array.from({ length: 12 }, (_, place) => place);
  assert.deepEqual(
    subjectsOf(gone),
    expected.filter(id => id !== 3 && id !== 10),
  );
  const back = changed(gone, put(pod('shop/p10'), pod('shop/p3')));
  assert.deepEqual(subjectsOf(back), expected);
  assert.deepEqual(peersOf(back), [expected]);
});

test('a selector without a namespace means the policy’s own, and `default` in a cluster policy', () => {
  const rules = { ingress: [{ peers: [podsLabelled({ app: 'new' })] }] };
  const come = put(pod('shop/new'), pod('bank/new'), pod('default/new'));
  assert.deepEqual(peersOf(changed(compile(plain, [networkPolicy(rules)]), come)), [[3]]);
  const bank = networkPolicy({ ...rules, namespace: 'bank' });
  assert.deepEqual(peersOf(changed(compile(plain, [bank]), come)), [[4]]);
  assert.deepEqual(subjectsOf(changed(compile(plain, [bank]), come)), [2, 4]);
  assert.deepEqual(peersOf(changed(compile(plain, [adminPolicy(rules)]), come)), [[5]]);
});

test('hostNetwork pods stay subjects of NetworkPolicies and become none of an admin tier', () => {
  const change = relabel('shop', { team: 'two' });
  const network = compile(withHost, [networkPolicy({ ingress: [] })]);
  assert.deepEqual(subjectsOf(network), [0, 1, 3]);
  assert.deepEqual(subjectsOf(changed(network, change)), [0, 1, 3]);
  const peers = [
    { kind: 'pods' as const, namespaces: labelled({ team: 'two' }), pods: EVERYTHING },
  ];
  const admin = compile(withHost, [
    adminPolicy({ namespaces: labelled({ team: 'two' }), ingress: [{ peers }] }),
  ]);
  assert.deepEqual(subjectsOf(admin), []);
  const now = changed(admin, change);
  assert.deepEqual(subjectsOf(now), [0, 1]);
  // As peers they are seen.
  assert.deepEqual(peersOf(now), [[0, 1, 3]]);
});

test('a policy that a change does not concern is the same object, and keeps its rules where only subjects differ', () => {
  const policy = networkPolicy({
    ingress: [{ peers: [podsLabelled({ app: 'a' }), block('10.0.0.0/29')] }],
    egress: [{ peers: [podsLabelled({ app: 'b' })] }],
  });
  const before = compile(plain, [policy]);
  const elsewhere = changed(before, put(pod('bank/d')));
  assert.equal(only(elsewhere), only(before));
  const subject = changed(before, put(pod('shop/d')));
  // The pod of `bank`, of a set that came of the same one, has the number 3.
  assert.deepEqual(subjectsOf(subject), [0, 1, 4]);
  assert.equal(only(subject).rules, only(before).rules);
  const peer = changed(before, { pods: { remove: ['shop/a'] } });
  assert.notEqual(only(peer).rules.INGRESS, only(before).rules.INGRESS);
  assert.equal(only(peer).rules.EGRESS, only(before).rules.EGRESS);
  assert.deepEqual(peersOf(peer), [[], []]);
});
