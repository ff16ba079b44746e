import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Lab, labs } from '../support/lab.js';
import { pod, policy } from '../support/manifests.js';
import { edges, seen } from './support/whose.js';

const lab = labs();

const SETS = `query ($cluster: String!) { deployments(filter: { cluster: { eq: $cluster }, name: { eq: "db" } }) {
  nodes { labels labelSets { labels } } } }`;

const setsOf = async ({ ask, cluster }: Lab) => {
  const [{ labels, labelSets }] = (await ask(SETS, { cluster })).deployments.nodes;
  return { labels, sets: labelSets.map((set: { labels: object }) => set.labels) };
};

const WEB = { namespace: 'shop', pod: 'web-6d5f7c8b9d-x7k2p', labels: { app: 'web' } };

/** A call of a pod of `shop/db`, which nothing but flows tells of. */
const call = (name: string, labels: Record<string, string>, time: string): object => ({
  ...seen(WEB, { namespace: 'shop', pod: name, labels }, 5432),
  time: `2026-11-${time}:00Z`,
});

const PRIMARY = { app: 'db', role: 'primary' };
const REPLICA = { app: 'db', role: 'replica' };

test('a workload that only flows tell of is as many label sets as they tell, in any order', async () => {
  const roles = [
    call('db-0', PRIMARY, '22T10:00'),
    call('db-1', REPLICA, '22T10:01'),
    call('db-0', PRIMARY, '22T11:30'),
  ];
  for (const [place, order] of [roles, roles.toReversed()].entries()) {
    const shop = lab(`roles-${place}`);
    for (const one of order) await shop.see(one);
    assert.deepEqual(await setsOf(shop), { labels: { app: 'db' }, sets: [PRIMARY, REPLICA] });
  }
});

test('verdicts know the label sets that flows told, and so do records with labels alone', async () => {
  const shop = lab('judged');
  await shop.see(call('db-0', PRIMARY, '22T10:00'), call('db-1', REPLICA, '22T10:01'));
  await shop.take([policy('primary', { podSelector: { matchLabels: { role: 'primary' } } })]);
  assert.deepEqual(await shop.verdicts(), {
    'shop/web -> shop/db TCP 5432': 'UNDECIDABLE by mixed-label-sets [ACTIVE]',
  });
  await shop.see({
    ...seen(WEB, { namespace: 'shop', labels: REPLICA }, 5432),
    time: '2026-11-22T10:02:00Z',
  });
  assert.deepEqual(await edges(shop), ['shop/web -> shop/db TCP 5432']);
});

test('labels of an earlier rollout end a day after it was seen last, in any order', async () => {
  const old = { app: 'db', version: '1' };
  const now = { app: 'db', version: '2' };
  const rollout = [
    call('db-0', old, '20T10:00'),
    call('db-0', old, '21T09:00'),
    call('db-0', now, '22T08:30'),
    call('db-0', now, '22T10:00'),
  ];
  for (const [place, order] of [rollout, rollout.toReversed()].entries()) {
    const shop = lab(`rollout-${place}`);
    for (const one of order) await shop.see(one);
    assert.deepEqual(await setsOf(shop), { labels: now, sets: [now] });
  }
});

test('what a snapshot shows of a workload takes the place of what flows told', async () => {
  const shop = lab('shown');
  await shop.see(call('db-0', PRIMARY, '22T10:00'), call('db-1', REPLICA, '22T10:01'));
  const shown = { app: 'db', role: 'primary', tier: 'data' };
  await shop.take([pod('db-0', { labels: shown, owner: 'StatefulSet/db' })], {
    observedAt: '2026-11-22T12:00:00Z',
  });
  assert.deepEqual(await setsOf(shop), { labels: shown, sets: [shown] });
});
