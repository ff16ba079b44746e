import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPeerNamed, type Requirement } from '../../../src/netpol/index.js';
import { lineOf, namespaceOfPeer, sortRows } from '../../../src/netpol/list/row.js';
import { selectorText } from '../../../src/netpol/selector-text.js';

const TEXTS: readonly (readonly [string, readonly Requirement[]])[] = [
  ['', []],
  ['app=web', [{ key: 'app', operator: 'In', values: ['web'] }]],
  ['app in (api,web)', [{ key: 'app', operator: 'In', values: ['api', 'web'] }]],
  ['app notin (web)', [{ key: 'app', operator: 'NotIn', values: ['web'] }]],
  ['app notin (api,web)', [{ key: 'app', operator: 'NotIn', values: ['api', 'web'] }]],
  ['app', [{ key: 'app', operator: 'Exists', values: [] }]],
  ['!app', [{ key: 'app', operator: 'DoesNotExist', values: [] }]],
  [
    '!legacy,app=web,tier in (a,b)',
    [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'app', operator: 'In', values: ['web'] },
      { key: 'legacy', operator: 'DoesNotExist', values: [] },
    ],
  ],
];

for (const [text, requirements] of TEXTS) {
  test(`a selector is written as kubectl does, its requirements in the order of their texts: ${text}`, () => {
    assert.equal(selectorText({ requirements }), text);
  });
}

const row = (src: string, dst: string, conn = 'All Connections') => ({ src, dst, conn });

test('rows stand in the order of their lines, whatever their order was', () => {
  const rows = [
    row('shop/web[Pod]', 'shop/api[Pod]', 'TCP 80'),
    row('shop/api[Pod]', 'shop/web[Pod]'),
    row('0.0.0.0-255.255.255.255', 'shop/web[Pod]'),
    row('shop/web[Pod]', '0.0.0.0-255.255.255.255'),
    row('shop/api[Pod]', 'data/db[Pod]'),
    row('{ingress-controller}', 'shop/web[Pod]'),
  ];
  const lines = [
    '0.0.0.0-255.255.255.255 => shop/web[Pod] : All Connections',
    'shop/api[Pod] => data/db[Pod] : All Connections',
    'shop/api[Pod] => shop/web[Pod] : All Connections',
    'shop/web[Pod] => 0.0.0.0-255.255.255.255 : All Connections',
    'shop/web[Pod] => shop/api[Pod] : TCP 80',
    '{ingress-controller} => shop/web[Pod] : All Connections',
  ];
  assert.deepEqual(sortRows(rows).map(lineOf), lines);
  assert.deepEqual(sortRows(rows.toReversed()).map(lineOf), lines);
  assert.deepEqual(sortRows([]), []);
});

test('only a workload has a namespace', () => {
  assert.equal(namespaceOfPeer('shop/web[Deployment]'), 'shop');
  for (const peer of [
    '10.0.0.0/8',
    '10.0.0.0-10.255.255.255',
    '{ingress-controller}',
    'shop/web',
    'web[Pod]',
    '[all namespaces]/[all pods]',
    'shop/[all pods]',
    'shop/web[Pod] ',
  ]) {
    assert.equal(namespaceOfPeer(peer), null, peer);
  }
});

test('a workload is named by its name, with its namespace, and with its kind', () => {
  for (const wanted of ['web', 'shop/web', 'shop/web[Deployment]']) {
    assert.equal(isPeerNamed('shop/web[Deployment]', wanted), true, wanted);
  }
  for (const wanted of ['we', 'eb', 'data/web', 'shop/web[Pod]', 'shop', 'web[Deployment]', '']) {
    assert.equal(isPeerNamed('shop/web[Deployment]', wanted), false, wanted);
  }
  assert.equal(isPeerNamed('{ingress-controller}', 'ingress-controller'), true);
  assert.equal(isPeerNamed('{ingress-controller}', '{ingress-controller}'), true);
  assert.equal(isPeerNamed('{ingress-controller}', 'controller'), false);
  assert.equal(isPeerNamed('10.0.0.0/8', '10.0.0.0/8'), true);
  assert.equal(isPeerNamed('10.0.0.0/8', '10.0.0.0'), false);
});
