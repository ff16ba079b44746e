/**
 * Measures: whether work on stored flows grows with them and no faster: taking lines in, the network graph, a simulation,
 * generation, at 1×, 4× and 16×. Processor time of this process (or of the server) and Postgres together, for each item.
 * Data at 16×: 320,000 Hubble lines over 16,000 edges; a graph of 20,000 edges of 2,000 deployments; a simulation over
 * 320,000 edges of 640 deployments; policies of 480 deployments from 192,000 flows (`--quick`: a tenth of the rows).
 * Reference: the cost of one item at 1×, in the same run. Goal: an item costs less than 1.5 times as much at 16×.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NetworkGraphDeps, networkGraph } from '../src/enforcement/network-graph.js';
import { withEdges } from './flows/database.js';
import { NOW } from './flows/listings.js';
import { filesOf, takeAll } from './ingest/uploads.js';
import { sized } from './measure/options.js';
import { count, type Figure, report, times } from './measure/report.js';
import { withServer } from './servers/weirgate.js';
import { type AtWork, atWorkOn, processorsOf } from './work/at-work.js';
import { generateAll } from './work/generate.js';
import { bringPoliciesIn, replay } from './work/replay.js';

const SIZES = [1, 4, 16];
const PART = sized(1, 10);

/** Processor time in ms. */
type Cost = { readonly items: number; readonly time: number };

/** The second of two is measured: the first finds code cold and buffers empty. */
async function twice(run: () => Promise<number>): Promise<number> {
  await run();
  return run();
}

async function onEdges(
  edges: number,
  deployments: number,
  run: (atWork: AtWork) => Promise<number>,
): Promise<Cost> {
  const size = { edges: Math.round(edges / PART), deployments };
  let time = Number.NaN;
  await withEdges(size, async source => {
    await source.query('vacuum analyze');
    const atWork = await atWorkOn(source);
    time = await twice(() => run(atWork));
  });
  return { items: size.edges, time };
}

async function taken(lines: number): Promise<Cost> {
  const shape = { lines: lines / PART, edges: lines / PART / 20, seed: 1 };
  const folder = await mkdtemp(join(tmpdir(), 'weirgate-lines-'));
  try {
    const uploads = await filesOf(folder, shape, 2);
    const cold = await filesOf(
      await mkdtemp(join(folder, 'cold-')),
      { ...shape, lines: 2_000, seed: 2 },
      1,
    );
    const cost = await withServer(async place => {
      await takeAll(
        place,
        cold.map(upload => ({ ...upload, key: 'cold' })),
      );
      return takeAll(place, uploads);
    });
    return { items: cost.lines, time: (cost.server + cost.postgres) * 1_000 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const depsOf = ({ stores, useCases }: AtWork['database']): NetworkGraphDeps => ({
  stores,
  verdictsAsOf: useCases.verdictsAsOf,
});

const drawn = ({ database, costOf }: AtWork): Promise<number> =>
  costOf(() => networkGraph(depsOf(database), { id: 1, name: 'prod' }, {}, { now: NOW })).then(
    ([cost]) => processorsOf(cost),
  );

/** By what is measured: of a size, its items and what they cost. */
const WORKS: Readonly<Record<string, (size: number) => Promise<Cost>>> = {
  'taking in, a line': size => taken(20_000 * size),
  'graph, an edge': size => onEdges(1_250 * size, 125 * size, drawn),
  'simulation, a flow': size =>
    onEdges(20_000 * size, 40 * size, async atWork => {
      await bringPoliciesIn(atWork, 40 * size);
      return processorsOf((await replay(atWork, 1))[0]);
    }),
  'generation, a flow': size =>
    onEdges(12_000 * size, 30 * size, async atWork => processorsOf((await generateAll(atWork))[0])),
};

const perItem = ({ items, time }: Cost): number => time / items;

async function figureOf(what: string, run: (size: number) => Promise<Cost>): Promise<Figure> {
  const costs: Cost[] = [];
  for (const size of SIZES) costs.push(await run(size));
  const [first, last] = [costs[0], costs.at(-1)];
  if (first === undefined || last === undefined) throw new Error('nothing was measured');
  const growth = perItem(last) / perItem(first);
  return {
    what: `${what}, at ${SIZES.join('×, ')}×`,
    value: '',
    cpu: costs.map(cost => `${count(perItem(cost) * 1_000)} µs × ${count(cost.items)}`).join(', '),
    ratio: times(growth),
    goal: '< 1.5 ×',
    reached: growth < 1.5,
  };
}

const figures: Figure[] = [];
for (const [what, run] of Object.entries(WORKS)) figures.push(await figureOf(what, run));
report('growth', figures);
