import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, type Lab, labs, until } from '../support/lab.js';
import { allowIngress, SHOP } from '../support/shop.js';

const lab = labs();

const DIFF = `query ($cluster: String!, $before: GraphWindow!, $after: GraphWindow!, $namespaces: [String!], $limit: Int) {
  networkGraphDiff(cluster: $cluster, before: $before, after: $after, namespaces: $namespaces, limit: $limit) { truncated
    nodes { id label } edges { source destination change firstSeenAt ports {
      protocol port change verdictsBefore verdictsAfter firstSeenAt before { events allowed denied } after { events } } } } }`;

const on = (day: number, other: object = {}) => ({
  time: `2026-11-${String(day).padStart(2, '0')}T10:00:00Z`,
  ...other,
});
const since = (day: number) => `2026-11-${String(day).padStart(2, '0')}T00:00:00Z`;

type Port = { readonly port: number; readonly change: string };
type Edge = {
  readonly source: string;
  readonly destination: string;
  readonly change: string;
  readonly firstSeenAt: string;
  readonly ports: readonly Port[];
};

async function changes({ ask, cluster }: Lab, windows: object) {
  const { networkGraphDiff: diff } = await ask(DIFF, { cluster, ...windows });
  const labels = new Map(
    diff.nodes.map(({ id, label }: { id: string; label: string }) => [id, label]),
  );
  const text = ({ source, destination, change, firstSeenAt, ports }: Edge) => [
    `${labels.get(source)} -> ${labels.get(destination)} ${change}`,
    firstSeenAt.slice(0, 10),
    ports.map(({ port, change: what }) => `${port} ${what}`).join(', '),
  ];
  return { ...diff, told: diff.edges.map(text) };
}

test('edges that came, went and changed are told with their ports, and when they first appeared', async () => {
  const shop = lab('changes');
  await shop.see(
    flow('shop/web', 'shop/api', 8080, on(1)),
    flow('shop/web', 'shop/api', 8080, on(12)),
    flow('shop/web', 'shop/api', 9090, on(13)),
    flow('shop/web', 'shop/db', 5432, on(11)),
    flow('shop/web', 'shop/db', 5432, on(20)),
    flow('shop/old', 'shop/db', 5432, on(9, { events: 4, verdict: 'DENIED' })),
    flow('shop/new', 'shop/db', 5432, on(14)),
    flow('shop/old', 'shop/api', 8080, on(2)),
    flow('shop/old', 'shop/api', 8080, on(19)),
    flow('shop/web', 'shop/db', 5432, on(8)),
  );
  const windows = {
    before: { since: since(1), until: since(10) },
    after: { since: since(10), until: since(18) },
  };
  const { told, truncated, edges } = await changes(shop, windows);
  assert.deepEqual(told, [
    ['shop/old -> shop/api WENT', '2026-11-02', '8080 WENT'],
    ['shop/new -> shop/db CAME', '2026-11-14', '5432 CAME'],
    ['shop/web -> shop/api CHANGED', '2026-11-01', '8080 STAYED, 9090 CAME'],
    ['shop/old -> shop/db WENT', '2026-11-09', '5432 WENT'],
  ]);
  assert.equal(truncated, false);
  const [denied] = edges.at(-1).ports;
  assert.deepEqual(
    [denied.before, denied.after],
    [{ events: '4', allowed: '0', denied: '4' }, { events: '0' }],
  );
  const cut = await changes(shop, { ...windows, limit: 2 });
  assert.deepEqual([cut.told, cut.truncated], [told.slice(0, 2), true]);
  const elsewhere = await changes(shop, { ...windows, namespaces: ['nowhere'] });
  assert.deepEqual(elsewhere.told, []);
  const { told: open } = await changes(shop, { before: { until: since(10) }, after: {} });
  assert.deepEqual(
    open.map(([edge]: readonly string[]) => edge),
    ['shop/new -> shop/db CAME', 'shop/web -> shop/api CHANGED'],
  );
});

const GRAPH = `query ($cluster: String!, $filter: NetworkGraphFilter) { networkGraph(cluster: $cluster, filter: $filter) {
  edges { state ports { port governed anomalous counts { events } } } completeness { until } } }`;

test('a graph as of a moment has the edges of then, judged by the policies of then', async () => {
  const shop = lab('as of');
  await shop.take(SHOP, { observedAt: since(1) });
  await shop.see(
    flow('shop/web', 'shop/api', 8080, on(2)),
    flow('shop/web', 'shop/api', 8080, on(20)),
    flow('shop/cron', 'shop/api', 9090, on(20)),
  );
  await shop.take([allowIngress('api', 'cron', 9090)], { observedAt: since(10) });
  const draw = async (asOf: string | null) => {
    const { networkGraph } = await shop.ask(GRAPH, { cluster: shop.cluster, filter: { asOf } });
    return networkGraph;
  };
  const port = (number: number, governed: boolean, anomalous: boolean, events: string) => [
    { port: number, governed, anomalous, counts: { events } },
  ];
  const early = await draw(since(5));
  assert.deepEqual(early.edges, [{ state: 'NO_POLICY', ports: port(8080, false, false, '1') }]);
  assert.equal(early.completeness.until, '2026-11-05T00:00:00.000000Z');
  const later = await draw(since(15));
  assert.deepEqual(later.edges, [{ state: 'ANOMALOUS', ports: port(8080, true, true, '1') }]);
  assert.equal((await draw(null)).edges.length, 2);
});

const DAYS = (from: number, to: number) => ({ since: since(from), until: since(to) });

test('a port that was let through in one window and denied in the other has changed, and says so', async () => {
  const shop = lab('verdicts');
  const denied = { verdict: 'DENIED' };
  await shop.see(
    flow('shop/web', 'shop/api', 8080, on(2)),
    flow('shop/web', 'shop/api', 8080, on(5, denied)),
    flow('shop/web', 'shop/db', 5432, on(2)),
    flow('shop/web', 'shop/db', 5432, on(5)),
    flow('shop/cron', 'shop/db', 5432, on(2)),
    flow('shop/cron', 'shop/db', 5432, on(5, { verdict: 'ERROR' })),
  );
  const { told, edges } = await changes(shop, { before: DAYS(1, 4), after: DAYS(4, 6) });
  assert.deepEqual(told, [['shop/web -> shop/api CHANGED', '2026-11-02', '8080 CHANGED']]);
  const [{ verdictsBefore, verdictsAfter }] = edges[0].ports;
  assert.deepEqual([verdictsBefore, verdictsAfter], [['UNKNOWN'], ['DENIED']]);
  const same = await changes(shop, { before: DAYS(4, 6), after: DAYS(4, 6) });
  assert.deepEqual(same.told, []);
});

const SET = (field: string) =>
  `mutation ($input: Set${field}Input!) { set${field}(input: $input) { job { id } } }`;
const FORGOTTEN = `query ($cluster: String!) { cluster(name: $cluster) { forgottenUntil rolledUntil } }`;
const settled = (shop: Lab, field: 'forgottenUntil' | 'rolledUntil') =>
  until(
    async () => (await shop.ask(FORGOTTEN, { cluster: shop.cluster })).cluster[field] !== null,
    'the job is done',
  );

test('what is forgotten of a window is unknown, and has neither come nor gone', async () => {
  const shop = lab('forgotten');
  await shop.see(
    flow('shop/web', 'shop/api', 8080, on(2)),
    flow('shop/web', 'shop/api', 8080, on(20)),
    flow('shop/web', 'shop/db', 5432, on(20)),
    flow('shop/cron', 'shop/db', 5432, on(16)),
  );
  await shop.call(SET('Retention'), { days: 5 });
  await settled(shop, 'forgottenUntil');
  const lost = await changes(shop, { before: DAYS(1, 5), after: DAYS(19, 22) });
  assert.deepEqual(
    lost.told.map(([edge]: readonly string[]) => edge),
    ['shop/web -> shop/db UNKNOWN'],
    'what was first seen there was seen there, and another may have been forgotten as a whole',
  );
  const partly = await changes(shop, { before: DAYS(10, 18), after: DAYS(19, 22) });
  assert.deepEqual(partly.told.map(([edge]: readonly string[]) => edge).toSorted(), [
    'shop/cron -> shop/db WENT',
    'shop/web -> shop/api UNKNOWN',
    'shop/web -> shop/db CAME',
  ]);
  const went = await changes(shop, { before: DAYS(19, 22), after: DAYS(10, 18) });
  assert.deepEqual(went.told.map(([edge]: readonly string[]) => edge).toSorted(), [
    'shop/cron -> shop/db CAME',
    'shop/web -> shop/api UNKNOWN',
    'shop/web -> shop/db WENT',
  ]);
});

test('within a day whose hours became one count nothing comes and nothing goes', async () => {
  const shop = lab('rolled');
  const hour = (day: number, at: string) => ({ time: `2026-11-0${day}T${at}:00:00Z` });
  await shop.see(
    flow('shop/web', 'shop/api', 8080, hour(2, '10')),
    flow('shop/web', 'shop/api', 8080, hour(2, '20')),
    flow('shop/web', 'shop/db', 5432, hour(1, '10')),
    flow('shop/web', 'shop/db', 5432, hour(2, '11')),
    flow('shop/web', 'shop/db', 5432, hour(3, '11')),
    flow('shop/web', 'shop/db', 5432, on(20)),
  );
  await shop.call(SET('RollUp'), { days: 5 });
  await settled(shop, 'rolledUntil');
  const part = (from: string, to: string) => ({
    since: `2026-11-02T${from}:00:00Z`,
    until: `2026-11-02T${to}:00:00Z`,
  });
  const cut = await changes(shop, { before: part('08', '12'), after: part('18', '22') });
  assert.deepEqual(cut.told, [], 'the first and the last moment of a flow are kept');
  const later = await changes(shop, { before: part('08', '12'), after: DAYS(3, 4) });
  assert.deepEqual(later.told.map(([edge]: readonly string[]) => edge).toSorted(), [
    'shop/web -> shop/api WENT',
    'shop/web -> shop/db UNKNOWN',
  ]);
});
