import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, type Lab, labs } from '../support/lab.js';
import { deployment, SHOP } from '../support/shop.js';

const lab = labs();

const LEARN = `mutation ($input: GenerateBaselinesInput!) { generateBaselines(input: $input) { problems { code } } }`;
const LOCK = `mutation ($input: LockBaselinesInput!) { lockBaselines(input: $input) { problems { code } } }`;
const FLOWS = `query ($filter: FlowFilter!) { flows(first: 200, filter: $filter) { nodes { port protocol tags
  source { __typename ... on ClusterNode { name } } destination { __typename ... on ClusterNode { name } ... on Deployment { name } } } } }`;

const SOURCES = `query ($filter: FlowFilter!) { flows(filter: $filter) { nodes { port source { ... on Deployment { name } } } } }`;

const node = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status: { addresses: [{ type: 'InternalIP', address: `10.9.0.${name.slice(5)}` }] },
});

const NODES = ['node-1', 'node-2', 'node-3'].map(node);

const address = (name: string): string => `10.9.0.${name.slice(5)}`;

type Listed = {
  readonly port: number;
  readonly protocol: string;
  readonly tags: readonly string[];
  readonly source: { readonly name?: string };
  readonly destination: { readonly name?: string };
};

/** What is off a locked baseline, after learning what was seen first: `node-2 -> api UDP 53`. */
async function offOf(
  shop: Lab,
  learned: readonly object[],
  later: readonly object[],
): Promise<readonly string[]> {
  await shop.take([...SHOP, deployment('dns'), ...NODES]);
  await shop.see(flow('shop/web', 'shop/api', 8080, { time: '2026-11-20T10:00:00Z' }), ...learned);
  await shop.call(LEARN);
  await shop.call(LOCK);
  await shop.see(...later);
  const { flows } = await shop.ask(FLOWS, {
    filter: { cluster: { eq: shop.cluster }, tags: ['ANOMALOUS'] },
  });
  return flows.nodes
    .map(
      ({ source, destination, protocol, port }: Listed) =>
        `${source.name ?? 'pod'} -> ${destination.name ?? 'pod'} ${protocol} ${port}`,
    )
    .toSorted();
}

test('whichever node calls a port that a node was learned to call is normal, another port is not', async () => {
  const off = await offOf(
    lab('nodes in'),
    [flow(address('node-1'), 'shop/api', 8080)],
    [
      flow(address('node-2'), 'shop/api', 8080),
      flow(address('node-2'), 'shop/api', 22),
      flow(address('node-2'), 'shop/web', 8080),
    ],
  );
  assert.deepEqual(off, ['node-2 -> api TCP 22', 'node-2 -> web TCP 8080']);
});

test('who was learned to call two nodes calls them all, who called one calls that one', async () => {
  const off = await offOf(
    lab('nodes out'),
    [
      flow('shop/web', address('node-1'), 9100),
      flow('shop/web', address('node-2'), 9100),
      flow('shop/api', address('node-1'), 9100),
    ],
    [flow('shop/web', address('node-3'), 9100), flow('shop/api', address('node-3'), 9100)],
  );
  assert.deepEqual(off, ['pod -> node-3 TCP 9100']);
});

test('a resolver that was learned over one of UDP and TCP is normal over the other, no other port and no other peer', async () => {
  const udp = { protocol: 'UDP' };
  const off = await offOf(
    lab('resolver'),
    [
      flow('shop/web', 'shop/dns', 53, udp),
      flow('shop/web', 'shop/dns', 5353, udp),
      flow('shop/api', 'shop/dns', 53),
    ],
    [
      flow('shop/web', 'shop/dns', 53),
      flow('shop/api', 'shop/dns', 53, udp),
      flow('shop/web', 'shop/dns', 5353),
      flow('shop/web', 'shop/db', 53),
    ],
  );
  assert.deepEqual(off, ['pod -> db TCP 53', 'pod -> dns TCP 5353']);
});

const ports = (count: number, from: number): readonly object[] =>
  Array.from({ length: count }, (_, place) => flow('shop/web', 'shop/db', from + place * 7));

test('two that were learned on ten ports of the dynamic range take any of it, on nine or on lower ones they do not', async () => {
  const later = [
    flow('shop/web', 'shop/db', 60_000),
    flow('shop/web', 'shop/db', 30_000),
    flow('shop/db', 'shop/web', 60_000),
    flow('shop/cron', 'shop/db', 60_000),
  ];
  const never = ['pod -> db TCP 30000', 'pod -> web TCP 60000'];
  const offAfter = (name: string, learned: readonly object[]): Promise<readonly string[]> =>
    offOf(lab(name), learned, later);
  const all = ['pod -> db TCP 30000', 'pod -> db TCP 60000', 'pod -> db TCP 60000', never[1] ?? ''];
  const cron = ['pod -> db TCP 30000', 'pod -> db TCP 60000', never[1] ?? ''];
  assert.deepEqual(await offAfter('ten ports', ports(10, 32_768)), cron);
  assert.deepEqual(await offAfter('nine ports', ports(9, 32_768)), all);
  assert.deepEqual(await offAfter('low ports', ports(10, 20_000)), all);
});

test('another release of a workload is that workload to others: a name that differs in a word of release, under the same label', async () => {
  const shop = lab('releases');
  const web = (name: string) => deployment(name, { app: 'web' });
  await shop.take([
    ...SHOP,
    web('web-canary'),
    web('web-v2'),
    web('web-admin'),
    deployment('web-green', { app: 'other' }),
  ]);
  await shop.see(flow('shop/web', 'shop/api', 8080, { time: '2026-11-20T10:00:00Z' }));
  await shop.call(LEARN);
  await shop.call(LOCK);
  for (const name of ['web-canary', 'web-v2', 'web-admin', 'web-green'])
    await shop.see(flow(`shop/${name}`, 'shop/api', 8080));
  await shop.see(flow('shop/web-canary', 'shop/api', 9090));
  const { flows } = await shop.ask(SOURCES, {
    filter: { cluster: { eq: shop.cluster }, tags: ['ANOMALOUS'] },
  });
  assert.deepEqual(
    flows.nodes
      .map((one: { port: number; source: { name: string } }) => `${one.source.name} ${one.port}`)
      .toSorted(),
    ['web-admin 8080', 'web-canary 9090', 'web-green 8080'],
  );
});
