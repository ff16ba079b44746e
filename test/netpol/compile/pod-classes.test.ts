import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '../../../src/netpol/addresses/address.js';
import { nodesOf } from '../../../src/netpol/compile/nodes.js';
import { classRegistry, type PodClass } from '../../../src/netpol/compile/pod-classes.js';
import {
  NO_PROFILE,
  profileTable,
  resolveNamed,
} from '../../../src/netpol/compile/port-profile.js';
import { formatPortSet, type PodFact } from '../../../src/netpol/index.js';
import { facts, pod } from '../evaluation/build.js';

const NODES = nodesOf(
  facts({
    nodes: [
      { name: 'n1', labels: {}, addresses: ['192.0.2.1'] },
      { name: 'n2', labels: {}, addresses: ['192.0.2.2', 'fd00::2'] },
      { name: 'n3', labels: {}, addresses: [] },
    ],
  }),
);

/** The classes of pods, by pod, with cuts in the middle of a /24. */
function classesOf(pods: readonly PodFact[]): readonly PodClass[] {
  const registry = classRegistry({ v4: [0x0a00_0080], v6: [] });
  return pods.map(one => {
    const found = registry.classes[registry.classOf(one, NODES)];
    if (found === undefined) throw new Error('no class');
    return found;
  });
}

const host = (node: string | null, ...addresses: readonly string[]): PodFact =>
  pod('shop/h', { hostNetwork: true, node, addresses: [...addresses] });

const PLACED: readonly (readonly [string, PodFact, number, readonly string[]])[] = [
  ['a hostNetwork pod on the first node', host('n1'), 0, ['192.0.2.1']],
  ['a hostNetwork pod on a later node', host('n2'), 1, ['192.0.2.2', 'fd00::2']],
  [
    'one that names its own address',
    host('n2', '192.0.2.9'),
    1,
    ['192.0.2.9', '192.0.2.2', 'fd00::2'],
  ],
  ['one that names its node’s address', host('n2', 'fd00::2'), 1, ['fd00::2', '192.0.2.2']],
  ['a node without addresses', host('n3', '192.0.2.9'), 2, ['192.0.2.9']],
  ['a node that nobody knows', host('gone', '192.0.2.9'), -1, ['192.0.2.9']],
  ['a node and an address that nobody knows', host('gone'), -1, []],
  ['no node', host(null, '192.0.2.9'), -1, ['192.0.2.9']],
  ['no node and no address', host(null), -1, []],
  [
    'an ordinary pod',
    pod('shop/p', { node: 'n2', addresses: ['10.0.0.1', '10.0.0.1'] }),
    -1,
    ['10.0.0.1'],
  ],
  ['an ordinary pod without an address', pod('shop/p', { node: 'n2' }), -1, []],
];

for (const [title, member, node, addresses] of PLACED) {
  test(`the node and the addresses of a class: ${title}`, () => {
    const [found] = classesOf([member]);
    assert.equal(found?.node, node);
    assert.equal(found?.hostNetwork, member.hostNetwork);
    assert.deepEqual(found?.addresses, addresses.map(parseAddress));
  });
}

const port = (name: string | null, number: number) =>
  ({ name, port: number, protocol: 'TCP' }) as const;
const plain = (parts: Parameters<typeof pod>[1] = {}): PodFact =>
  pod('shop/p', { labels: { app: 'x' }, ...parts });

const PAIRS: readonly (readonly [string, PodFact, PodFact, boolean])[] = [
  ['another name', plain(), { ...plain(), key: 'shop/q', name: 'q' }, true],
  ['another namespace', plain(), { ...plain(), namespace: 'data' }, false],
  ['another value', plain(), plain({ labels: { app: 'y' } }), false],
  ['one label more', plain(), plain({ labels: { app: 'x', tier: 'x' } }), false],
  ['an empty value and none', plain({ labels: { app: '' } }), plain({ labels: {} }), false],
  [
    'labels in another order',
    plain({ labels: { a: '1', b: '2' } }),
    plain({ labels: { b: '2', a: '1' } }),
    true,
  ],
  [
    'values that changed keys',
    plain({ labels: { a: '1', b: '2' } }),
    plain({ labels: { a: '2', b: '1' } }),
    false,
  ],
  ['an unnamed port', plain(), plain({ ports: [port(null, 80)] }), true],
  ['a named port', plain(), plain({ ports: [port('http', 80)] }), false],
  [
    'another number of a name',
    plain({ ports: [port('http', 80)] }),
    plain({ ports: [port('http', 81)] }),
    false,
  ],
  [
    'another cell',
    plain({ addresses: ['10.0.0.127'] }),
    plain({ addresses: ['10.0.0.128'] }),
    false,
  ],
  [
    'another address of one cell',
    plain({ addresses: ['10.0.0.1'] }),
    plain({ addresses: ['10.0.0.127'] }),
    true,
  ],
  ['an address and none', plain({ addresses: ['10.0.0.1'] }), plain(), false],
  [
    'one cell and both',
    plain({ addresses: ['10.0.0.1'] }),
    plain({ addresses: ['10.0.0.1', '10.0.0.200'] }),
    false,
  ],
  [
    'both cells in another order',
    plain({ addresses: ['10.0.0.200', '10.0.0.1'] }),
    plain({ addresses: ['10.0.0.1', '10.0.0.200'] }),
    true,
  ],
  ['nodes of ordinary pods', plain({ node: 'n1' }), plain({ node: 'n2' }), true],
  ['nodes of hostNetwork pods', host('n1'), host('n2'), false],
  [
    'nodes of hostNetwork pods that say the same address',
    host('n1', '192.0.2.9'),
    host('n3', '192.0.2.9'),
    false,
  ],
  ['an unknown node and none', host('gone', '192.0.2.9'), host(null, '192.0.2.9'), true],
  [
    'hostNetwork without a node, and an ordinary pod',
    host(null),
    { ...host(null), hostNetwork: false },
    false,
  ],
];

for (const [title, one, other, same] of PAIRS) {
  test(`${same ? 'one class' : 'two classes'}: ${title}`, () => {
    const [first, second] = classesOf([one, other]);
    assert.deepEqual([first?.id, second?.id], same ? [0, 0] : [0, 1]);
    assert.deepEqual(
      classesOf([other, one, other]).map(({ id }) => id),
      same ? [0, 0, 0] : [0, 1, 0],
    );
  });
}

test('a pod without named ports has the profile of none, whatever came before it', () => {
  const table = profileTable();
  const http = table.of([port('http', 80), port(null, 81)]);
  assert.deepEqual(http, { id: 1, named: [port('http', 80)] });
  assert.deepEqual(table.of([]), { id: 0, named: [] });
  assert.equal(table.of([port(null, 80)]), table.of([]));
  assert.equal(table.of([port('http', 80)]), http);
  assert.deepEqual(table.all, [NO_PROFILE, http]);
});

test('a name means all ports of that name, of its protocol where it has one', () => {
  const profile = profileTable().of([
    port('http', 80),
    port('http', 82),
    port('other', 90),
    { name: 'http', port: 53, protocol: 'UDP' },
  ]);
  assert.equal(formatPortSet(resolveNamed(profile, 'http', 'TCP')), 'TCP 80,82');
  assert.equal(formatPortSet(resolveNamed(profile, 'http', null)), 'TCP 80,82,UDP 53');
  assert.equal(formatPortSet(resolveNamed(profile, 'http', 'SCTP')), 'No Connections');
  assert.equal(formatPortSet(resolveNamed(NO_PROFILE, 'http', null)), 'No Connections');
});
