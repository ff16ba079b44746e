import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Endpoint,
  type Facts,
  type FoundPeer,
  type Outside,
  type PeerFault,
  type PodFact,
  peerResolver,
} from '../../../src/netpol/index.js';

const pod = (namespace: string, kind: string, name: string, own = `${name}-0`): PodFact => ({
  key: `${namespace}/${own}`,
  namespace,
  name: own,
  labels: {},
  addresses: [],
  hostNetwork: false,
  ports: [],
  node: null,
  workload: { kind, name },
});

const service = (namespace: string, name: string) => ({
  namespace,
  name,
  type: 'ClusterIP',
  clusterIps: [],
  externalIps: [],
  ports: [],
  selector: null,
});

const FACTS: Facts = {
  namespaces: [],
  pods: [
    pod('shop', 'Deployment', 'web'),
    pod('shop', 'StatefulSet', 'db'),
    pod('shop', 'CronJob', 'db', 'db-x'),
    pod('shop', 'Pod', 'lone', 'lone'),
    pod('default', 'Deployment', 'frontend'),
  ],
  nodes: [
    { name: 'worker', labels: {}, addresses: [] },
    { name: 'worker.example.com', labels: {}, addresses: [] },
  ],
  services: [service('shop', 'api'), service('shop', 'web')],
  routes: [],
};

const ADDRESSES: readonly Endpoint[] = [
  { kind: 'address', address: '203.0.113.9' },
  { kind: 'address', address: '203.0.113.10' },
];

const OUTSIDE: Outside = name =>
  new Map<string, readonly Endpoint[]>([
    ['pay.example.com', ADDRESSES.slice(0, 1)],
    ['cdn.example.com', ADDRESSES],
    ['world', [{ kind: 'unresolved', reason: 'the address of `world`' }]],
  ]).get(name) ?? [];

const shown = (peer: FoundPeer | PeerFault): string => {
  if ('fault' in peer) return peer.fault;
  const { kind, ...rest } = peer.endpoint;
  return `${[kind, ...Object.values(rest)].join(' ')}${peer.isWorkload ? ' (workload)' : ''}`;
};

const FOUND: readonly (readonly [string, string])[] = [
  ['shop/web', 'pod shop/web-0 (workload)'],
  ['shop/web-0', 'pod shop/web-0'],
  ['shop/web[deployment]', 'pod shop/web-0 (workload)'],
  ['shop/Deployment/web', 'pod shop/web-0 (workload)'],
  ['shop/db[CronJob]', 'pod shop/db-x (workload)'],
  ['shop/lone', 'pod shop/lone'],
  ['shop/lone[Pod]', 'pod shop/lone'],
  ['frontend', 'pod default/frontend-0 (workload)'],
  ['shop/api', 'service shop api'],
  ['svc:shop/web', 'service shop web'],
  ['web.shop.svc.cluster.local', 'service shop web'],
  ['worker', 'node worker'],
  ['node/worker', 'node worker'],
  ['NODE:worker', 'node worker'],
  ['worker.example.com', 'node worker.example.com'],
  ['www.example.com', 'domain www.example.com'],
  ['domain:worker.example.com', 'domain worker.example.com'],
  ['10.0.0.1', 'address 10.0.0.1'],
  ['10.0.0.1/24', 'block 10.0.0.0/24'],
  ['{ingress-controller}', 'ingress-controller'],
  ['EXTERNAL:203.0.113.77', 'address 203.0.113.77'],
  ['external:203.0.113.77/24', 'block 203.0.113.0/24'],
  ['EXTERNAL:pay.example.com', 'address 203.0.113.9'],
  ['EXTERNAL:cdn.example.com', 'unresolved which address of `EXTERNAL:cdn.example.com`'],
  ['EXTERNAL:new.example.com', 'domain new.example.com'],
  ['EXTERNAL:world', 'unresolved the address of `world`'],
  ['UNRESOLVED:10.0.0.9', 'unresolved who `10.0.0.9` is'],
];

for (const [text, endpoint] of FOUND) {
  test(`\`${text}\` is ${endpoint}`, () => {
    assert.equal(shown(peerResolver(FACTS, OUTSIDE)(text)), endpoint);
  });
}

const REFUSED: readonly (readonly [string, RegExp])[] = [
  [
    'shop/db',
    /^`shop\/db` is ambiguous; write one of `shop\/db\[StatefulSet\]`, `shop\/db\[CronJob\]`$/,
  ],
  [
    'shop/weeb',
    /^`shop\/weeb` names no pod.*; the nearest: `shop\/web\[Deployment\]`, `svc:shop\/web`$/,
  ],
  ['other/web', /the nearest: `shop\/web\[Deployment\]`, `svc:shop\/web`$/],
  ['shop/web[DaemonSet]', /the nearest: `shop\/web\[Deployment\]`, `svc:shop\/web`$/],
  ['NODE:wroker', /the nearest: `NODE:worker`$/],
  ['svc:shop/apis', /the nearest: `svc:shop\/api`$/],
  ['shop/payments', /names no pod, workload, Service or node, .*; write `namespace\/name`/],
  ['gone.shop.svc', /^`gone.shop.svc` names no pod/],
  ['EXTERNAL:mars', /^`EXTERNAL:mars` names nothing outside of the cluster; write/],
  ['10.0.0.256', /is no address/],
];

for (const [text, fault] of REFUSED) {
  test(`\`${text}\` is refused, and what to write is told`, () => {
    const peer = peerResolver(FACTS, OUTSIDE)(text);
    assert.ok('fault' in peer, shown(peer));
    assert.match(peer.fault, fault);
  });
}

test('without a list of what is outside, an entity is somebody at an unknown address', () => {
  const resolve = peerResolver(FACTS, null);
  assert.equal(shown(resolve('EXTERNAL:world')), 'unresolved the address of `world`');
  assert.equal(shown(resolve('EXTERNAL:pay.example.com')), 'domain pay.example.com');
});
