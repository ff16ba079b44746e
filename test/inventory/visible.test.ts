import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { inferredDeployment } from '../../src/inventory/known-as.js';
import { peerStore } from '../../src/inventory/peer.store.js';
import { pod } from '../support/manifests.js';
import { withInventory } from './support/import.js';

test('a caller sees the deployments of its clusters and namespaces only, whatever their names hold', () =>
  withInventory(async ({ take, peers, source }) => {
    await take([pod('db')]);
    const seen = { clusterId: 1, firstSeenAt: '2026-01-01T00:00:00.000000Z' };
    const owner = { kind: 'Deployment', name: 'web' };
    const web = inferredDeployment({ ...seen, namespace: "it's", owner, labels: { app: 'web' } });
    await peers.ensure(1, [web]);
    const namesFor = async (scope: object) => {
      const store = peerStore(source.manager, { ...LOCAL_CALLER, ...scope });
      const found = await store.deploymentsByNamespaces(1, ['shop', "it's"]);
      return found.map(({ name }) => name);
    };
    assert.deepEqual(await namesFor({}), ['web', 'db']);
    assert.deepEqual(await namesFor({ namespaces: ['shop'] }), ['db']);
    assert.deepEqual(await namesFor({ namespaces: ["it's"] }), ['web']);
    assert.deepEqual(await namesFor({ clusters: ['lab'] }), ['web', 'db']);
    assert.deepEqual(await namesFor({ clusters: ["lab' or 'a' = 'a"] }), []);
    assert.deepEqual(await namesFor({ clusters: [] }), []);
  }));
