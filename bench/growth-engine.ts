/**
 * Measures: whether the engine's work grows with its data and no faster: `compile` for each object,
 * `connectivityMap` for each pair of deployments, `judgeAll` for each flow, at 1×, 4× and 16×.
 * Data: the cluster of `engine-map` at 1/16 (120 deployments, 180 policies), 1/4 and full, namespaces
 * alike in size; flows between all pairs of deployments in turn, 20,000 × the size.
 * Reference: the cost of one item at 1×, in the same run.
 * Goal: an item costs less than 1.5 times as much at 16×.
 */
import {
  compile,
  connectivityMap,
  type Endpoint,
  type FlowColumns,
  judgeAll,
} from '../src/netpol/index.js';
import { type ClusterSize, clusterOf, engineInput, LARGE } from './data/cluster.js';
import { sized } from './measure/options.js';
import { count, type Figure, report, times } from './measure/report.js';
import { median, roundsOf } from './measure/rounds.js';

const SIZES = [1, 4, 16];
const FLOWS = 20_000;

/** Namespaces of 20 deployments and 30 policies, whatever the size. */
const sizeAt = (times: number): ClusterSize => {
  const namespaces = Math.round((LARGE.namespaces * times) / 16);
  return { ...LARGE, namespaces, deployments: namespaces * 20, policies: namespaces * 30 };
};

type Input = ReturnType<typeof engineInput>;

function flowsBetween({ facts }: Input, flows: number): FlowColumns {
  const { pods } = facts;
  const numbers = Int32Array.from({ length: flows }, (_, flow) => flow);
  const turn = (flow: number): number => Math.floor(flow / pods.length) + 1;
  return {
    endpoints: pods.map(({ key }): Endpoint => ({ kind: 'pod', key })),
    sources: numbers.map(flow => flow % pods.length),
    destinations: numbers.map(flow => (flow + turn(flow) * 37) % pods.length),
    ports: numbers.map(flow => (flow % 3 === 0 ? 8080 : 5432)),
    protocols: new Uint8Array(flows),
  };
}

type Cost = { readonly what: string; readonly items: number; readonly nanoseconds: number };

async function costOf(what: string, items: number, run: () => unknown): Promise<Cost> {
  await roundsOf({ name: what, run }, 2);
  const timing = await roundsOf({ name: what, run }, sized(9, 5));
  return { what, items, nanoseconds: (median(timing.cpu) * 1e6) / items };
}

async function costsAt(size: number): Promise<readonly Cost[]> {
  const input = engineInput(clusterOf(sizeAt(size)));
  const { facts, policies } = input;
  const compiled = compile(facts, policies);
  const flows = flowsBetween(input, FLOWS * size);
  const workloads = facts.pods.length / LARGE.replicas;
  return [
    await costOf('compile, an object', facts.pods.length + policies.length, () =>
      compile(facts, policies),
    ),
    await costOf('compile and map, a pair of deployments', workloads ** 2, () =>
      connectivityMap(compile(facts, policies)),
    ),
    await costOf('judgeAll, a flow', FLOWS * size, () => judgeAll(compiled, flows)),
  ];
}

const bySize: (readonly Cost[])[] = [];
for (const size of SIZES) bySize.push(await costsAt(size));

const each = ({ items, nanoseconds }: Cost): string => `${count(nanoseconds)} ns × ${count(items)}`;

function figureOf(place: number): Figure {
  const costs = bySize.flatMap(one => one[place] ?? []);
  const [first, last] = [costs[0], costs.at(-1)];
  if (first === undefined || last === undefined) throw new Error('nothing was measured');
  const growth = last.nanoseconds / first.nanoseconds;
  return {
    what: `${first.what}, at ${SIZES.join('×, ')}×`,
    value: '',
    cpu: costs.map(each).join(', '),
    ratio: times(growth),
    goal: '< 1.5 ×',
    reached: growth < 1.5,
  };
}

report(
  'growth-engine',
  (bySize[0] ?? []).map((_, place) => figureOf(place)),
);
