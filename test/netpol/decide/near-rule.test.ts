import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, decide, peerResolver } from '../../../src/netpol/index.js';
import { readManifests } from '../../../src/netpol/reading/manifests.js';

const PODS = `apiVersion: v1
kind: Namespace
metadata: {name: shop-dev, labels: {stage: dev}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop-dev, labels: {app: web, tier: front}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop, labels: {app: agent}}
spec: {hostNetwork: true}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: `;

function missOf(ingress: string, source = 'shop-dev/web', port = 80): string | undefined {
  const { facts, policies } = readManifests([{ file: null, text: `${PODS}${ingress}\n` }]);
  const resolve = peerResolver(facts, null);
  const [from, to] = [resolve(source), resolve('shop/db')];
  if ('fault' in from || 'fault' in to) throw new Error('no peer');
  const ends = { source: from.endpoint, destination: to.endpoint };
  const { verdict, ingress: half } = decide(compile(facts, policies), {
    ...ends,
    port,
    protocol: 'TCP',
  });
  assert.equal(verdict, 'DENIED');
  return half.reasons[0]?.miss;
}

for (const [ingress, miss] of [
  [
    '[{from: [{podSelector: {matchLabels: {app: web}}}]}]',
    'spec.ingress[0] admits `app=web` in namespace `shop`; the peer is in `shop-dev`',
  ],
  [
    '[{from: [{podSelector: {matchLabels: {app: web, tier: back}}, namespaceSelector: {}}]}]',
    'spec.ingress[0] admits `app=web,tier=back` in any namespace; the peer has `tier=front`',
  ],
  [
    '[{from: [{namespaceSelector: {matchLabels: {stage: prod}}}]}]',
    'spec.ingress[0] admits all pods in namespaces with `stage=prod`; the peer is in `shop-dev`, which has `stage=dev`',
  ],
  [
    '[{from: [{namespaceSelector: {}}], ports: [{port: 443}]}]',
    'spec.ingress[0] admits the peer, but it opens TCP 443, not TCP 80',
  ],
  [
    '[{from: [{podSelector: {matchLabels: {app: x}}}]}, {from: [{namespaceSelector: {}}], ports: [{port: 443, protocol: UDP}]}]',
    'spec.ingress[1] admits the peer, but it opens UDP 443, not TCP 80',
  ],
  [
    '[{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]',
    'spec.ingress[0] admits `10.0.0.0/8`; the peer is a pod, which no ipBlock matches here',
  ],
  ['[]', 'it has no ingress rule and allows nothing'],
] as const) {
  test(`the nearest of ${ingress}: ${miss}`, () => {
    assert.equal(missOf(ingress), miss);
  });
}

test('an address and a pod on the host network are told what keeps them out', () => {
  assert.equal(
    missOf('[{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]', '10.1.2.3'),
    'spec.ingress[0] admits `10.0.0.0/8 except 10.1.0.0/16`; `10.1.2.3` is in the exception `10.1.0.0/16`',
  );
  assert.match(
    missOf('[{from: [{podSelector: {matchLabels: {app: agent}}}]}]', 'shop/agent') ?? '',
    /the peer is on the host network, where no selector sees it/,
  );
});

test('of several blocks the one that most nearly holds an address is told first', () => {
  const blocks =
    '[{from: [{ipBlock: {cidr: 10.0.0.0/8}}, {ipBlock: {cidr: 203.0.112.0/24}}, {ipBlock: {cidr: 2001:db8::/32}}]}]';
  assert.equal(
    missOf(blocks, '203.0.113.9'),
    'spec.ingress[0] admits `203.0.112.0/24`, `10.0.0.0/8`, `2001:db8::/32`; `203.0.113.9` is in none of them, the first is the nearest',
  );
  assert.equal(
    missOf('[{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]', '2001:db8::9'),
    'spec.ingress[0] admits `10.0.0.0/8`; `2001:db8::9` is of the other address family',
  );
});

test('a port by a name that the pod does not declare is told as such', () => {
  assert.equal(
    missOf('[{from: [{namespaceSelector: {}}], ports: [{port: sql}]}]'),
    'spec.ingress[0] admits the peer, but it opens port `sql` by name, which the destination does not declare',
  );
});
