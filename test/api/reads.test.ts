import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, type Lab, labs } from '../support/lab.js';
import { namespace, workload } from '../support/manifests.js';
import { adminDeny, allowIngress, denyEgress, SHOP } from '../support/shop.js';

const lab = labs();

const WEB = flow('shop/web', 'shop/api', 8080);
const OUT = flow('shop/api', '203.0.113.7', 443);

/** The policies that select deployments, as `name: policies`. */
async function selecting({ ask, cluster }: Lab, direction: string | null) {
  const { deployments } = await ask(
    `query ($filter: DeploymentFilter, $direction: Direction) { deployments(filter: $filter) { nodes {
      name policies(direction: $direction) { totalCount nodes { kind name cluster { name } } } } } }`,
    { filter: { cluster: { eq: cluster } }, direction },
  );
  return Object.fromEntries(
    deployments.nodes.map(({ name, policies }: { name: string; policies: Selecting | null }) => [
      name,
      policies?.nodes.map(one => one.name) ?? null,
    ]),
  );
}

type Selecting = { readonly nodes: readonly { readonly name: string }[] };

test('a deployment shows the policies that select it, by direction and tier, and null while its labels are not known', async () => {
  const shop = lab('selecting');
  await shop.take([...SHOP, allowIngress('api', 'web'), denyEgress('api'), adminDeny('db', 'web')]);
  await shop.see(flow('shop/stranger', 'shop/api', 8080));
  const open = { cron: [], web: [], stranger: null, db: ['web-to-db'] };
  assert.deepEqual(await selecting(shop, null), { ...open, api: ['api', 'api-egress'] });
  assert.deepEqual(await selecting(shop, 'INGRESS'), { ...open, api: ['api'] });
  assert.deepEqual(await selecting(shop, 'EGRESS'), { ...open, db: [], api: ['api-egress'] });
});

test('a reason leads to the policy that is stored, and a candidate is no stored policy', async () => {
  const shop = lab('reason');
  await shop.take([...SHOP, allowIngress('api', 'web')]);
  const reasons = async (policies: string | null) => {
    const { explain } = await shop.ask(
      `query ($input: ExplainInput!) { explain(input: $input) { ingress { reasons { direction tier action
        policyName policy { name namespace cluster { name } } } } } }`,
      {
        input: {
          cluster: shop.cluster,
          source: 'shop/web',
          destination: 'shop/api',
          port: 8080,
          policies,
        },
      },
    );
    return explain.ingress.reasons;
  };
  const rule = {
    direction: 'INGRESS',
    tier: 'NETWORK_POLICY',
    action: 'ALLOW',
    policyName: 'NetworkPolicy/shop/api',
  };
  const stored = { name: 'api', namespace: 'shop', cluster: { name: shop.cluster } };
  assert.deepEqual(await reasons(null), [{ ...rule, policy: stored }]);
  assert.deepEqual(await reasons(JSON.stringify(allowIngress('api', 'web'))), [
    { ...rule, policy: null },
  ]);
});

test('what is drawn has ids of its own, which lead to the peer, and its ports lead to their flows', async () => {
  const shop = lab('drawn');
  await shop.take(SHOP);
  await shop.see(WEB);
  const { networkGraph } = await shop.ask(
    `query ($cluster: String!) { networkGraph(cluster: $cluster) { nodes { id label peer { __typename ... on Deployment { id } } }
      edges { ports { protocol flow { id port source { ... on Deployment { name } } } } } } }`,
    { cluster: shop.cluster },
  );
  const [node] = networkGraph.nodes;
  assert.notEqual(node.id, node.peer.id);
  const { node: led } = await shop.ask('query ($id: ID!) { node(id: $id) { id } }', {
    id: node.id,
  });
  assert.equal(led.id, node.peer.id);
  const [{ flow: found, protocol }] = networkGraph.edges[0].ports;
  assert.deepEqual([protocol, found.port, found.source], ['TCP', 8080, { name: 'web' }]);
});

test('external entities and nodes are lists of their own, with filters, orders and pages', async () => {
  const shop = lab('outside');
  const node = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { zone: name } },
  });
  await shop.take([...SHOP, node('n2'), node('n1')]);
  await shop.see(OUT, flow('198.51.100.4', 'shop/web', 80));
  const of = { cluster: { eq: shop.cluster } };
  const { externalEntities, within, clusterNodes, zoned } = await shop.ask(
    `query ($of: ExternalEntityFilter, $in: ExternalEntityFilter, $nodes: ClusterNodeFilter, $zoned: ClusterNodeFilter) {
      externalEntities(filter: $of, orderBy: { field: NAME, direction: DESC }) { totalCount nodes { name address cluster { name } } }
      within: externalEntities(filter: $in) { nodes { name } }
      clusterNodes(filter: $nodes, first: 1) { totalCount nodes { name } pageInfo { hasNextPage } }
      zoned: clusterNodes(filter: $zoned) { nodes { name labels } } }`,
    {
      of,
      in: { ...of, address: { within: '198.51.100.0/24' } },
      nodes: of,
      zoned: { ...of, labels: { matchLabels: { zone: 'n2' } } },
    },
  );
  assert.deepEqual(externalEntities, {
    totalCount: 2,
    nodes: ['203.0.113.7', '198.51.100.4'].map(address => ({
      name: address,
      address,
      cluster: { name: shop.cluster },
    })),
  });
  assert.deepEqual(within.nodes, [{ name: '198.51.100.4' }]);
  assert.deepEqual(clusterNodes, {
    totalCount: 2,
    nodes: [{ name: 'n1' }],
    pageInfo: { hasNextPage: true },
  });
  assert.deepEqual(zoned.nodes, [{ name: 'n2', labels: { zone: 'n2' } }]);
});

test('namespaces of all clusters are one list, with filters', async () => {
  const shop = lab('lists');
  const labelled = { ...namespace('zoned'), metadata: { name: 'zoned', labels: { zone: 'a' } } };
  await shop.take([...SHOP, labelled]);
  const of = { cluster: { eq: shop.cluster } };
  const { all, some, none } = await shop.ask(
    `query ($of: NamespaceFilter, $some: NamespaceFilter, $none: NamespaceFilter) {
      all: namespaces(filter: $of, first: 1) { totalCount nodes { name cluster { name } } pageInfo { hasNextPage } }
      some: namespaces(filter: $some) { nodes { name } }
      none: namespaces(filter: $none) { totalCount } }`,
    {
      of,
      some: { ...of, labels: { matchLabels: { zone: 'a' } }, inferred: false },
      none: { ...of, not: { name: { in: ['shop', 'zoned'] } } },
    },
  );
  assert.deepEqual(all, {
    totalCount: 2,
    nodes: [{ name: 'shop', cluster: { name: shop.cluster } }],
    pageInfo: { hasNextPage: true },
  });
  assert.deepEqual(some.nodes, [{ name: 'zoned' }]);
  assert.equal(none.totalCount, 0);
});

test('namespaces show their deployments, each its own page', async () => {
  const shop = lab('namespaces');
  const other = (name: string) => workload('Deployment', name, { namespace: 'other', labels: {} });
  await shop.take([...SHOP, namespace('other'), other('a'), other('b')]);
  const { cluster } = await shop.ask(
    `query ($name: String!) { cluster(name: $name) { namespaces { nodes { name
      deployments(first: 2) { totalCount nodes { name kind } pageInfo { hasNextPage } }
      web: deployments(filter: { name: { startsWith: "w" } }) { nodes { name } } } } } }`,
    { name: shop.cluster },
  );
  const named = (...names: readonly string[]) => names.map(name => ({ name, kind: 'Deployment' }));
  assert.deepEqual(cluster.namespaces.nodes, [
    {
      name: 'other',
      deployments: { totalCount: 2, nodes: named('a', 'b'), pageInfo: { hasNextPage: false } },
      web: { nodes: [] },
    },
    {
      name: 'shop',
      deployments: { totalCount: 4, nodes: named('api', 'cron'), pageInfo: { hasNextPage: true } },
      web: { nodes: [{ name: 'web' }] },
    },
  ]);
});

test('policy sets are listed in their latest version, or in all', async () => {
  const shop = lab('sets');
  await shop.take(SHOP);
  await shop.see(WEB);
  const make = (name: string) =>
    shop.call(
      'mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) { problems { code } } }',
      { name, options: { comments: false } },
    );
  await make('one');
  await make('two');
  await shop.see(flow('shop/cron', 'shop/api', 8080));
  await make('one');
  const listed = async (filter: object) => {
    const { policySets } = await shop.ask(
      `query ($filter: PolicySetFilter) { policySets(filter: $filter) { totalCount nodes { name version origin cluster { name } } } }`,
      { filter: { ...filter, cluster: { eq: shop.cluster } } },
    );
    return policySets.nodes.map(
      ({ name, version }: { name: string; version: number }) => `${name} v${version}`,
    );
  };
  assert.deepEqual(await listed({}), ['one v2', 'two v1']);
  assert.deepEqual(await listed({ allVersions: true, name: { eq: 'one' } }), ['one v1', 'one v2']);
});
