import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeId, encodeId } from '../../src/query/node-id.js';

const row = '0191f3a2-0000-4000-8000-0123456789ab';

test('an id says type, cluster and row, and nothing else is an id', () => {
  const key = { type: 'Flow', clusterId: 7, rowId: row };
  assert.deepEqual(decodeId(encodeId('Flow', 7, row)), key);
  assert.deepEqual(decodeId(encodeId('Cluster', 7)), {
    type: 'Cluster',
    clusterId: 7,
    rowId: null,
  });
  const texts = ['Flow', 'Flow:', 'Flow:x', `Flow:7:${row}x`, 'Flow:7:1', 'Flow:9999999999', ':1'];
  for (const text of texts) assert.equal(decodeId(Buffer.from(text).toString('base64url')), null);
  for (const id of ['', 'ü', `${encodeId('Flow', 7, row)}=`, '%']) assert.equal(decodeId(id), null);
});
