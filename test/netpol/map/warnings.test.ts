import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Action,
  compile,
  connectivityMap,
  type Facts,
  type Peer,
  type PodFact,
  type Policy,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  facts,
  labelled,
  networkPolicy,
  pod,
  podsLabelled,
  portNamed,
  tcp,
} from '../evaluation/build.js';

const told = (there: Partial<Facts>, ...policies: readonly Policy[]): readonly string[] =>
  connectivityMap(compile(facts(there), policies)).warnings.map(
    ({ code, message }) => `${code} ${message}`,
  );

test('rules with domain names or nodes are told, since no row of addresses holds them', () => {
  const out = (...peers: readonly Peer[]) =>
    adminPolicy({ name: 'out', egress: [{ action: Action.ALLOW, peers }] });
  const domains: Peer = { kind: 'domain-names', names: ['*.example.com'] };
  const nodes: Peer = { kind: 'nodes', nodes: labelled({}) };
  const message = (what: string) =>
    `NOT_DRAWN \`${what}\` of ClusterNetworkPolicy \`out\` cannot be held against addresses outside the cluster; they count as not matched`;
  const pods = [pod('shop/web', { addresses: ['10.0.0.1'] })];
  assert.deepEqual(told({ pods }, out(domains)), [message('domainNames')]);
  assert.deepEqual(told({ pods }, out(nodes)), [message('nodes')]);
  assert.deepEqual(told({ pods }, out(anyPod)), []);
  assert.deepEqual(told({}, out(domains, nodes)), []);
});

const replica = (name: string, parts: Partial<PodFact> = {}): PodFact =>
  pod(`shop/${name}`, { workload: { kind: 'ReplicaSet', name: 'web' }, ...parts });

const DIFFER =
  'REPLICAS_DIFFER `shop/a` speaks for all pods of `shop/web[ReplicaSet]`, but policies treat `shop/b` otherwise';

test('an owner whose pods a policy tells apart is told, with the first pod that differs', () => {
  const pods = [replica('a'), replica('a-2', { labels: { app: 'a' } }), replica('b'), replica('c')];
  const db = pod('shop/db');
  const select = (app: string) => networkPolicy({ pods: labelled({ app }), ingress: [] });
  const admit = (app: string) =>
    networkPolicy({ pods: labelled({ app: 'db' }), ingress: [{ peers: [podsLabelled({ app })] }] });
  const sendTo = (app: string) =>
    networkPolicy({ pods: labelled({ app: 'db' }), egress: [{ peers: [podsLabelled({ app })] }] });
  for (const make of [select, admit, sendTo]) {
    assert.deepEqual(told({ pods: [...pods, db] }, make('a')), [DIFFER]);
    assert.deepEqual(told({ pods: [...pods, db] }, make('c')), [
      DIFFER.replace('shop/b', 'shop/c'),
    ]);
    assert.deepEqual(told({ pods: [...pods, db] }, make('other')), []);
  }
  assert.deepEqual(told({ pods: [pod('shop/a'), pod('shop/b')] }, select('a')), []);
  const kinds = [replica('a'), replica('b', { workload: { kind: 'DaemonSet', name: 'web' } })];
  assert.deepEqual(told({ pods: kinds }, select('a')), []);
  const places = [replica('a'), { ...replica('b'), namespace: 'data' }];
  assert.deepEqual(told({ pods: places }, select('a')), []);
});

test('an owner is told where a name of a port means another number on one of its pods', () => {
  const http = (port: number) => ({
    labels: { app: 'web' },
    ports: [{ name: 'http', port, protocol: 'TCP' as const }],
  });
  const pods = [replica('a', http(80)), replica('b', http(81))];
  const byName = networkPolicy({ ingress: [{ ports: [portNamed('http')] }] });
  assert.deepEqual(told({ pods }, byName), [DIFFER]);
  assert.deepEqual(told({ pods: [replica('a', http(80)), replica('b', http(80))] }, byName), []);
  assert.deepEqual(told({ pods }, networkPolicy({ ingress: [{ ports: [tcp(80)] }] })), []);
});

test('each warning says what to do', () => {
  const hints = (policy: Policy, ...pods: readonly PodFact[]) =>
    connectivityMap(compile(facts({ pods }), [policy])).warnings.map(({ hint }) => hint);
  const nodes: Peer = { kind: 'nodes', nodes: labelled({}) };
  const out = adminPolicy({ egress: [{ action: Action.ALLOW, peers: [nodes] }] });
  assert.deepEqual(hints(out, pod('shop/web')), [
    'add Node objects to the input, with their addresses',
  ]);
  const select = networkPolicy({ pods: labelled({ app: 'a' }), ingress: [] });
  assert.deepEqual(hints(select, replica('a'), replica('b')), [
    'give pods of one owner equal labels and ports, or ask `netpol explain` for each of them',
  ]);
});
