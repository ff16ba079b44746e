import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploymentKey, peerId } from '../../src/inventory/identity.js';
import { externalPeer, inferredDeployment, unresolvedPeer } from '../../src/inventory/known-as.js';
import { settledMergers } from '../../src/inventory/merger.js';
import { pod, workload } from '../support/manifests.js';
import { withInventory } from './support/import.js';

const SEEN = { clusterId: 1, firstSeenAt: '2026-01-15T10:00:00.123456Z' };

const inferred = (kind: string, name: string, labels: Record<string, string> | null = null) =>
  inferredDeployment({ ...SEEN, namespace: 'shop', owner: { kind, name }, labels });

const unresolved = (address: string) =>
  unresolvedPeer(SEEN, { reason: 'UNKNOWN', address, namespace: 'shop', labels: null, name: null });

const idOf = (kind: string, name: string) =>
  peerId('DEPLOYMENT', deploymentKey('shop', kind, name));

const firstImport = [workload('Deployment', 'other', { labels: { app: 'other' } })];

test('deployments that flows told of become the ones that a snapshot shows; what had an address is told by its flows', () =>
  withInventory(async ({ take, peers, told }) => {
    await take(firstImport, { at: '2026-01-01T00:00:00.000000Z' });
    const rollout = inferred('Deployment', 'web');
    const kafka = inferred('StatefulSet', 'kafka');
    const byAddress = unresolved('10.0.0.7');
    const outside = externalPeer(SEEN, { address: '10.0.0.7' });
    const all = [rollout, kafka, byAddress, outside];
    await peers.ensure(1, all);

    const { counts } = await take([
      {
        ...workload('ReplicaSet', 'web-6b746f74dc', {
          owner: 'Rollout/web',
          labels: { app: 'web' },
        }),
      },
      pod('web-6b746f74dc-9rcxx', { owner: 'ReplicaSet/web-6b746f74dc', ip: '10.0.0.7' }),
      pod('kafka-0', { owner: 'StrimziPodSet/kafka' }),
    ]);
    assert.equal(counts?.merged, 2);
    const found = await peers.byIds(all.map(({ id }) => ({ clusterId: 1, id })));
    const nameOf = new Map(found.map(peer => [peer.askedId, peer.naturalKey]));
    assert.deepEqual(
      all.map(({ id }) => nameOf.get(id)),
      ['shop/Rollout/web', 'shop/StrimziPodSet/kafka', byAddress.naturalKey, '10.0.0.7'],
    );
    assert.deepEqual(
      told.merged.map(({ to }) => to).toSorted(),
      [idOf('Rollout', 'web'), idOf('StrimziPodSet', 'kafka')].toSorted(),
    );
  }));

test('a later snapshot that infers the old name writes to what it turned out to be', () =>
  withInventory(async ({ take, peers, rows }) => {
    const at = '2026-01-01T00:00:00.000000Z';
    const web = pod('web-6b746f74dc-9rcxx', {
      owner: 'ReplicaSet/web-6b746f74dc',
      labels: { app: 'web' },
    });
    await take([web], { at });
    const replicaSet = workload('ReplicaSet', 'web-6b746f74dc', { owner: 'Rollout/web' });
    const { counts } = await take([replicaSet, web], { at: '2026-01-02T00:00:00.000000Z' });
    assert.equal(counts?.merged, 1);
    const again = await take([web], { at: '2026-01-03T00:00:00.000000Z' });
    assert.deepEqual([again.counts?.merged, again.counts?.changed], [0, 0]);
    const [owner] = await peers.deploymentsByPods(1, [
      { namespace: 'shop', pod: 'web-6b746f74dc-9rcxx' },
    ]);
    assert.equal(owner?.peerId, idOf('Rollout', 'web'));
    assert.deepEqual(await rows('select name from peer where alias_of is not null'), [
      { name: 'web' },
    ]);
  }));

test('mergers are followed to their end', () => {
  const mergers = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'd', to: 'd' },
  ];
  assert.deepEqual(settledMergers(mergers), [
    { from: 'a', to: 'c' },
    { from: 'b', to: 'c' },
  ]);
});

test('peers are stored once; what a snapshot showed of them stays', () =>
  withInventory(async ({ take, peers, rows }) => {
    await take(firstImport, { at: '2026-01-01T00:00:00.000000Z' });
    const web = inferred('Deployment', 'web');
    assert.deepEqual(await peers.ensure(1, [web]), [web.id]);
    assert.deepEqual(await peers.ensure(1, [web]), []);
    const labelled = inferred('Deployment', 'web', { app: 'web' });
    assert.deepEqual(await peers.ensure(1, [labelled]), [web.id]);
    assert.deepEqual(
      await peers.ensure(1, [web, inferred('Deployment', 'other', { app: 'no' })]),
      [],
    );
    const earlier = { ...labelled, firstSeenAt: '2026-01-14T00:00:00.000001Z' };
    assert.deepEqual(await peers.ensure(1, [earlier]), []);
    const [found] = await peers.byIds([{ clusterId: 1, id: web.id }]);
    assert.deepEqual(found, { ...earlier, askedId: web.id });
    const [other] = await rows(`select labels from peer where name = 'other'`);
    assert.deepEqual(other?.['labels'], { app: 'other' });
    assert.deepEqual(await rows('select name, inferred from namespace'), [
      { name: 'shop', inferred: true },
    ]);
  }));

test('the address book answers for a window; its first entry covers earlier times where no start is known', () =>
  withInventory(async ({ take, peers }) => {
    await take([pod('one', { ip: '10.0.0.1', started: '2026-01-01T00:00:00.000001Z' })], {
      at: '2026-01-02T00:00:00.000000Z',
    });
    await take([pod('two', { ip: '10.0.0.1', started: '2026-01-05T00:00:00Z' })], {
      at: '2026-01-06T00:00:00.000000Z',
    });
    await take([pod('three', { ip: '10.0.0.3' })], { at: '2026-01-06T00:00:00.000000Z' });
    const held = async (from: string, to: string, address = '10.0.0.1') =>
      (await peers.addressesHeld(1, [address, '10.0.0.2'], from, to))
        .map(({ holderName, validFrom, first }) => [holderName, validFrom, first])
        .toSorted();
    const one = ['shop/one', '2026-01-01T00:00:00.000001Z', false];
    const two = ['shop/two', '2026-01-05T00:00:00.000000Z', false];
    assert.deepEqual(await held('2025-12-01T00:00:00Z', '2025-12-02T00:00:00Z'), [one]);
    assert.deepEqual(await held('2025-12-01T00:00:00Z', '2025-12-02T00:00:00Z', '10.0.0.3'), [
      ['shop/three', '2026-01-06T00:00:00.000000Z', true],
    ]);
    assert.deepEqual(await held('2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'), [one]);
    assert.deepEqual(await held('2026-01-04T00:00:00Z', '2026-01-06T00:00:00Z'), [one, two]);
    assert.deepEqual(await held('2026-01-05T00:00:00Z', '2026-01-06T00:00:00Z'), [two]);
  }));
