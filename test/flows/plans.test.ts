import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataSource, EntityManager } from 'typeorm';
import { seedEdges } from '../../bench/data/edges.js';
import { FILTERS, NOW, ORDERS, WINDOWS } from '../../bench/flows/listings.js';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { graphStore } from '../../src/enforcement/graph.store.js';
import { asFlowFilter } from '../../src/enforcement/network-graph.js';
import { windowOf } from '../../src/flows/flow-condition.js';
import type { FlowOrder } from '../../src/flows/flow-order.js';
import { type FlowPageStore, flowPageStore } from '../../src/flows/flow-page.store.js';
import { flowSelection } from '../../src/flows/flow-selection.js';
import type { FlowFilter } from '../../src/flows/flow-view.js';
import { flowQuery } from '../../src/flows/list-flows.js';
import { withDatabase } from '../support/database.js';

type Plan = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Sort Key'?: readonly string[];
  readonly Plans?: readonly Plan[];
};

type Statement = { readonly sql: string; readonly values: readonly unknown[] };

/** Tables that are read from their first row to their last one. */
const scanned = ({ Plans = [], ...node }: Plan): readonly string[] => [
  ...(node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : []),
  ...Plans.flatMap(scanned),
];

/** Of a few pages an index is no shorter way: days on which hardly anything was seen. */
const LARGE = `select relname from pg_class where relkind = 'r' and relname ~ '^flow' and pg_relation_size(oid) > 8 * 8192`;

/** Whole tables of flows or their hours. */
async function flowsScanned(source: DataSource, { sql, values }: Statement) {
  const large: readonly { readonly relname: string }[] = await source.query(LARGE);
  const [row] = await source.query(`explain (format json) ${sql}`, [...values]);
  const names = new Set(scanned(row['QUERY PLAN'][0].Plan));
  return large.map(({ relname }) => relname).filter(name => names.has(name));
}

/** A store on a manager that only writes down what is asked: plans need no answers. */
function asking<Store>(storeOn: (manager: EntityManager) => Store) {
  const asked: Statement[] = [];
  const query = async (sql: string, values: readonly unknown[] = []) => {
    asked.push({ sql, values });
    return [{ count: 0, flows: '' }];
  };
  return { store: storeOn({ query } as EntityManager), asked };
}

const EDGES = { edges: 20_000, deployments: 200 };

async function checkLists(source: DataSource, state: string): Promise<void> {
  const { store, asked } = asking<FlowPageStore>(manager => flowPageStore(manager, LOCAL_CALLER));
  const whole: string[] = [];
  for (const [name, filter] of Object.entries({ ...FILTERS, ...WINDOWS })) {
    for (const orderBy of ORDERS) {
      await store.page(flowQuery({ first: 100, filter, orderBy }, NOW, { isKeyed: true }));
      whole.push(`${name} ${orderBy.field} ${orderBy.direction}`);
    }
    await store.count(flowSelection(filter, NOW));
    whole.push(`${name} counted`);
  }
  assert.equal(asked.length, whole.length, 'each is one statement');
  const found: string[] = [];
  for (const [place, statement] of asked.entries())
    if ((await flowsScanned(source, statement)).length > 0) found.push(whole[place] ?? '');
  assert.deepEqual(found, [], state);
}

test('no list of flows reads the whole table, analysed or not', () =>
  withDatabase(async ({ source, execute }) => {
    await seedEdges(execute, EDGES);
    await checkLists(source, 'fresh');
    await execute('vacuum analyze');
    await checkLists(source, 'analysed');
  }));

/** Blocks that a statement reads, wherever they lie. */
async function blocksOf(source: DataSource, { sql, values }: Statement): Promise<number> {
  const [row] = await source.query(`explain (analyze, buffers, format json) ${sql}`, [...values]);
  const { Plan: plan } = row['QUERY PLAN'][0];
  return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
}

const ENDED = Object.keys(WINDOWS).filter(name => name.endsWith(' until'));

/** Of 20,000 edges the window of six hours has 130. Where the hours of each edge were looked up, pages read 3,000 to 63,000 blocks. */
const MOST_BLOCKS = 2_000;

test('a window that ended long ago is read from its hours, analysed or not', () =>
  withDatabase(async ({ source, execute }) => {
    await seedEdges(execute, EDGES);
    const { store, asked } = asking<FlowPageStore>(manager => flowPageStore(manager, LOCAL_CALLER));
    for (const name of ENDED) {
      const filter = WINDOWS[name] ?? null;
      for (const orderBy of ORDERS)
        await store.page(flowQuery({ first: 100, filter, orderBy }, NOW, { isKeyed: true }));
      await store.count(flowSelection(filter, NOW));
    }
    for (const state of ['fresh', 'analysed']) {
      const blocks: number[] = [];
      for (const statement of asked) blocks.push(await blocksOf(source, statement));
      assert.ok(Math.max(...blocks) < MOST_BLOCKS, `${state}: ${blocks}`);
      await execute('vacuum analyze');
    }
  }));

const BY_COUNTS = ORDERS.filter(({ field }) => ['EVENTS', 'CONNECTIONS', 'BYTES'].includes(field));

/** Each hour of the window, or a thousand flows and their hours in it; 63,000 where the hours of each flow were looked up. */
const MOST_BLOCKS_OF_COUNTS = 8_000;

/** An independent answer: all flows that were seen since, by their counts since then. */
const byCounts = (column: string, direction: string): string =>
  `select f.id from flow f join flow_hour h on h.cluster_id = f.cluster_id and h.flow_id = f.id
    where f.last_seen_at >= $1::timestamptz and slot_hour(h.slot) > $1::timestamptz - interval '1 hour'
    group by f.cluster_id, f.id
    order by coalesce(sum(h.${column}), -1) ${direction}, f.cluster_id ${direction}, f.id ${direction} limit 101`;

test('a page by the counts of a window adds up its hours once, analysed or not', () =>
  withDatabase(async ({ source, execute }) => {
    await seedEdges(execute, EDGES);
    const filter = WINDOWS['since'] ?? null;
    const pageBy = (store: FlowPageStore, orderBy: (typeof ORDERS)[number]) =>
      store.page(flowQuery({ first: 100, filter, orderBy }, NOW, { isKeyed: true }));
    const { store, asked } = asking<FlowPageStore>(manager => flowPageStore(manager, LOCAL_CALLER));
    for (const orderBy of BY_COUNTS) await pageBy(store, orderBy);
    for (const state of ['fresh', 'analysed']) {
      const blocks: number[] = [];
      for (const statement of asked) blocks.push(await blocksOf(source, statement));
      assert.ok(Math.max(...blocks) < MOST_BLOCKS_OF_COUNTS, `${state}: ${blocks}`);
      await execute('vacuum analyze');
    }
    const own = flowPageStore(source.manager, LOCAL_CALLER);
    for (const orderBy of BY_COUNTS) {
      const { field, direction } = orderBy;
      const text = byCounts(field.toLowerCase(), direction);
      const expected: readonly { readonly id: string }[] = await source.query(text, [
        filter?.since,
      ]);
      const page = await pageBy(own, orderBy);
      assert.deepEqual(
        page.map(({ id }) => id),
        expected.map(({ id }) => id),
        `${field} ${direction}`,
      );
    }
  }));

/** 3,200 of 80,000 edges; 73,000 where the walk passed all higher ports. */
const MOST_BLOCKS_OF_PORTS = 8_000;

/** Ports of UDP lie below most others; of so many edges too many are UDP to be gathered. */
const MANY_EDGES = { edges: 80_000, deployments: 200 };

test('flows of one protocol by port pass none of the others, analysed or not', () =>
  withDatabase(async ({ source, execute }) => {
    await seedEdges(execute, MANY_EDGES);
    const { store, asked } = asking<FlowPageStore>(manager => flowPageStore(manager, LOCAL_CALLER));
    for (const filter of [FILTERS['protocol UDP'] ?? null, FILTERS['not'] ?? null])
      for (const orderBy of ORDERS.filter(({ field }) => field === 'PORT'))
        await store.page(flowQuery({ first: 100, filter, orderBy }, NOW, { isKeyed: true }));
    for (const state of ['fresh', 'analysed']) {
      const blocks: number[] = [];
      for (const statement of asked) blocks.push(await blocksOf(source, statement));
      assert.ok(Math.max(...blocks) < MOST_BLOCKS_OF_PORTS, `${state}: ${blocks}`);
      await execute('vacuum analyze');
    }
  }));

/** What lists are ordered by, of every flow, as numbers that no list shares with the store. */
const PLACES = `select f.id, row_number() over (order by f.last_seen_at, f.id)::int as "LAST_SEEN",
    row_number() over (order by f.first_seen_at, f.id)::int as "FIRST_SEEN", row_number() over (order by f.events, f.id)::int as "EVENTS",
    row_number() over (order by coalesce(f.connections, -1), f.id)::int as "CONNECTIONS",
    row_number() over (order by coalesce(f.bytes, -1), f.id)::int as "BYTES", row_number() over (order by s.label, f.id)::int as "SOURCE",
    row_number() over (order by d.label, f.id)::int as "DESTINATION", row_number() over (order by coalesce(f.port, -1), f.id)::int as "PORT"
  from flow f join named s on s.id = f.source_id join named d on d.id = f.destination_id`;
const NAMES = `select id, case kind when 'DEPLOYMENT' then namespace || '/' || name else kind || ':' || name end as label from peer`;
const OF_WINDOW = `select h.flow_id, sum(h.events) as events, sum(h.connections) as connections, sum(h.bytes) as bytes from flow_hour h
  where ($1::timestamptz is null or slot_hour(h.slot) > $1::timestamptz - interval '1 hour') and ($2::timestamptz is null or slot_hour(h.slot) < $2::timestamptz)
  group by 1`;

type Places = ReadonlyMap<string, Readonly<Record<string, number>>>;

/** @param window its counts order, else those of all time */
async function placesOf(source: DataSource, window?: readonly unknown[]): Promise<Places> {
  const text = `with named as (${NAMES})${window ? `, w as (${OF_WINDOW})` : ''} ${PLACES}`;
  const counts = window
    ? text.replace('from flow f', 'from flow f join w on w.flow_id = f.id')
    : text;
  const own = window ? counts.replaceAll(/f\.(events|connections|bytes)/g, 'w.$1') : counts;
  const rows: readonly { readonly id: string }[] = await source.query(own, [...(window ?? [])]);
  return new Map(rows.map(({ id, ...places }) => [id, places as Record<string, number>]));
}

/** Hours long before every window, so that who has the most of all time has not the most of a window. */
const HOURS_BEFORE = [
  `insert into flow_hour (cluster_id, flow_id, slot, events, connections, bytes)
    select cluster_id, id, slot_from('2026-01-05Z'), events * (hashint4(port) & 7), connections, bytes from flow where events % 3 = 0`,
  `update flow f set events = f.events + h.events, connections = f.connections + h.connections, bytes = f.bytes + h.bytes
    from flow_hour h where h.flow_id = f.id and slot_hour(h.slot) = '2026-01-05Z'`,
];

/** The ids that a filter finds, by reading all flows. */
async function readAll(source: DataSource, filter: FlowFilter | null): Promise<readonly string[]> {
  const { rows } = flowSelection(filter, NOW);
  const found: readonly { readonly id: string }[] = await source.query(
    `with k as (select * from cluster) select f.id from flow f join cluster c on c.id = f.cluster_id where ${rows.sql}`,
    [...rows.values],
  );
  return found.map(({ id }) => id);
}

function inOrder(ids: readonly string[], places: Places, { field, direction }: FlowOrder) {
  const placeOf = (id: string): number => places.get(id)?.[field] ?? Number.NaN;
  const sorted = ids.toSorted((one, other) => placeOf(one) - placeOf(other));
  return direction === 'DESC' ? sorted.reverse() : sorted;
}

test('what an index finds is what reading all finds, in the order of the list', () =>
  withDatabase(async ({ source, execute }) => {
    await seedEdges(execute, EDGES);
    for (const sql of HOURS_BEFORE) await execute(sql);
    const store = flowPageStore(source.manager, LOCAL_CALLER);
    const ever = await placesOf(source);
    for (const [name, filter] of Object.entries({ ...FILTERS, ...WINDOWS })) {
      const all = await readAll(source, filter);
      const { since, until } = windowOf(filter, NOW);
      const places = since === null ? ever : await placesOf(source, [since, until]);
      const counted = await store.count(flowSelection(filter, NOW));
      assert.equal(counted, Math.min(all.length, 10_001), name);
      for (const orderBy of ORDERS) {
        const query = flowQuery({ first: 100, filter, orderBy }, NOW, { isKeyed: true });
        const page = (await store.page(query)).map(({ id }) => id);
        const expected = inOrder(all, places, orderBy).slice(0, 101);
        assert.deepEqual(page, expected, `${name} ${orderBy.field} ${orderBy.direction}`);
      }
    }
  }));

test('the graph of a namespace reads no whole table, analysed or not', () =>
  withDatabase(async ({ source, execute }) => {
    await seedEdges(execute, EDGES);
    const { store, asked } = asking(manager => graphStore(manager, LOCAL_CALLER));
    const filter = asFlowFilter('prod', { namespaces: ['ns-3'], since: '2026-02-28T00:00:00Z' });
    await store.edges(
      flowSelection(filter, NOW),
      { window: windowOf(filter, NOW), isJudged: true },
      1_000,
    );
    for (const state of ['fresh', 'analysed']) {
      for (const statement of asked)
        assert.deepEqual(await flowsScanned(source, statement), [], state);
      await execute('vacuum analyze');
    }
  }));

const LATEST_EDGES = `select source_id::text || destination_id as edge, count(*)::int as ports from flow group by source_id, destination_id
  order by max(last_seen_at) desc, source_id, destination_id limit $1`;

/** Three flows of each edge are read first; these are one edge. */
const ONE_EDGE = `update flow set source_id = md5('d0')::uuid, destination_id = md5('d1')::uuid
  where id in (select id from flow order by last_seen_at desc limit 5000)`;

test('a graph shows the edges that were seen latest with all of their ports, whether few flows tell them, all do, or none is left out', () =>
  withDatabase(async ({ source, execute }) => {
    await seedEdges(execute, EDGES);
    const store = graphStore(source.manager, LOCAL_CALLER);
    const [selection, asked] = [
      flowSelection(asFlowFilter('prod', {}), NOW),
      { window: { since: null, until: null }, isJudged: true },
    ];
    for (const made of ['select 1', ONE_EDGE]) {
      await execute(made);
      const all = await source.query(LATEST_EDGES, [1_000_000]);
      for (const limit of [1, 1_000, 20_000]) {
        const { edges, total } = await store.edges(selection, asked, limit);
        const found = edges.map(edge => ({
          edge: edge.sourceId + edge.destinationId,
          ports: edge.ports.length,
        }));
        assert.deepEqual(found, all.slice(0, limit), `${made} ${limit}`);
        assert.equal(total ?? (await store.count(selection)), all.length);
        assert.equal(total === null, limit < 20_000, 'counted where nothing else is read');
      }
    }
  }));
