import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labs } from '../support/lab.js';
import { namespace, pod } from '../support/manifests.js';
import { edges, seen } from './support/whose.js';

const lab = labs();

const podOf = (name: string, labels: Record<string, string>): object =>
  pod(`${name}-6d5f7c8b9d-x7k2p`, {
    started: '2026-11-20T00:00:00Z',
    labels,
    owner: `ReplicaSet/${name}-6d5f7c8b9d`,
  });

const LIVE = { app: 'pay', track: 'live' };
const SPARE = { app: 'pay', track: 'spare' };

/** A record of pods that only their labels tell, at an hour of the 22nd. */
const labelled = (hour: number, labels: Record<string, string>): object => ({
  ...seen({ namespace: 'shop', labels: { app: 'web' } }, { namespace: 'shop', labels }),
  time: `2026-11-22T${hour}:00:00Z`,
});

test('labels alone tell who had them at the time of the record, also within one chunk', async () => {
  const shop = lab('labels-of-their-time');
  const shown = (
    blue: Record<string, string>,
    green: Record<string, string>,
  ): readonly object[] => [
    namespace('shop'),
    podOf('web', { app: 'web' }),
    podOf('blue', blue),
    podOf('green', green),
  ];
  await shop.take(shown(LIVE, SPARE), { observedAt: '2026-11-21T00:00:00Z' });
  await shop.take(shown(SPARE, LIVE), { observedAt: '2026-11-22T12:00:00Z' });
  await shop.see(labelled(13, LIVE), labelled(10, LIVE));
  assert.deepEqual(await edges(shop), [
    'shop/web -> shop/blue TCP 8080',
    'shop/web -> shop/green TCP 8080',
  ]);
  await shop.see(labelled(14, { app: 'pay' }));
  assert.deepEqual((await edges(shop))[0], 'shop/web -> UNRESOLVED:shop{app=pay} TCP 8080');
});

test('labels that nobody had at the time of the record tell the only one that ever had them', async () => {
  const shop = lab('labels-of-another-time');
  const old = { app: 'pay', release: '1' };
  await shop.take([podOf('web', { app: 'web' }), podOf('pay', old)], {
    observedAt: '2026-11-21T00:00:00Z',
  });
  await shop.take([podOf('web', { app: 'web' }), podOf('pay', { app: 'pay', release: '2' })], {
    observedAt: '2026-11-22T12:00:00Z',
  });
  await shop.see(labelled(13, old));
  assert.deepEqual(await edges(shop), ['shop/web -> shop/pay TCP 8080']);
});
