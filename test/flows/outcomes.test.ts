import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDatabase } from '../support/database.js';
import { flow, type Lab, labs } from '../support/lab.js';
import { openDoor } from './support/door.js';
import { flowStores, ingestDeps, lines, record, sender } from './support/intake.js';

const lab = labs();

const at = (time: string, verdict: string, other: object = {}): object =>
  flow('shop/web', 'shop/api', 8080, { time: `2026-11-22T${time}Z`, verdict, ...other });

/** A denial between two allowed packets; the last packet of another edge fails. */
const HISTORY = [
  at('08:10:00', 'ALLOWED', { events: 5, connections: 2 }),
  at('09:20:00', 'DENIED', { events: 3 }),
  at('11:30:00', 'ALLOWED', { events: 7, bytes: 700 }),
  flow('shop/web', 'shop/db', 5432, { time: '2026-11-22T08:00:00Z', verdict: 'ALLOWED' }),
  flow('shop/web', 'shop/db', 5432, { time: '2026-11-22T10:00:00Z', verdict: 'ERROR' }),
  flow('shop/job', 'shop/db', 5432, { time: '2026-11-22T10:00:00Z', verdict: 'AUDIT' }),
];

const seen = async (cluster: string): Promise<Lab> => {
  const shop = lab(cluster);
  await shop.see(...HISTORY);
  return shop;
};

const from = (since: string) => ({ since: `2026-11-22T${since}:00Z` });
const between = (since: string, until: string) => ({
  ...from(since),
  until: `2026-11-22T${until}:00Z`,
});

const PORTS = `query ($filter: FlowFilter!) { flows(filter: $filter, orderBy: { field: PORT, direction: ASC }) { totalCount nodes {
  port source { ... on Deployment { name } } } } }`;

/** `web 8080` */
async function found({ ask, cluster }: Lab, filter: object): Promise<readonly string[]> {
  const { flows } = await ask(PORTS, { filter: { cluster: { eq: cluster }, ...filter } });
  assert.equal(flows.totalCount, flows.nodes.length);
  return flows.nodes.map(
    ({ port, source }: { port: number; source: { name: string } }) => `${source.name} ${port}`,
  );
}

test('a filter by verdict asks what was said in the window, or ever, and not what was said last', async () => {
  const shop = await seen('filters');
  const cases: readonly (readonly [object, readonly string[]])[] = [
    [{ observedVerdict: 'DENIED' }, ['web 8080']],
    [{ observedVerdict: 'DENIED', ...between('09:00', '10:00') }, ['web 8080']],
    [{ observedVerdict: 'DENIED', ...between('09:59', '10:00') }, ['web 8080']],
    [{ observedVerdict: 'DENIED', ...between('08:00', '09:00') }, []],
    [{ observedVerdict: 'DENIED', ...from('10:00') }, []],
    [{ observedVerdict: 'DENIED', until: '2026-11-22T09:00:00Z' }, []],
    [{ observedVerdict: 'ERROR' }, ['web 5432']],
    [{ observedVerdict: 'AUDIT', port: 5432 }, ['job 5432']],
    [{ observedVerdict: 'ALLOWED' }, ['web 5432', 'web 8080']],
    [{ observedVerdict: 'ALLOWED', ...from('09:00') }, ['web 8080']],
    [{ observedVerdict: 'UNKNOWN' }, []],
    [{ not: { observedVerdict: 'DENIED' }, port: 8080 }, []],
    [{ tags: ['ANOMALOUS'] }, ['web 8080']],
    [{ tags: ['ANOMALOUS'], ...between('09:00', '10:00') }, ['web 8080']],
    [{ tags: ['ANOMALOUS'], ...from('10:00') }, []],
  ];
  for (const [filter, expected] of cases)
    assert.deepEqual(await found(shop, filter), expected, JSON.stringify(filter));
});

const SHOWN = `query ($filter: FlowFilter!) { flows(filter: $filter) { nodes {
  id events connections bytes tags active observedVerdict
  all: counts { events connections bytes allowed denied audited failed unknown }
  nine: counts(since: "2026-11-22T09:00:00Z", until: "2026-11-22T10:00:00Z") { events connections bytes allowed denied }
  nineTags: tags(since: "2026-11-22T09:00:00Z", until: "2026-11-22T10:00:00Z")
  late: counts(since: "2026-11-22T11:00:00Z") { events bytes allowed denied }
  lateTags: tags(since: "2026-11-22T11:00:00Z")
  silent: active(since: "2026-11-22T10:00:00Z", until: "2026-11-22T11:00:00Z") } } }`;

test('counts of a window are by verdict, and a flow shows the same in lists of every window', async () => {
  const { ask, cluster } = await seen('counts');
  const show = async (window: object) => {
    const filter = { cluster: { eq: cluster }, port: 8080, ...window };
    const { flows } = await ask(SHOWN, { filter });
    return flows.nodes[0];
  };
  const { id, ...shown } = await show({});
  assert.deepEqual(shown, {
    events: '15',
    connections: '2',
    bytes: '700',
    tags: ['ACTIVE', 'ANOMALOUS'],
    active: true,
    observedVerdict: 'ALLOWED',
    all: {
      ...{ events: '15', connections: '2', bytes: '700' },
      ...{ allowed: '12', denied: '3', audited: '0', failed: '0', unknown: '0' },
    },
    nine: { events: '3', connections: null, bytes: null, allowed: '0', denied: '3' },
    nineTags: ['ACTIVE', 'ANOMALOUS'],
    late: { events: '7', bytes: '700', allowed: '7', denied: '0' },
    lateTags: ['ACTIVE'],
    silent: false,
  });
  for (const window of [
    between('09:00', '10:00'),
    from('11:00'),
    { until: '2026-11-22T09:00:00Z' },
  ])
    assert.deepEqual(await show(window), { id, ...shown }, JSON.stringify(window));
});

const WITHIN = `query ($cluster: String!, $all: FlowFilter!, $filter: FlowFilter!, $graph: NetworkGraphFilter!, $window: GraphWindow!,
  $nowhere: GraphWindow!, $since: TimeBound!, $until: TimeBound!) {
  flows(filter: $filter) { nodes { id } }
  every: flows(filter: $all, first: 1) { nodes { active(since: $since, until: $until) counts(since: $since, until: $until) { events }
    history(since: $since, until: $until) { points { at } } } }
  networkGraph(cluster: $cluster, filter: $graph) { edges { flowCount } completeness { flows silentHours } }
  networkGraphDiff(cluster: $cluster, before: $window, after: $nowhere) { edges { change } }
  cluster(name: $cluster) { completeness(since: $since, until: $until) { flows sources { received } } } }`;

test('a window that ends where it begins holds nothing, on the border of an hour and within one', async () => {
  const { ask, cluster } = await seen('empty');
  for (const at of ['2026-11-22T09:00:00Z', '2026-11-22T09:30:00Z', '1969-12-31T23:30:00Z']) {
    const window = { since: at, until: at };
    const all = { cluster: { eq: cluster }, port: 8080 };
    const filter = { ...all, ...window };
    const nowhere = { until: '1960-01-01T00:00:00Z' };
    const told = await ask(WITHIN, {
      ...{ cluster, all, filter, graph: window, window, nowhere },
      ...window,
    });
    assert.deepEqual(
      told,
      {
        flows: { nodes: [] },
        every: { nodes: [{ active: false, counts: { events: '0' }, history: { points: [] } }] },
        networkGraph: { edges: [], completeness: { flows: 0, silentHours: 0 } },
        networkGraphDiff: { edges: [] },
        cluster: { completeness: { flows: 0, sources: [] } },
      },
      at,
    );
  }
});

const GRAPH = `query ($cluster: String!, $filter: NetworkGraphFilter) { networkGraph(cluster: $cluster, filter: $filter) {
  edges { state ports { port events anomalous counts { events allowed denied } } } } }`;

test('a graph is red and counts by what happened in its window', async () => {
  const { ask, cluster } = await seen('graph');
  const draw = async (filter: object) => {
    const { networkGraph } = await ask(GRAPH, { cluster, filter });
    const edges: readonly { readonly ports: readonly { readonly port: number }[] }[] =
      networkGraph.edges;
    return edges.filter(({ ports }) => ports[0]?.port === 8080);
  };
  const edge = (state: string, anomalous: boolean, counts: object) => [
    { state, ports: [{ port: 8080, events: '15', anomalous, counts }] },
  ];
  const nine = { events: '3', allowed: '0', denied: '3' };
  const late = { events: '7', allowed: '7', denied: '0' };
  const all = { events: '15', allowed: '12', denied: '3' };
  assert.deepEqual(await draw(between('09:00', '10:00')), edge('ANOMALOUS', true, nine));
  assert.deepEqual(await draw(from('10:00')), edge('NO_POLICY', false, late));
  assert.deepEqual(await draw({}), edge('ANOMALOUS', true, all));
});

test('counts of many flows are one statement for each window, and a wrong window is refused', () =>
  withDatabase(async fixture => {
    const deps = ingestDeps(fixture, flowStores);
    const { statementsOf, refused, ask } = openDoor(
      fixture,
      flowStores(fixture.source.manager),
      deps,
    );
    await sender(deps)(lines(...[1, 2, 3, 4].map(port => record({ port }))));
    const DOCUMENT = `{ flows { nodes { a: counts(since: "7d") { events } b: counts(since: "7d") { allowed } tags(since: "7d")
      c: counts(since: "1d") { events } d: tags } } }`;
    assert.deepEqual(await statementsOf(DOCUMENT), [
      'flows.page',
      'flowCounts.ofWindow',
      'flowCounts.ofWindow',
    ]);
    const { flows } = await ask(DOCUMENT);
    assert.equal(flows.nodes.length, 4);
    const WRONG = '{ flows { nodes { counts(since: "1d", until: "2d") { events } } } }';
    const [error] = await refused(WRONG);
    assert.equal(error?.extensions?.['code'], 'BAD_USER_INPUT');
  }));

const TOLD = `query ($cluster: String!) { flows(filter: { cluster: { eq: $cluster }, port: 8080 }) { nodes {
  hours: history { truncated points { at counts { events allowed denied } } }
  days: history(by: DAY) { points { at counts { events allowed denied } } }
  early: history(since: "2026-11-22T08:00:00Z", until: "2026-11-22T09:30:00Z", by: DAY) { points { at counts { events } } } } } }`;

test('the history of a flow is by hour and by day, newest first', async () => {
  const { ask, cluster } = await seen('history');
  const point = (time: string, events: string, allowed: string, denied: string) => ({
    at: `2026-11-22T${time}:00:00.000000Z`,
    counts: { events, allowed, denied },
  });
  const { flows } = await ask(TOLD, { cluster });
  assert.deepEqual(flows.nodes, [
    {
      hours: {
        truncated: false,
        points: [
          point('11', '7', '7', '0'),
          point('09', '3', '0', '3'),
          point('08', '5', '5', '0'),
        ],
      },
      days: { points: [point('00', '15', '12', '3')] },
      early: { points: [{ at: '2026-11-22T00:00:00.000000Z', counts: { events: '8' } }] },
    },
  ]);
});

test('a history of more than a thousand hours is its newest thousand, and says so', async () => {
  const shop = lab('long history');
  const hours = Array.from({ length: 1_001 }, (_, hour) =>
    flow('shop/web', 'shop/api', 8080, {
      time: new Date(Date.UTC(2026, 8, 1, hour)).toISOString(),
    }),
  );
  await shop.see(...hours);
  const { flows } = await shop.ask(TOLD, { cluster: shop.cluster });
  const [{ hours: told }] = flows.nodes;
  assert.deepEqual(
    [told.truncated, told.points.length, told.points[0].at, told.points.at(-1).at],
    [true, 1_000, '2026-10-12T16:00:00.000000Z', '2026-09-01T01:00:00.000000Z'],
  );
});
