import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentHash, deploymentKey, peerId } from '../../src/inventory/identity.js';
import { stableLabels } from '../../src/inventory/labels.js';

test('a peer id depends on kind and natural key only', () => {
  const web = deploymentKey('shop', 'Deployment', 'web');
  assert.equal(peerId('DEPLOYMENT', web), '840c066f-ebea-b764-0e53-e11b5d85e5ce');
  assert.notEqual(peerId('DEPLOYMENT', web), peerId('EXTERNAL', web));
});

test('the hash of a content does not depend on the order of keys', () => {
  assert.equal(
    contentHash({ a: [{ b: 1, c: 2 }], d: null }),
    contentHash({ d: null, a: [{ c: 2, b: 1 }] }),
  );
  assert.notEqual(contentHash({ a: [1, 2] }), contentHash({ a: [2, 1] }));
});

test('labels that controllers renew are no part of a deployment', () => {
  const labels = { tier: 'db', app: 'web', 'pod-template-hash': 'abc', 'job-name': 'web-29300460' };
  assert.deepEqual(stableLabels(labels, 'CronJob'), { app: 'web', tier: 'db' });
  assert.deepEqual(stableLabels(labels, 'Job'), {
    app: 'web',
    'job-name': 'web-29300460',
    tier: 'db',
  });
});
