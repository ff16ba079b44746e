import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packed, unpacked } from '../../src/jobs/long-request.js';

test('long texts of a request are stored packed, each once, and come back where they were', async () => {
  const [one, other] = ['kind: ä\n'.repeat(50_000), 'b'.repeat(200_000)];
  const request = {
    sources: [{ file: null, text: one }, { text: other }],
    request: { policies: one, remove: ['x'], none: null, at: 3 },
  };
  const stored = JSON.stringify(await packed(request));
  assert.ok(stored.length < 10_000, String(stored.length));
  const asked = { ...JSON.parse(stored), caller: 'ci' };
  assert.deepEqual(await unpacked(asked), { ...request, caller: 'ci' });
  const short = { text: 'kind: x', list: [{ packed: 1 }] };
  assert.equal(await packed(short), short);
  assert.equal(await unpacked(short), short);
});
