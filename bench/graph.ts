/**
 * Measures: networkGraph of a cluster and of one namespace over HTTP, one request after the other; by the clock, and by
 * processor time of the server and Postgres together.
 * Data: 20,000 edges of 2,000 deployments, once never analysed, once analysed.
 * Reference in the same run: the one SQL statement and JSON.stringify of its rows over node:http.
 * Goals: at most 2 × of it, and p95 under 300 ms.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DataSource } from 'typeorm';
import { LOCAL_CALLER } from '../src/access/caller.js';
import { graphStore } from '../src/enforcement/graph.store.js';
import { asFlowFilter, MOST_EDGES } from '../src/enforcement/network-graph.js';
import { flowSelection } from '../src/flows/flow-selection.js';
import { withEdges } from './flows/database.js';
import { NOW } from './flows/listings.js';
import { withWeirgate } from './flows/server.js';
import { sized } from './measure/options.js';
import { timeOf, timeOfChildren } from './measure/processor-time.js';
import { type Figure, milliseconds, report, times } from './measure/report.js';
import { postmasterOf } from './work/at-work.js';

const SIZE = { edges: 20_000, deployments: 2_000 };
const ROUNDS = sized(40, 5);

const GRAPH = `query ($filter: NetworkGraphFilter) { networkGraph(cluster: "prod", filter: $filter) {
  nodeCount truncated nodes { id label namespace }
  edges { source destination state ports { port protocol events lastSeenAt anomalous } } } }`;

type Filter = { readonly namespaces?: readonly string[] };

const FILTERS: Readonly<Record<string, Filter>> = {
  'the cluster': {},
  'one namespace': { namespaces: ['ns-3'] },
};

/** What the fastest server could do: the statement, and its rows as text. */
async function withReference(
  source: DataSource,
  filter: Filter,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const graph = graphStore(source.manager, LOCAL_CALLER);
  const selection = flowSelection(asFlowFilter('prod', filter), NOW);
  const server: Server = createServer((_, response) => {
    graph
      .edges(selection, { window: { since: null, until: null }, isJudged: true }, MOST_EDGES)
      .then(
        rows => response.end(JSON.stringify(rows)),
        error => response.writeHead(500).end(String(error)),
      );
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    await new Promise(closed => server.close(closed));
  }
}

async function answer(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok || text.startsWith('{"errors"')) throw new Error(text.slice(0, 500));
}

type Run = {
  readonly work: () => Promise<void>;
  /** Milliseconds of processor time so far of all that work for it, but for Postgres. */
  readonly usedBy: () => number;
};

type Taken = {
  /** Sorted, in milliseconds. */
  readonly wall: number[];
  /** Milliseconds of processor time for one. */
  readonly cpu: number;
};

async function timesOf(postmaster: number, runs: readonly Run[]): Promise<readonly Taken[]> {
  const taken: { readonly wall: number[]; cpu: number }[] = runs.map(() => ({ wall: [], cpu: 0 }));
  for (let round = 0; round < ROUNDS; round++)
    for (const [place, { work, usedBy }] of runs.entries()) {
      const used = usedBy() + timeOfChildren(postmaster);
      const start = performance.now();
      await work();
      const one = taken[place];
      one?.wall.push(performance.now() - start);
      if (one !== undefined) one.cpu += (usedBy() + timeOfChildren(postmaster) - used) / ROUNDS;
    }
  return taken.map(({ wall, cpu }) => ({ wall: wall.sort((one, other) => one - other), cpu }));
}

const own = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(sorted.length * share)] ?? Number.NaN;

type Place = { readonly url: string; readonly pid: number };

async function figures(
  source: DataSource,
  { url, pid }: Place,
  state: string,
): Promise<readonly Figure[]> {
  const made: Figure[] = [];
  const postmaster = await postmasterOf(source);
  for (const [name, filter] of Object.entries(FILTERS))
    await withReference(source, filter, async reference => {
      const [ours, bare] = await timesOf(postmaster, [
        {
          work: () => answer(url, { query: GRAPH, variables: { filter } }),
          usedBy: () => timeOf(pid),
        },
        { work: () => answer(reference, {}), usedBy: own },
      ]);
      if (ours === undefined || bare === undefined) return;
      const ratio = at(ours.wall, 0.5) / at(bare.wall, 0.5);
      made.push(
        {
          what: `statement and JSON, ${name}, ${state}`,
          value: milliseconds(at(bare.wall, 0.5)),
          cpu: milliseconds(bare.cpu),
        },
        {
          what: `networkGraph, ${name}, ${state}`,
          value: milliseconds(at(ours.wall, 0.5)),
          cpu: `${milliseconds(ours.cpu)}, ${times(ours.cpu / bare.cpu)}`,
          ratio: times(ratio),
          goal: '<= 2 ×',
          reached: ratio <= 2,
        },
        {
          what: `networkGraph, ${name}, ${state}, p95`,
          value: milliseconds(at(ours.wall, 0.95)),
          goal: '< 300 ms',
          reached: at(ours.wall, 0.95) < 300,
        },
      );
    });
  return made;
}

await withEdges(SIZE, (source, database) =>
  withWeirgate(database, async (url, pid) => {
    const fresh = await figures(source, { url, pid }, 'fresh');
    await source.query('vacuum analyze');
    report('graph', [...fresh, ...(await figures(source, { url, pid }, 'analysed'))]);
  }),
);
