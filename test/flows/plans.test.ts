import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataSource, EntityManager } from 'typeorm';
import { seedEdges } from '../../bench/data/edges.js';
import { FILTERS, NOW, ORDERS, WINDOWS } from '../../bench/flows/listings.js';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { graphStore } from '../../src/enforcement/graph.store.js';
import { asFlowFilter } from '../../src/enforcement/network-graph.js';
import { windowOf } from '../../src/flows/flow-condition.js';
import { type FlowPageStore, flowPageStore } from '../../src/flows/flow-page.store.js';
import { flowSelection } from '../../src/flows/flow-selection.js';
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

/** Each hour of the window, and the flows of a page; 63,000 where the hours of each flow were looked up. */
const MOST_BLOCKS_OF_COUNTS = 6_000;

/** An independent answer: all flows that were seen since, by their counts since then. */
const byCounts = (column: string, direction: string): string =>
  `select f.id from flow f join flow_hour h on h.cluster_id = f.cluster_id and h.flow_id = f.id
    where f.last_seen_at >= $1::timestamptz and h.hour > $1::timestamptz - interval '1 hour'
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

test('what an index finds is what reading all finds', () =>
  withDatabase(async ({ source, execute }) => {
    await seedEdges(execute, EDGES);
    const store = flowPageStore(source.manager, LOCAL_CALLER);
    for (const [name, filter] of Object.entries({ ...FILTERS, ...WINDOWS })) {
      const { rows } = flowSelection(filter, NOW);
      const all = await source.query(
        `with k as (select * from cluster) select f.id from flow f join cluster c on c.id = f.cluster_id where ${rows.sql}`,
        [...rows.values],
      );
      const ids = new Set(all.map(({ id }: { id: string }) => id));
      const counted = await store.count(flowSelection(filter, NOW));
      assert.equal(counted, Math.min(ids.size, 10_001), name);
      for (const orderBy of ORDERS) {
        const page = await store.page(
          flowQuery({ first: 100, filter, orderBy }, NOW, { isKeyed: true }),
        );
        assert.equal(page.length, Math.min(ids.size, 101), `${name} ${orderBy.field}`);
        assert.ok(page.every(({ id }) => ids.has(id)));
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
