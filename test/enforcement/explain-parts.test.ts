import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labs } from '../support/lab.js';
import { policy } from '../support/manifests.js';
import { allowIngress, app, SHOP } from '../support/shop.js';

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

const BLOCKS = `mutation ($input: ImportExternalBlocksInput!) { importExternalBlocks(input: $input) { problems { code } } }`;
const OF_BLOCKS = `query ($input: ExplainInput!) { explain(input: $input) { verdict parts { destinations verdict } } }`;

test('a name of several blocks is answered by its parts', async () => {
  const shop = lab('blocks-outside');
  const to = [{ ipBlock: { cidr: '203.0.113.0/25' } }];
  await shop.take([...SHOP, policy('web', { podSelector: app('web'), egress: [{ to }] })]);
  await shop.call(BLOCKS, {
    blocks: [
      { name: 'pay', cidrs: ['198.51.100.0/24', '203.0.113.0/26', '203.0.113.0/27'] },
      { name: 'known', cidrs: ['203.0.113.0/27', '203.0.113.64/27'] },
    ],
  });
  const input = { cluster: shop.cluster, source: 'shop/web', port: 443 };
  const of = async (destination: string) =>
    (await shop.ask(OF_BLOCKS, { input: { ...input, destination } })).explain;
  assert.deepEqual(await of('EXTERNAL:pay'), {
    verdict: 'UNDECIDABLE',
    parts: [
      { destinations: ['198.51.100.0-198.51.100.255'], verdict: 'DENIED' },
      {
        destinations: ['203.0.113.0-203.0.113.63'],
        verdict: 'ALLOWED',
      },
    ],
  });
  assert.equal((await of('EXTERNAL:known')).verdict, 'ALLOWED');
});
