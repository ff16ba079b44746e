import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents, flow, labs, until } from '../support/lab.js';
import { namespace, pod } from '../support/manifests.js';
import { denyEgress, deployment, SHOP } from '../support/shop.js';
import { simulate } from '../support/simulate.js';

const lab = labs();

type Node = { readonly class: string; readonly flow: { readonly port: number } };
type Asked = { readonly class?: string; readonly first?: number; readonly last?: number };

const OF = `query ($id: ID!, $class: FlowClass, $first: Int, $last: Int, $after: String, $before: String) {
  node(id: $id) { ... on Simulation {
    flows(class: $class, first: $first, last: $last, after: $after, before: $before) {
      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { class flow { port } } } } } }`;

const SET = `mutation ($input: SetRetentionInput!) { setRetention(input: $input) { job { id } problems { code } } }`;
const JOB = `query ($id: ID!) { node(id: $id) { ... on Job { status } } }`;

type Shop = ReturnType<typeof lab>;

const page = async ({ ask }: Shop, id: string, asked: object) =>
  (await ask(OF, { id, ...asked })).node.flows;

/** All pages one after the other, forwards by `first` or backwards by `last`; in the order of the list. */
async function pages(shop: Shop, id: string, asked: Asked): Promise<readonly string[]> {
  const texts: string[] = [];
  let cursor: object = {};
  for (;;) {
    const { nodes, pageInfo } = await page(shop, id, { ...asked, ...cursor });
    const found = nodes.map((one: Node) => `${one.class} ${one.flow.port}`);
    const backward = asked.last !== undefined;
    texts.splice(backward ? 0 : texts.length, 0, ...found);
    if (!(backward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) return texts;
    cursor = backward ? { before: pageInfo.startCursor } : { after: pageInfo.endCursor };
  }
}

const ports = (texts: readonly string[], name: string): readonly number[] =>
  texts
    .filter(text => text.startsWith(`${name} `))
    .map(text => Number(text.split(' ')[1]))
    .toSorted((one, other) => one - other);

const range = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);

test('hundreds of flows are paged in both directions, each once and in one order', async () => {
  const shop = lab('many');
  await shop.take(SHOP);
  await shop.see(
    ...range(1, 250).map(port => flow('shop/web', 'shop/api', port)),
    ...range(1_001, 120).map(port => flow('shop/cron', 'shop/api', port)),
  );
  const { simulation } = await simulate(shop, { policies: documents(denyEgress('web')) });
  const { id } = simulation;
  const forwards = await pages(shop, id, { first: 70 });
  assert.deepEqual(ports(forwards, 'NEWLY_BLOCKED'), range(1, 250));
  assert.deepEqual(ports(forwards, 'STILL_ALLOWED'), range(1_001, 120));
  assert.ok(forwards.slice(0, 250).every(text => text.startsWith('NEWLY_BLOCKED')));
  assert.deepEqual(await pages(shop, id, { last: 70 }), forwards);
  const blocked = forwards.slice(0, 250);
  assert.deepEqual(await pages(shop, id, { first: 99, class: 'NEWLY_BLOCKED' }), blocked);
  assert.deepEqual(await pages(shop, id, { last: 100, class: 'NEWLY_BLOCKED' }), blocked);
  assert.equal((await page(shop, id, { first: 1 })).totalCount, 370);
  assert.equal((await page(shop, id, { first: 1, class: 'STILL_ALLOWED' })).totalCount, 120);
});

async function keepDays(shop: Shop, days: number): Promise<void> {
  const { job, problems } = await shop.call(SET, { days });
  assert.deepEqual(problems, []);
  await until(
    async () => (await shop.ask(JOB, { id: job.id })).node.status === 'DONE',
    'it forgets',
  );
}

const at = (time: string) => ({ time: `2026-11-${time}:00:00Z` });

test('flows that are forgotten since are left out, and the summary stays', async () => {
  const shop = lab('forgotten');
  await shop.take(SHOP);
  await shop.see(
    ...range(1, 130).map(port => flow('shop/web', 'shop/api', port, at('01T10'))),
    ...range(131, 20).map(port => flow('shop/web', 'shop/api', port, at('20T10'))),
  );
  const { simulation } = await simulate(shop, { policies: documents(denyEgress('web')) });
  await keepDays(shop, 3);
  const left = await pages(shop, simulation.id, { first: 7 });
  assert.deepEqual(ports(left, 'NEWLY_BLOCKED'), range(131, 20));
  const { totalCount } = await page(shop, simulation.id, { first: 1 });
  assert.deepEqual([totalCount, simulation.summary.newlyBlocked], [20, 150]);
});

test('a flow whose ends were merged with others since is left out', async () => {
  const shop = lab('merged');
  await shop.take([namespace('shop'), deployment('web')]);
  const ip = '10.0.0.9';
  await shop.see(flow('shop/web', ip, 80), flow('shop/web', '203.0.113.9', 443));
  const { simulation } = await simulate(shop, { policies: documents(denyEgress('web')) });
  assert.deepEqual(
    ports(await pages(shop, simulation.id, { first: 5 }), 'NEWLY_BLOCKED'),
    [80, 443],
  );
  const { counts } = await shop.take([
    namespace('shop'),
    deployment('api'),
    pod('api-0', { owner: 'StatefulSet/api', ip }),
  ]);
  assert.equal(counts.merged, 1);
  assert.deepEqual(ports(await pages(shop, simulation.id, { first: 5 }), 'NEWLY_BLOCKED'), [443]);
});

test('a window takes a flow by the hours that are kept of it', async () => {
  const shop = lab('hours');
  await shop.take(SHOP);
  const both = (port: number, first: string) =>
    [first, '22T10'].map(time => flow('shop/web', 'shop/api', port, at(time)));
  await shop.see(...both(1, '10T10'), ...both(2, '21T10'));
  const window = { since: '2026-11-09T00:00:00Z', until: '2026-11-22T00:00:00Z' };
  const simulated = async () => {
    const { simulation } = await simulate(shop, {
      policies: documents(denyEgress('web')),
      ...window,
    });
    return [simulation.summary.newlyBlocked, simulation.completeness.flows, simulation.days.length];
  };
  assert.deepEqual(await simulated(), [2, 2, 2]);
  await keepDays(shop, 3);
  assert.deepEqual(await simulated(), [1, 1, 1]);
});
