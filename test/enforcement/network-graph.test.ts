import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, type Lab, labs } from '../support/lab.js';
import { namespace, workload } from '../support/manifests.js';
import { allowIngress, SHOP } from '../support/shop.js';

const lab = labs();

const GRAPH = `query ($cluster: String!, $filter: NetworkGraphFilter) { networkGraph(cluster: $cluster, filter: $filter) {
  truncated nodeCount nodes { id label namespace peer { __typename } }
  edges { source destination state ports { port protocol events governed anomalous inBaseline flow { id } } }
  completeness { since until flows unresolvedFlows silentDeployments } } }`;

type Node = { readonly id: string; readonly label: string };
type Edge = {
  readonly source: string;
  readonly destination: string;
  readonly state: string;
  readonly ports: readonly {
    readonly port: number;
    readonly protocol: string;
    readonly anomalous: boolean;
  }[];
};

const graphOf = async ({ ask, cluster }: Lab, filter?: object) =>
  (await ask(GRAPH, { cluster, filter })).networkGraph;

/** Edges as `shop/web -> shop/api: TCP 8080, TCP 9090!` with their state; an anomalous port has the mark. */
function drawn({
  nodes,
  edges,
}: {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}) {
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  const portText = ({ protocol, port, anomalous }: Edge['ports'][number]) =>
    `${protocol} ${port}${anomalous ? '!' : ''}`;
  return Object.fromEntries(
    edges.map(({ source, destination, ports, state }) => [
      `${labels.get(source)} -> ${labels.get(destination)}: ${ports.map(portText).join(', ')}`,
      state,
    ]),
  );
}

const draw = async (shop: Lab, filter?: object) => drawn(await graphOf(shop, filter));

const WEB = flow('shop/web', 'shop/api', 8080);
const CRON = flow('shop/cron', 'shop/api', 8080);
const DB = flow('shop/api', 'shop/db', 5432);

test('edges have the state that the policies in force give them, before and after a change', async () => {
  const shop = lab('states');
  await shop.take(SHOP);
  await shop.see(WEB, CRON, DB);
  assert.deepEqual(await draw(shop), {
    'shop/web -> shop/api: TCP 8080': 'NO_POLICY',
    'shop/cron -> shop/api: TCP 8080': 'NO_POLICY',
    'shop/api -> shop/db: TCP 5432': 'NO_POLICY',
  });
  await shop.take([allowIngress('api', 'web')]);
  assert.deepEqual(await draw(shop), {
    'shop/web -> shop/api: TCP 8080': 'ALLOWED',
    'shop/cron -> shop/api: TCP 8080!': 'ANOMALOUS',
    'shop/api -> shop/db: TCP 5432': 'NO_POLICY',
  });
});

test('one anomalous port makes the edge anomalous', async () => {
  const shop = lab('one port');
  await shop.take([...SHOP, allowIngress('api', 'web')]);
  await shop.see(
    WEB,
    flow('shop/web', 'shop/api', 9090),
    flow('shop/web', 'shop/api', 8080, { protocol: 'UDP' }),
  );
  assert.deepEqual(await draw(shop), {
    'shop/web -> shop/api: TCP 8080, TCP 9090!, UDP 8080!': 'ANOMALOUS',
  });
});

const LEARN = `mutation ($input: GenerateBaselinesInput!) { generateBaselines(input: $input) { problems { code } } }`;
const LOCK = `mutation ($input: LockBaselinesInput!) { lockBaselines(input: $input) { problems { code } } }`;

test('dropped flows, calls of the metadata service and what is off a locked baseline are anomalous', async () => {
  const shop = lab('anomalous');
  await shop.take(SHOP);
  await shop.see(WEB, DB);
  await shop.call(LEARN, { deployments: ['web', 'api'] });
  await shop.call(LOCK, { deployments: ['web'] });
  await shop.see(
    flow('shop/web', 'shop/api', 9090),
    flow('shop/api', 'shop/db', 5433),
    flow('shop/cron', '169.254.169.254', 80),
    flow('shop/cron', 'shop/db', 5432, { verdict: 'DENIED' }),
  );
  assert.deepEqual(await draw(shop), {
    'shop/web -> shop/api: TCP 8080, TCP 9090!': 'ANOMALOUS',
    'shop/api -> shop/db: TCP 5432, TCP 5433': 'NO_POLICY',
    'shop/cron -> EXTERNAL:169.254.169.254: TCP 80!': 'ANOMALOUS',
    'shop/cron -> shop/db: TCP 5432!': 'ANOMALOUS',
  });
});

test('every end is a node once, with an id of its own that leads to its peer, and every port leads to its flow', async () => {
  const shop = lab('nodes');
  await shop.take([...SHOP, allowIngress('api', 'web')]);
  await shop.see(WEB, CRON, flow('shop/web', '203.0.113.9', 443, { events: 4 }));
  const graph = await graphOf(shop);
  assert.equal(graph.truncated, false);
  assert.equal(graph.nodeCount, 4);
  const shown = graph.nodes.map(({ label, namespace, peer }: Node & Record<string, unknown>) => [
    label,
    namespace,
    (peer as { __typename: string }).__typename,
  ]);
  assert.deepEqual(shown.toSorted(), [
    ['EXTERNAL:203.0.113.9', null, 'ExternalEntity'],
    ['shop/api', 'shop', 'Deployment'],
    ['shop/cron', 'shop', 'Deployment'],
    ['shop/web', 'shop', 'Deployment'],
  ]);
  const { deployment } = await shop.ask(
    '{ deployment(cluster: "nodes", namespace: "shop", name: "api") { id } }',
  );
  const api = graph.nodes.find(({ label }: Node) => label === 'shop/api');
  const led = await shop.ask('query ($id: ID!) { node(id: $id) { id } }', { id: api.id });
  assert.notEqual(api.id, deployment.id);
  assert.equal(led.node.id, deployment.id);
  const outward = graph.edges.find(({ ports }: Edge) => ports[0]?.port === 443);
  const [{ flow: found, ...port }] = outward.ports;
  assert.deepEqual(port, {
    port: 443,
    protocol: 'TCP',
    events: '4',
    governed: false,
    anomalous: false,
    inBaseline: false,
  });
  const { node } = await shop.ask(
    'query ($id: ID!) { node(id: $id) { ... on Flow { port source { ... on Deployment { name } } } } }',
    { id: found.id },
  );
  assert.deepEqual(node, { port: 443, source: { name: 'web' } });
});

const WEB_EDGE = 'web -> api';
const FILTERS: readonly { filter: object; edges: readonly string[] }[] = [
  { filter: {}, edges: [WEB_EDGE, 'cron -> api', 'api -> db', 'api -> log', 'sync -> log'] },
  { filter: { namespaces: ['jobs'] }, edges: ['api -> log', 'sync -> log'] },
  { filter: { namespaces: ['jobs', 'shop'], deployments: ['web'] }, edges: [WEB_EDGE] },
  { filter: { deployments: ['db', 'sync'] }, edges: ['api -> db', 'sync -> log'] },
  { filter: { namespaces: ['shop'], deployments: ['log'] }, edges: ['api -> log'] },
  { filter: { namespaces: ['nowhere'] }, edges: [] },
  { filter: { namespaces: [] }, edges: [] },
  { filter: { tags: ['ALLOWED'] }, edges: [WEB_EDGE] },
  { filter: { tags: ['ANOMALOUS'] }, edges: ['cron -> api'] },
  { filter: { tags: ['ALLOWED', 'ANOMALOUS'] }, edges: [WEB_EDGE, 'cron -> api'] },
  { filter: { tags: ['BASELINE'] }, edges: [] },
];

test('the graph is filtered by namespaces and deployments of either end, and by tags', async () => {
  const shop = lab('filters');
  const inJobs = ['log', 'sync'].map(name =>
    workload('Deployment', name, { namespace: 'jobs', labels: { app: name } }),
  );
  await shop.take([...SHOP, namespace('jobs'), ...inJobs, allowIngress('api', 'web')]);
  await shop.see(
    WEB,
    CRON,
    DB,
    flow('shop/api', 'jobs/log', 80),
    flow('jobs/sync', 'jobs/log', 80),
  );
  for (const { filter, edges } of FILTERS) {
    const found = Object.keys(await draw(shop, filter)).map(edge =>
      edge.replace(/:.*$/, '').replaceAll(/shop\/|jobs\//g, ''),
    );
    assert.deepEqual(found.toSorted(), edges.toSorted(), JSON.stringify(filter));
  }
});

const at = (hour: string): string => `2026-11-22T${hour}:00Z`;
const WINDOWS: readonly { filter: object; ports: readonly number[] }[] = [
  { filter: { since: at('09:30') }, ports: [81, 82] },
  { filter: { since: at('10:30') }, ports: [81, 82] },
  { filter: { since: at('10:31') }, ports: [82] },
  { filter: { until: at('10:30') }, ports: [80] },
  { filter: { until: at('10:31') }, ports: [80, 81] },
  { filter: { since: at('09:00'), until: at('10:30') }, ports: [80] },
  { filter: { since: at('12:01') }, ports: [] },
];

test('a window is half-open, and its completeness is told', async () => {
  const shop = lab('windows');
  await shop.take(SHOP);
  await shop.see(
    ...['09:00', '10:30', '12:00'].map((hour, index) =>
      flow('shop/web', 'shop/api', 80 + index, { time: at(hour) }),
    ),
  );
  for (const { filter, ports } of WINDOWS) {
    const { edges, completeness } = await graphOf(shop, filter);
    const found = edges.flatMap((edge: Edge) => edge.ports.map(({ port }) => port));
    assert.deepEqual(found, ports, JSON.stringify(filter));
    assert.equal(completeness.flows, ports.length);
  }
  const { completeness } = await graphOf(shop, { since: at('10:15') });
  assert.equal(completeness.since, '2026-11-22T10:15:00.000000Z');
  assert.deepEqual(completeness.silentDeployments, ['shop/cron', 'shop/db']);
});

test('with a limit the edges seen latest are shown, and the answer says that there are more', async () => {
  const shop = lab('limit');
  await shop.take(SHOP);
  await shop.see(
    flow('shop/web', 'shop/api', 8080, { time: at('10:00') }),
    flow('shop/api', 'shop/db', 5432, { time: at('12:00') }),
    flow('shop/cron', 'shop/api', 8080, { time: at('11:00') }),
  );
  const two = await graphOf(shop, { limit: 2 });
  assert.equal(two.truncated, true);
  assert.deepEqual(Object.keys(drawn(two)), [
    'shop/api -> shop/db: TCP 5432',
    'shop/cron -> shop/api: TCP 8080',
  ]);
  assert.equal(two.nodeCount, 3);
  const three = await graphOf(shop, { limit: 3 });
  assert.deepEqual([three.edges.length, three.truncated], [3, false]);
  for (const limit of [0, -1, 20_001]) {
    const { errors } = await shop.send(GRAPH, { cluster: shop.cluster, filter: { limit } });
    assert.match(errors?.[0]?.message ?? '', new RegExp(`limit: ${limit}`));
  }
});

const ROLLED = `query ($cluster: String!, $filter: NetworkGraphFilter) { networkGraph(cluster: $cluster, filter: $filter) {
  truncated omittedEdges nodes { id label addresses } edges { source destination state flowCount ports { port } } } }`;

test('namespaces stand for all edges between their deployments: the limit counts what is drawn, and an edge shows its latest flows', async () => {
  const shop = lab('rolled');
  await shop.take(SHOP);
  await shop.see(
    flow('shop/web', 'shop/api', 8080, { time: at('10:00') }),
    ...Array.from({ length: 120 }, (_, port) =>
      flow('shop/cron', 'shop/api', 1_000 + port, { time: at(`11:${10 + (port % 40)}`) }),
    ),
    flow('shop/api', 'far/db', 5432, { time: at('09:00') }),
  );
  const ask = async (filter: object) =>
    (await shop.ask(ROLLED, { cluster: shop.cluster, filter: { level: 'NAMESPACE', ...filter } }))
      .networkGraph;
  const { nodes, edges, truncated } = await ask({});
  assert.equal(truncated, false);
  const labels = new Map(nodes.map(({ id, label }: Node) => [id, label]));
  const told = edges.map((edge: Edge & { readonly flowCount: number }) => [
    `${labels.get(edge.source)} -> ${labels.get(edge.destination)}`,
    edge.flowCount,
    edge.ports.length,
  ]);
  assert.deepEqual(told, [
    ['ns:shop -> ns:shop', 121, 100],
    ['ns:shop -> ns:far', 1, 1],
  ]);
  const one = await ask({ limit: 1 });
  assert.deepEqual([one.edges.length, one.omittedEdges, one.nodes.length], [1, 1, 1]);
  const [whole] = nodes.filter(({ label }: Node) => label === 'ns:shop');
  const early = await ask({ until: at('10:30') });
  const [part] = early.nodes.filter(({ label }: Node) => label === 'ns:shop');
  assert.ok(part.addresses < whole.addresses && part.id !== whole.id, 'other ends, another id');
});

const INVERTED = { since: at('12:00'), until: at('10:00') };
const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) { yaml } }`;
const SIMULATE = `mutation ($input: SimulatePoliciesInput!) { simulatePolicies(input: $input) { simulation { id } } }`;

test('a window that ends before it begins is refused, here and wherever there is one', async () => {
  const { take, send, cluster } = lab('inverted');
  await take(SHOP);
  const input = { cluster, ...INVERTED };
  const filter = { cluster: { eq: cluster }, ...INVERTED };
  const answers = await Promise.all([
    send(GRAPH, { cluster, filter: INVERTED }),
    send('query ($filter: FlowFilter) { flows(filter: $filter) { nodes { id } } }', { filter }),
    send(LEARN, { input }),
    send(GENERATE, { input }),
    send(SIMULATE, { input }),
  ]);
  for (const { errors } of answers) {
    assert.match(errors?.[0]?.message ?? '', /`since` .* is after `until`/);
    assert.equal(
      (errors?.[0]?.extensions as { code?: string } | undefined)?.code,
      'BAD_USER_INPUT',
    );
  }
});

test('a cluster that is not there has no graph, not an empty one', async () => {
  const { send } = lab('nowhere');
  const { data } = await send(GRAPH, { cluster: 'nowhere' });
  assert.equal(data?.networkGraph ?? null, null);
});
