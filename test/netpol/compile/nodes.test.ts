import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../src/netpol/index.js';
import { facts, pod } from '../evaluation/build.js';

test('what nodes are and have is told by nodes, by pods on them and by the addresses of hostNetwork pods', () => {
  const nodes = [
    {
      name: 'n1',
      labels: { role: 'a' },
      addresses: ['192.0.2.1', 'bad'],
      tunnels: ['192.0.2.7'],
      gateways: ['192.0.2.8', 'bad'],
    },
    { name: 'n1', labels: { role: 'b' }, addresses: ['192.0.2.9'] },
  ];
  const pods = [
    pod('shop/a', { node: 'n2', addresses: ['10.0.0.1'] }),
    pod('shop/b', { node: 'n1', hostNetwork: true, addresses: ['192.0.2.2', '192.0.2.1'] }),
    pod('shop/c', { node: 'n3', hostNetwork: true, addresses: ['192.0.2.3'] }),
    pod('shop/d', { node: null, hostNetwork: true, addresses: ['192.0.2.4'] }),
  ];
  const { index } = compile(facts({ nodes, pods }), []).engine;
  const address = (last: number) => 0xc000_0200 + last;
  assert.deepEqual(index.nodes.all, [
    {
      name: 'n1',
      labels: { role: 'a' },
      addresses: [address(1), address(2)],
      among: [address(7), address(8)],
    },
    { name: 'n2', labels: null, addresses: [], among: [] },
    { name: 'n3', labels: null, addresses: [address(3)], among: [] },
  ]);
  const hosts = index.classes.filter(({ hostNetwork }) => hostNetwork);
  assert.deepEqual(
    hosts.map(({ node, addresses }) => [
      node,
      [...addresses].toSorted((one, other) => Number(one) - Number(other)),
    ]),
    [
      [0, [address(1), address(2)]],
      [2, [address(3)]],
      [-1, [address(4)]],
    ],
  );
});
