/**
 * Measures: the first page of 100 flows by the store, for every documented filter and order, and the count of each
 * filter; also the bytes on disk of an edge with one hour of counts.
 * Data: 1,000,000 edges of 2,000 deployments (`--quick`: 50,000), once never analysed, once analysed.
 * Reference in the same run: an index scan that answers 101 rows of the same columns. Goal: p95 under 50 ms.
 */
import type { DataSource } from 'typeorm';
import { LOCAL_CALLER } from '../src/access/caller.js';
import { flowPageStore } from '../src/flows/flow-page.store.js';
import { flowSelection } from '../src/flows/flow-selection.js';
import { flowQuery } from '../src/flows/list-flows.js';
import { withEdges } from './flows/database.js';
import { FILTERS, NOW, ORDERS, WINDOWS } from './flows/listings.js';
import { sized } from './measure/options.js';
import { count, type Figure, milliseconds, report, times } from './measure/report.js';
import { median } from './measure/rounds.js';

const SIZE = { edges: sized(1_000_000, 50_000), deployments: 2_000 };
const ROUNDS = sized(5, 1);
const PAGE = 100;
const GOAL = 50;

type Timed = { readonly what: string; readonly time: number };

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await run();
    taken.push(performance.now() - start);
  }
  return median(taken);
}

const p95 = (timed: readonly Timed[]): number =>
  timed.map(({ time }) => time).sort((one, other) => one - other)[
    Math.floor(timed.length * 0.95)
  ] ?? Number.NaN;

async function pages(source: DataSource, filters: typeof FILTERS): Promise<readonly Timed[]> {
  const store = flowPageStore(source.manager, LOCAL_CALLER);
  const timed: Timed[] = [];
  for (const [name, filter] of Object.entries(filters))
    for (const orderBy of ORDERS) {
      const query = flowQuery({ first: PAGE, filter, orderBy }, NOW, { isKeyed: true });
      const time = await timeOf(() => store.page(query));
      timed.push({ what: `${name}, ${orderBy.field} ${orderBy.direction}`, time });
    }
  return timed;
}

async function counts(source: DataSource): Promise<readonly Timed[]> {
  const store = flowPageStore(source.manager, LOCAL_CALLER);
  const timed: Timed[] = [];
  for (const [what, filter] of Object.entries(FILTERS)) {
    const selection = flowSelection(filter, NOW);
    timed.push({ what, time: await timeOf(() => store.count(selection)) });
  }
  return timed;
}

const scan = (source: DataSource): Promise<number> =>
  timeOf(() =>
    source.query(
      `select * from flow where cluster_id = 1 order by last_seen_at desc, id desc limit ${PAGE + 1}`,
    ),
  );

const slowest = (timed: readonly Timed[]): readonly string[] =>
  timed
    .toSorted((one, other) => other.time - one.time)
    .slice(0, 8)
    .map(({ what, time }) => `${milliseconds(time)} ${what}`);

async function figures(source: DataSource, state: string): Promise<readonly Figure[]> {
  const reference = await scan(source);
  const all = await pages(source, FILTERS);
  const windowed = await pages(source, WINDOWS);
  const counted = await counts(source);
  console.log(`flows-page: slowest, ${state}: ${slowest(all).join('; ')}`);
  console.log(`flows-page: slowest of windows, ${state}: ${slowest(windowed).join('; ')}`);
  console.log(`flows-page: slowest counts, ${state}: ${slowest(counted).join('; ')}`);
  const figure = (what: string, timed: readonly Timed[]): Figure => ({
    what: `${what}, p95 of ${timed.length}, ${state}`,
    value: milliseconds(p95(timed)),
    ratio: times(p95(timed) / reference),
    goal: `< ${GOAL} ms`,
    reached: p95(timed) < GOAL,
  });
  return [
    { what: `index scan of ${PAGE + 1} rows, ${state}`, value: milliseconds(reference) },
    figure('page', all),
    figure('page of a window', windowed),
    figure('count', counted),
  ];
}

const SIZES = `select sum(pg_relation_size(c.oid)) filter (where c.relname like 'flow\\_hour%')::float8 as hours,
    sum(pg_relation_size(c.oid)) filter (where c.relname = 'flow')::float8 as rows,
    sum(pg_relation_size(c.oid)) filter (where c.relname not like 'flow\\_hour%' and c.relname <> 'flow')::float8 as indexes,
    (select count(*) from flow)::float8 as edges
  from pg_class c where c.relname ~ '^flow(_|$)' and c.relkind in ('r', 'i')`;

async function disk(source: DataSource): Promise<Figure> {
  const [{ hours, rows, indexes, edges }] = await source.query(SIZES);
  const bytes = (hours + rows + indexes) / edges;
  console.log(
    `flows-page: bytes an edge: row ${count(rows / edges)}, its indexes ${count(indexes / edges)}, an hour ${count(hours / edges)}`,
  );
  return {
    what: `disk of an edge with one hour, ${count(edges)} edges`,
    value: `${count(bytes)} bytes`,
    goal: '<= 330',
    reached: bytes <= 330,
  };
}

await withEdges(SIZE, async source => {
  const fresh = await figures(source, 'fresh');
  await source.query('vacuum analyze');
  const analysed = await figures(source, 'analysed');
  report('flows-page', [await disk(source), ...fresh, ...analysed]);
});
