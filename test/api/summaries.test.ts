import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, type Lab, labs } from '../support/lab.js';
import { namespace, workload } from '../support/manifests.js';
import { allowIngress, SHOP } from '../support/shop.js';

const lab = labs();

type Facet = { readonly facet: string; readonly value: string; readonly count: number };

/** `verdict: ALLOWED 2, DENIED 1` by facet. */
const facetText = (facets: readonly Facet[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...Map.groupBy(facets, ({ facet }) => facet)].map(([facet, values]) => [
      facet,
      values.map(({ value, count }) => `${value} ${count}`).join(', '),
    ]),
  );

const BILL = workload('Deployment', 'bill', { namespace: 'other', labels: { app: 'bill' } });

async function seen(shop: Lab): Promise<void> {
  await shop.take([...SHOP, namespace('other'), BILL, allowIngress('api', 'web')]);
  await shop.see(
    flow('shop/web', 'shop/api', 8080, {
      time: '2026-11-22T10:00:00Z',
      events: 3,
      verdict: 'ALLOWED',
    }),
    flow('shop/web', 'shop/api', 8080, {
      time: '2026-11-22T12:00:00Z',
      events: 2,
      verdict: 'ALLOWED',
    }),
    flow('shop/cron', 'shop/api', 8080, { time: '2026-11-22T12:10:00Z', verdict: 'DENIED' }),
    flow('other/bill', 'shop/db', 5432, { time: '2026-11-21T09:00:00Z', verdict: 'ALLOWED' }),
  );
}

test('flows, deployments and policies are counted by their properties', async () => {
  const shop = lab('facets');
  await seen(shop);
  const of = { cluster: { eq: shop.cluster } };
  const { flowFacets, few, deploymentFacets, policyFacets } = await shop.ask(
    `query ($flows: FlowFilter, $few: FlowFilter, $deployments: DeploymentFilter, $policies: PolicyFilter) {
      flowFacets(filter: $flows) { facet value count } few: flowFacets(filter: $few) { facet value count }
      deploymentFacets(filter: $deployments) { facet value count } policyFacets(filter: $policies) { facet value count } }`,
    { flows: of, few: { ...of, port: 5432 }, deployments: of, policies: of },
  );
  assert.deepEqual(facetText(flowFacets), {
    cluster: `${shop.cluster} 3`,
    namespace: 'shop 3, other 1',
    observedVerdict: 'ALLOWED 2, DENIED 1',
    policyVerdict: 'ALLOWED 2, DENIED 1',
    port: '8080 2, 5432 1',
    protocol: 'TCP 3',
    tag: 'ACTIVE 2, ALLOWED 1, ANOMALOUS 1',
    trafficClass: 'APP 3',
  });
  assert.equal(facetText(few)['namespace'], 'other 1, shop 1');
  assert.deepEqual(facetText(deploymentFacets), {
    cluster: `${shop.cluster} 5`,
    isolation: 'NONE 4, INGRESS 1',
    kind: 'Deployment 5',
    namespace: 'shop 4, other 1',
  });
  assert.deepEqual(facetText(policyFacets), {
    cluster: `${shop.cluster} 1`,
    kind: 'NetworkPolicy 1',
    namespace: 'shop 1',
    source: 'LIVE 1',
  });
});

test('a series counts flows by hour or day and by verdict, within the window', async () => {
  const shop = lab('series');
  await seen(shop);
  const series = async (by: string, window: object = {}) => {
    const { flowSeries } = await shop.ask(
      `query ($filter: FlowFilter, $by: HistoryStep!) { flowSeries(filter: $filter, by: $by) { truncated
        points { at flows counts { events allowed denied } } } }`,
      { by, filter: { ...window, cluster: { eq: shop.cluster } } },
    );
    assert.equal(flowSeries.truncated, false);
    return flowSeries.points.map(
      ({ at, flows, counts: { events, allowed, denied } }: Point) =>
        `${at.slice(5, 13)} ${flows}: ${events} ${allowed} ${denied}`,
    );
  };
  assert.deepEqual(await series('HOUR'), [
    '11-22T12 2: 3 2 1',
    '11-22T10 1: 3 3 0',
    '11-21T09 1: 1 1 0',
  ]);
  assert.deepEqual(await series('DAY'), ['11-22T00 2: 6 5 1', '11-21T00 1: 1 1 0']);
  assert.deepEqual(await series('DAY', { since: '2026-11-22T12:00:00Z' }), ['11-22T00 2: 3 2 1']);
});

type Point = {
  readonly at: string;
  readonly flows: number;
  readonly counts: Readonly<Record<string, string>>;
};

test('a part of a name finds what has it, in any case, and filters take it too', async () => {
  const shop = lab('search');
  await shop.take([...SHOP, namespace('webshop'), allowIngress('api', 'web')]);
  await shop.see(flow('shop/web', 'shop/api', 8080));
  const { search, deployments, flows, none } = await shop.ask(
    `query ($cluster: String!, $deployments: DeploymentFilter, $flows: FlowFilter) {
      search(cluster: $cluster, text: "WEB") { kind name namespace cluster { name } node { id __typename } }
      none: search(cluster: $cluster, text: "%") { name }
      deployments(filter: $deployments) { nodes { name } } flows(filter: $flows) { totalCount } }`,
    {
      cluster: shop.cluster,
      deployments: { cluster: { eq: shop.cluster }, name: { search: 'AP' } },
      flows: { cluster: { eq: shop.cluster }, source: { search: 'SHOP/w' } },
    },
  );
  const found = search.map(({ kind, name, node }: Record<string, { __typename?: string }>) => [
    kind,
    name,
    node?.__typename,
  ]);
  assert.deepEqual(found, [
    ['DEPLOYMENT', 'web', 'Deployment'],
    ['NAMESPACE', 'webshop', 'Namespace'],
  ]);
  assert.deepEqual([deployments.nodes, flows.totalCount, none], [[{ name: 'api' }], 1, []]);
});

test('a graph by namespace has one node for each, tells the edges it leaves out, and shows silent deployments', async () => {
  const shop = lab('levels');
  await seen(shop);
  const draw = async (filter: object) => {
    const { networkGraph } = await shop.ask(
      `query ($cluster: String!, $filter: NetworkGraphFilter) { networkGraph(cluster: $cluster, filter: $filter) {
        truncated omittedEdges nodes { id label addresses } edges { source destination state } } }`,
      { cluster: shop.cluster, filter },
    );
    const labels = new Map(networkGraph.nodes.map((node: Node) => [node.id, node.label]));
    return {
      omitted: networkGraph.omittedEdges,
      truncated: networkGraph.truncated,
      nodes: networkGraph.nodes
        .map(({ label, addresses }: Node) => `${label} ${addresses}`)
        .toSorted(),
      edges: networkGraph.edges.map(
        (edge: Record<string, string>) =>
          `${labels.get(edge['source'] ?? '')} -> ${labels.get(edge['destination'] ?? '')}`,
      ),
    };
  };
  assert.deepEqual(await draw({ level: 'NAMESPACE' }), {
    omitted: 0,
    truncated: false,
    nodes: ['ns:other 1', 'ns:shop 4'],
    edges: ['ns:shop -> ns:shop', 'ns:other -> ns:shop'],
  });
  const one = await draw({ limit: 1 });
  assert.deepEqual([one.omitted, one.truncated, one.edges], [2, true, ['shop/cron -> shop/api']]);
  const silent = await draw({ namespaces: ['other'], deployments: ['bill'], silent: true });
  assert.deepEqual(silent.nodes, ['other/bill 1', 'shop/db 1']);
  const all = await draw({ since: '2026-11-22T12:05:00Z', silent: true, namespaces: ['shop'] });
  assert.deepEqual(all.nodes, ['shop/api 1', 'shop/cron 1', 'shop/db 1', 'shop/web 1']);
});

type Node = { readonly id: string; readonly label: string; readonly addresses: number };

const OUTSIDE = `query ($filter: FlowFilter!) {
  names: flowsOutside(filter: $filter) { ...group } blocks: flowsOutside(filter: $filter, by: BLOCK) { ...group }
  addresses: flowsOutside(filter: $filter, by: ADDRESS) { ...group } }
  fragment group on OutsideGroup { name addresses flows lastSeenAt }`;
const BLOCKS = `mutation ($input: ImportExternalBlocksInput!) { importExternalBlocks(input: $input) { problems { code } } }`;

test('peers outside are put together by name, by block or by address', async () => {
  const shop = lab('outside');
  await shop.take(SHOP);
  await shop.call(BLOCKS, {
    blocks: [{ name: 'cdn', cidrs: ['203.0.113.0/25', '198.51.100.0/24'] }],
  });
  const call = (end: object, hour: number, port = 443): object => ({
    ...flow('shop/web', 'shop/api', port, { time: `2026-11-22T${hour}:00:00Z` }),
    destination: end,
  });
  const named = Array.from({ length: 40 }, (_, at) =>
    call({ ip: `203.0.113.${at + 1}`, dnsName: 'api.example.com' }, 10),
  );
  await shop.see(
    ...named,
    call({ ip: '198.51.100.7' }, 11),
    call({ ip: '198.51.100.7' }, 12, 80),
    call({ ip: '192.0.2.200' }, 13),
  );
  const { names, blocks, addresses } = await shop.ask(OUTSIDE, {
    filter: { cluster: { eq: shop.cluster } },
  });
  const group = (name: string, many: number, flows: number, hour: number): object => ({
    name,
    addresses: many,
    flows,
    lastSeenAt: `2026-11-22T${hour}:00:00.000000Z`,
  });
  assert.deepEqual(names, [
    group('api.example.com', 40, 40, 10),
    group('198.51.100.7', 1, 2, 12),
    group('192.0.2.200', 1, 1, 13),
  ]);
  assert.deepEqual(blocks, [group('cdn', 41, 42, 12), group('192.0.2.200', 1, 1, 13)]);
  assert.equal(addresses.length, 42);
  assert.deepEqual(addresses[0], group('198.51.100.7', 1, 2, 12));
});
