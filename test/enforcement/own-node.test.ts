import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labs } from '../support/lab.js';
import { node } from '../support/manifests.js';
import { allowIngress, SHOP } from '../support/shop.js';

const lab = labs();

test('a denial between a node and a workload says that pods on that node are not held to it', async () => {
  const { take, call } = lab('own node');
  await take([...SHOP, node('worker-7', '192.0.2.7'), allowIngress('api', 'web')]);
  const asked = `query ($input: ExplainInput!) { explain(input: $input) { verdict notes } }`;
  const { verdict, notes } = await call(asked, {
    source: '192.0.2.7',
    destination: 'shop/api',
    port: 8080,
  });
  assert.equal(verdict, 'DENIED');
  assert.match(notes.join(), /those of `shop\/api` on `worker-7`/);
  const open = await call(asked, { source: 'shop/cron', destination: 'shop/web', port: 8080 });
  assert.equal(open.verdict, 'ALLOWED');
  assert.doesNotMatch((open.notes ?? []).join(), /always allowed/);
});
