import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedIndex } from '../../../src/netpol/compile/change-facts.js';
import {
  type Compiled,
  compile,
  connectivityMap,
  EVERYTHING,
  formatMapPeer,
  formatPortSet,
  judge,
  type Modes,
  type PodFact,
  withChange,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  block,
  connection,
  facts,
  labelled,
  namespace,
  networkPolicy,
  pod,
  portNamed,
} from '../evaluation/build.js';

/** Who can connect to whom, a line each. */
const linesOf = (compiled: Compiled): readonly string[] =>
  [...connectivityMap(compiled)]
    .map(({ source, destination, ports }) =>
      [formatMapPeer(source), formatMapPeer(destination), formatPortSet(ports)].join(' '),
    )
    .sort();

/** The state after other pods, whose rows are made anew if `isFresh`; it must answer as one compiled from the start. */
function afterPods(before: Compiled, put: readonly PodFact[], isFresh: boolean): Compiled {
  linesOf(before);
  const now = withChange(before, { pods: { put } });
  assert.equal(now.engine.index.registry, before.engine.index.registry);
  assert.equal(now.engine.family !== before.engine.family, isFresh);
  assert.deepEqual(linesOf(now), linesOf(compile(now.facts, now.policies, now.modes)));
  return now;
}

/** A hostNetwork pod on the second node, and a pod on the first; only pods name the nodes. */
const ON_NODES = [
  pod('shop/a', { node: 'n1' }),
  pod('shop/h', { hostNetwork: true, node: 'n2', addresses: ['192.0.2.2'] }),
];

const MOVES: readonly (readonly [string, readonly PodFact[], readonly string[], boolean])[] = [
  ['a node comes last', [pod('shop/b', { node: 'n3' })], [], true],
  ['a node has another name', [pod('shop/a', { node: 'n9' })], [], true],
  ['a node goes', [], ['shop/a'], true],
  ['one goes and another comes', [pod('shop/b', { node: 'n3' })], ['shop/a'], true],
  ['a pod comes to a known node', [pod('shop/b', { node: 'n1' })], [], false],
];

for (const [title, put, remove, isFresh] of MOVES) {
  test(`beside hostNetwork pods a change of the nodes ${isFresh ? 'means a full compilation' : 'may be none'}: ${title}`, () => {
    const before = compile(facts({ pods: ON_NODES }), []);
    const now = withChange(before, { pods: { put, remove } });
    assert.equal(now.engine.index.registry !== before.engine.index.registry, isFresh);
    const host = now.engine.index.classes.find(({ hostNetwork }) => hostNetwork);
    assert.equal(now.engine.index.nodes.all[host?.node ?? -1]?.name, 'n2');
  });
}

test('a namespace that comes where classes had pods long ago touches none of them', () => {
  const world = facts({ pods: [pod('shop/a'), pod('bank/b')] });
  const empty = withChange(compile(world, []), { pods: { remove: ['bank/b'] } });
  const found = changedIndex(empty.engine.index, { namespaces: { put: [namespace('bank')] } });
  assert.deepEqual(found?.touched, []);
  assert.equal(found?.index.classes.length, 2);
});

test('a policy that does not select a namespace any more says nothing of its pods', () => {
  const denied = adminPolicy({
    namespaces: labelled({ team: 'one' }),
    ingress: [{ action: 'DENY' }],
  });
  const world = facts({
    namespaces: [namespace('shop', { team: 'one' }), namespace('bank', { team: 'one' })],
    pods: [pod('shop/a'), pod('bank/b')],
  });
  const before = compile(world, [denied]);
  const now = withChange(before, { namespaces: { put: [namespace('bank')] } });
  assert.equal(now.engine.index.registry, before.engine.index.registry);
  const verdict = (compiled: Compiled, text: string) => judge(compiled, connection(text)).verdict;
  assert.equal(verdict(before, 'shop/a -> bank/b TCP 80'), 'DENIED');
  assert.equal(verdict(now, 'shop/a -> bank/b TCP 80'), 'ALLOWED');
  assert.equal(verdict(now, 'bank/b -> shop/a TCP 80'), 'DENIED');
});

const web = pod('shop/web', { addresses: ['10.0.0.1'] });
const http = { name: 'http', port: 8080, protocol: 'TCP' } as const;

test('a pod with new port names makes the rows anew, also where its address is known', () => {
  const policy = networkPolicy({
    pods: labelled({ app: 'web' }),
    egress: [{ ports: [portNamed('http')] }],
  });
  const before = compile(facts({ pods: [web] }), [policy]);
  const api = pod('shop/api', { addresses: ['10.0.0.2'], ports: [http] });
  const now = afterPods(before, [api], true);
  assert.ok(linesOf(now).includes('shop/web[Deployment] shop/api[Deployment] TCP 8080'));
});

test('a pod that is like another one leaves the rows, with an address or without', () => {
  const before = compile(facts({ pods: [web, pod('shop/api')] }), []);
  afterPods(before, [pod('shop/w', { labels: { app: 'web' }, addresses: ['10.0.0.9'] })], false);
  afterPods(before, [pod('shop/x', { labels: { app: 'api' } })], false);
  afterPods(before, [pod('shop/y', { addresses: ['10.0.0.9'] })], false);
});

const BY_ADDRESS: Modes = { hostNetwork: 'nodes', ipBlockPods: 'by-address' };

test('other pods without an address make the rows anew, also where they are as many as before', () => {
  const policy = networkPolicy({
    pods: EVERYTHING,
    egress: [{ peers: [block('10.0.0.0/8')] }],
  });
  const world = facts({ pods: [pod('shop/a'), pod('shop/b')] });
  const before = compile(world, [policy], BY_ADDRESS);
  const now = afterPods(before, [pod('shop/b', { labels: { app: 'other' } })], true);
  const asked = (compiled: Compiled) =>
    judge(compiled, connection('shop/a -> shop/b TCP 80')).verdict;
  assert.deepEqual([asked(before), asked(now)], ['UNDECIDABLE', 'UNDECIDABLE']);
});
