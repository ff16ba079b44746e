import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labs } from '../support/lab.js';
import { allowIngress, SHOP } from '../support/shop.js';

const lab = labs();

const WEB_TO_API = { source: 'shop/web', destination: 'shop/api', port: 8080 };

const PARTS = `query ($input: ExplainInput!) { explain(input: $input) {
  verdict missing settledBy notes
  parts { sources destinations ports verdict basis ingress { reasons { rule nearest } } } } }`;

test('a namespace and a block are answered by their parts, with the nearest rule of those denied', async () => {
  const { take, call } = lab('parts');
  await take([...SHOP, allowIngress('api', 'web')]);
  const { verdict, missing, parts } = await call(PARTS, { ...WEB_TO_API, source: 'ns:shop' });
  assert.equal(verdict, 'UNDECIDABLE');
  assert.match(missing, /ALLOWED for \d+, DENIED for \d+/);
  const allowed = parts.filter((part: { verdict: string }) => part.verdict === 'ALLOWED');
  assert.deepEqual(
    allowed.map((part: { sources: string[] }) => part.sources),
    [['shop/web[Deployment]']],
  );
  const denied = parts.find((part: { verdict: string }) => part.verdict === 'DENIED');
  assert.match(denied.ingress.reasons[0].nearest, /^spec\.ingress\[0\] admits `app=web`/);
  const blocks = await call(PARTS, {
    source: '198.51.100.0/23',
    destination: 'shop/api',
    port: 8080,
  });
  assert.ok(blocks.parts.length > 0);
  assert.equal((await call(PARTS, WEB_TO_API)).parts, null);
});
