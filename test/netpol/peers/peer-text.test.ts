import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPeerText, type PeerText, parsePeerText } from '../../../src/netpol/index.js';

const named = (namespace: string | null, name: string, ofKind: string | null = null): PeerText => ({
  kind: 'named',
  namespace,
  name,
  ofKind,
});

/** What is written, what it is, and how it is written back; nothing: as it was. */
const FORMS: readonly (readonly [string, PeerText, string?])[] = [
  ['web', named(null, 'web')],
  ['shop/web', named('shop', 'web')],
  ['shop/web[Deployment]', named('shop', 'web', 'Deployment')],
  ['web[Deployment]', named(null, 'web', 'Deployment')],
  ['shop/deployment/web', named('shop', 'web', 'deployment'), 'shop/web[deployment]'],
  ['node/worker', named('node', 'worker')],
  ['NODE:worker', { kind: 'node', name: 'worker' }],
  ['node:worker', { kind: 'node', name: 'worker' }, 'NODE:worker'],
  ['EXTERNAL:203.0.113.9', { kind: 'external', name: '203.0.113.9' }],
  ['External:10.0.0.0/8', { kind: 'external', name: '10.0.0.0/8' }, 'EXTERNAL:10.0.0.0/8'],
  ['external:2001:db8::1', { kind: 'external', name: '2001:db8::1' }, 'EXTERNAL:2001:db8::1'],
  ['EXTERNAL:mesh/shop/web', { kind: 'external', name: 'mesh/shop/web' }],
  ['UNRESOLVED:shop{app=web}', { kind: 'unresolved', name: 'shop{app=web}' }],
  ['svc:shop/api', { kind: 'service', namespace: 'shop', name: 'api' }],
  ['svc:api', { kind: 'service', namespace: 'default', name: 'api' }, 'svc:default/api'],
  ['api.shop.svc', { kind: 'service', namespace: 'shop', name: 'api' }, 'svc:shop/api'],
  [
    'api.shop.svc.cluster.local',
    { kind: 'service', namespace: 'shop', name: 'api' },
    'svc:shop/api',
  ],
  ['www.example.com', named(null, 'www.example.com')],
  ['domain:www.example.com', { kind: 'domain', name: 'www.example.com' }, 'www.example.com'],
  ['domain:intern', { kind: 'domain', name: 'intern' }],
  ['{ingress-controller}', { kind: 'ingress-controller' }],
  ['10.0.0.1', { kind: 'address', address: '10.0.0.1' }],
  ['::ffff:10.0.0.1', { kind: 'address', address: '10.0.0.1' }, '10.0.0.1'],
  ['2001:DB8:0::1', { kind: 'address', address: '2001:db8::1' }, '2001:db8::1'],
  ['10.1.2.3/8', { kind: 'block', cidr: '10.0.0.0/8' }, '10.0.0.0/8'],
  ['2001:db8::/32', { kind: 'block', cidr: '2001:db8::/32' }],
  ['10.0.0.0-10.255.255.255', { kind: 'block', cidr: '10.0.0.0/8' }, '10.0.0.0/8'],
];

for (const [text, peer, written = text] of FORMS) {
  test(`\`${text}\` is read, and written as \`${written}\``, () => {
    assert.deepEqual(parsePeerText(text), peer);
    assert.equal(formatPeerText(peer), written);
  });
}

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['', /is no peer; write `namespace\/name`/],
  ['a/b/c/d', /is no peer/],
  ['shop/', /is no peer/],
  ['/web', /is no peer/],
  ['shop/web[]', /is no peer/],
  ['shop web', /is no peer/],
  ['{other}', /is no peer/],
  ['NODE:', /is no peer/],
  ['svc:a/b/c', /is no Service; write `svc:namespace\/name`/],
  ['svc:shop/api[Pod]', /is no Service/],
  ['10.0.0.256', /is no address; write IPv4 without leading zeros/],
  ['10.0.0.01', /is no address/],
  ['fe80::1%eth0', /is no address.*without a zone/],
  ['10.0.0.0/33', /is no block of addresses/],
  ['10.0.0.0/08', /is no block of addresses/],
  ['10.0.0.1-10.0.0.4', /is not one block of addresses/],
  ['10.0.0.0-10.0.0.256', /is not one block of addresses/],
];

for (const [text, fault] of REFUSED) {
  test(`\`${text}\` is refused with its cure`, () => {
    const peer = parsePeerText(text);
    assert.ok('fault' in peer, JSON.stringify(peer));
    assert.match(peer.fault, fault);
  });
}
