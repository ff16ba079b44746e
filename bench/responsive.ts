/**
 * Measures: how soon a server answers `/livez` and a list of 20 deployments, asked every few ms from another process,
 * while it generates policies for the whole cluster, simulates, takes a changed policy, flows and policies in.
 * Data: 2,000 deployments, 20,000 edges, 3,000 policies in force (`--quick`: a tenth), brought in by the server's own
 * routes. Work: 200,000 Hubble lines and 10,000 policies to take in.
 * Reference in the same run: the same with nothing running; also with two other processes that only compute, which is
 * what the machine's own scheduler costs. Goals: p99 under 100 ms; a changed policy shows within 2 s.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { flowRecords, manifests } from './data/listed-cluster.js';
import { policyList } from './data/listed-policies.js';
import { filesOf, send, type Upload } from './ingest/uploads.js';
import { sized } from './measure/options.js';
import { type Figure, milliseconds, report, times } from './measure/report.js';
import type { Polled } from './responsive/poller.js';
import * as work from './responsive/work.js';
import { type Place, withServer } from './servers/weirgate.js';

const CLUSTER = sized({ deployments: 2_000, flows: 10 }, { deployments: 200, flows: 10 });
const IN_FORCE = sized(3_000, 300);
const IMPORTED = sized(10_000, 1_000);
const LINES = sized({ lines: 200_000, edges: 20_000 }, { lines: 20_000, edges: 2_000 });
const IDLE_MS = sized(10_000, 2_000);
const CHANGES = sized(6, 2);
const GOAL = 100;

const at = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((one, other) => one - other)[
    Math.min(numbers.length - 1, Math.floor(numbers.length * share))
  ] ?? Number.NaN;

type Phase = Polled & {
  readonly name: string;
  /** Of the work. */
  readonly seconds: number;
  /** How much later than planned the server's own thread of requests ran a timer, p99 in ms. */
  readonly loop: number;
};

/** The gauge begins anew whenever it is read. */
async function loopLag(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const [, seconds] = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text) ?? [];
  return Number(seconds) * 1_000;
}

type Watched = { readonly url: string; readonly poller: ChildProcess };

async function phase(
  { url, poller }: Watched,
  name: string,
  run: () => Promise<unknown>,
): Promise<Phase> {
  await sleep(1_000);
  await loopLag(url);
  poller.send('begin');
  const started = performance.now();
  await run();
  const seconds = (performance.now() - started) / 1_000;
  await sleep(500);
  console.log(`responsive: ${name} took ${seconds.toFixed(1)} s`);
  const answer = once(poller, 'message');
  poller.send('end');
  const [polled] = (await answer) as [Polled];
  return { name, seconds, loop: await loopLag(url), ...polled };
}

async function whileOthersCompute(): Promise<void> {
  const others = [1, 2].map(() => spawn(process.execPath, ['--eval', 'for (;;);']));
  await sleep(IDLE_MS);
  for (const other of others) other.kill('SIGKILL');
}

const spread = (numbers: readonly number[]): string =>
  `p50 ${milliseconds(at(numbers, 0.5))}, p99 ${milliseconds(at(numbers, 0.99))}, longest ${milliseconds(at(numbers, 1))}`;

function figuresOf(one: Phase, idle: Phase): readonly Figure[] {
  const asked = [
    { what: '/livez', taken: one.livez, reference: idle.livez },
    { what: 'a list of 20', taken: one.list, reference: idle.list },
  ];
  const isReference = one.name === idle.name || one.name === OTHERS;
  const why = [
    `${one.seconds.toFixed(1)} s of work`,
    `while it waited the thread of requests computed ${spread(one.computed)}`,
    `timers late at p99: server ${milliseconds(one.loop)}, poller ${milliseconds(at(one.late, 0.99))}`,
  ].join('; ');
  return asked.map(({ what, taken, reference }, place) => ({
    what: `${what}, ${one.name}`,
    value: spread(taken),
    cpu: place === 0 ? why : '',
    ...(!isReference && {
      ratio: times(at(taken, 0.99) / at(reference, 0.99)),
      goal: `p99 < ${GOAL} ms`,
      reached: at(taken, 0.99) < GOAL,
    }),
  }));
}

const OTHERS = 'two other processes compute';

async function bringIn(url: string): Promise<void> {
  await work.post(`${url}/ingest/inventory?cluster=bench`, manifests(CLUSTER));
  const policies = { policies: IN_FORCE, deployments: CLUSTER.deployments, prefix: 'in-force' };
  await work.post(`${url}/ingest/inventory?cluster=bench`, policyList(policies));
  await work.post(`${url}/ingest/flows?cluster=bench&format=neutral`, flowRecords(CLUSTER));
  await work.changePolicy(url, true);
}

async function changes(url: string, shown: number[]): Promise<void> {
  for (let change = 0; change < CHANGES; change++)
    shown.push(await work.changePolicy(url, change % 2 === 1));
}

async function measured(watched: Watched, uploads: readonly Upload[]): Promise<readonly Figure[]> {
  const { url } = watched;
  const shown: number[] = [];
  const more = { policies: IMPORTED, deployments: CLUSTER.deployments, prefix: 'more' };
  const works: Readonly<Record<string, () => Promise<unknown>>> = {
    [OTHERS]: whileOthersCompute,
    generatePolicies: () => work.generateAll(url),
    'simulate deny-all': () => work.simulateDenyAll(url),
    'simulate the generated set': () => work.simulateGenerated(url),
    'a policy changes': () => changes(url, shown),
    'flows are taken in': async () => {
      for (const upload of uploads) await send(url, upload);
    },
    'policies are taken in': () =>
      work.post(`${url}/ingest/inventory?cluster=bench`, policyList(more)),
  };
  await phase(watched, 'warm', () => sleep(IDLE_MS));
  const idle = await phase(watched, 'idle', () => sleep(IDLE_MS));
  const figures = [...figuresOf(idle, idle)];
  for (const [name, run] of Object.entries(works))
    figures.push(...figuresOf(await phase(watched, name, run), idle));
  const change: Figure = {
    what: `until a changed policy shows, longest of ${CHANGES}`,
    value: milliseconds(at(shown, 1)),
    goal: '< 2 s',
    reached: at(shown, 1) < 2_000,
  };
  return [...figures, change];
}

async function polled({ url, pid }: Place, uploads: readonly Upload[]): Promise<readonly Figure[]> {
  await bringIn(url);
  const poller = fork(join(import.meta.dirname, 'responsive/poller.ts'), [url, String(pid)]);
  const gone = once(poller, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`the poller ended with ${code}`);
    return [];
  });
  try {
    return await Promise.race([measured({ url, poller }, uploads), gone]);
  } finally {
    if (poller.connected) poller.disconnect();
  }
}

const folder = await mkdtemp(join(tmpdir(), 'weirgate-lines-'));
try {
  const uploads = await filesOf(folder, { ...LINES, seed: 1 }, 2);
  report('responsive', await withServer(place => polled(place, uploads)));
} finally {
  await rm(folder, { recursive: true, force: true });
}
