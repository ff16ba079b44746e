/**
 * Measures: all-pairs connectivity, exact to the port, from parsed facts and policies: `compile`
 * and `connectivityMap`, nothing kept from one round to the next.
 * Data: 10,000 pods of 2,000 deployments in 100 namespaces, 3,000 policies with CIDRs and excepts
 * of both families, named ports with differing numbers, and matchExpressions (`data/cluster.ts`).
 * Reference: the brute-force model of the tests over a cluster of 1/20 of the size, in the same
 * process: every protocol and border port of the pairs from 10 of its 100 deployments (quick: 4) to
 * all, one by one. Extrapolated by the number of pairs alone, a lower bound: a question also gets
 * dearer with the number of policies and pods. The open pairs are compared with the engine's.
 * `netpol-analyzer` maps the full cluster where its binary is on PATH, reading included.
 * Goals: under 1 s; at least 100 times faster than either.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  compile,
  connectivityMap,
  type ManifestReading,
  readManifests,
} from '../src/netpol/index.js';
import { type Cluster, clusterOf, LARGE, partOf, sourceOf } from './data/cluster.js';
import { modelMap } from './data/model-map.js';
import { memoryNow } from './measure/memory.js';
import { sized } from './measure/options.js';
import {
  count,
  cpuOf,
  type Figure,
  milliseconds,
  report,
  times,
  wallOf,
} from './measure/report.js';
import { median, ratioOf, roundsOf, type Timing } from './measure/rounds.js';

const SAMPLE = 20;

const mapOf = ({ facts, policies }: ManifestReading) => connectivityMap(compile(facts, policies));

/** What engine and model must agree on: pairs of deployments with some open port. */
function openPairs(reading: ManifestReading, sources: ReadonlySet<string>): ReadonlySet<string> {
  const open = new Set<string>();
  for (const { source, destination } of mapOf(reading)) {
    if (source.kind !== 'workload' || destination.kind !== 'workload') continue;
    if (sources.has(source.name)) open.add(`${source.name} => ${destination.name}`);
  }
  return open;
}

async function modelFigures(engine: Timing): Promise<readonly Figure[]> {
  const sample = clusterOf(partOf(LARGE, SAMPLE));
  const sources = sized(10, 4);
  const model = { name: 'model', run: () => modelMap(sample, sources) };
  const { pairs, open } = model.run();
  const timing = await roundsOf(model, 1);
  const names = new Set(sample.workloads.slice(0, sources).map(({ name }) => name));
  const ours = openPairs(readManifests([sourceOf(sample)]), names);
  if (ours.size !== open.size || [...ours].some(pair => !open.has(pair))) {
    throw new Error('engine and model draw other pairs');
  }
  const all = LARGE.deployments * (LARGE.deployments - 1);
  const larger = all / pairs;
  const ratio = ratioOf(timing, engine) * larger;
  return [
    {
      what: `model, ${count(pairs)} pairs of a 1/${SAMPLE} cluster (${count(open.size)} open, as the engine says)`,
      value: wallOf(timing),
      cpu: cpuOf(timing),
    },
    {
      what: `model, extrapolated to ${count(all)} pairs`,
      value: milliseconds(median(timing.wall) * larger),
      cpu: milliseconds(median(timing.cpu) * larger),
      ratio: times(ratio),
      goal: '≥ 100 ×',
      reached: ratio >= 100,
    },
  ];
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise(resolve => {
    child.on('error', () => resolve(null));
    child.on('close', resolve);
  });

/** The whole cluster by the analyzer behind `roxctl netpol`; null where it is not on PATH. */
async function analyzerFigures(cluster: Cluster, engine: number): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'weirgate-bench-'));
  writeFileSync(join(folder, 'cluster.json'), sourceOf(cluster).text);
  const start = performance.now();
  const child = spawn('netpol-analyzer', ['list', '--dirpath', folder, '--quiet'], {
    stdio: 'ignore',
    // Not `timeout`: its timer would keep this process waiting where there is no such binary.
    signal: AbortSignal.timeout(sized(3_600_000, 60_000)),
  });
  const code = await ended(child);
  const wall = performance.now() - start;
  rmSync(folder, { recursive: true });
  if (code === null && child.pid === undefined) {
    return [{ what: 'netpol-analyzer', value: 'not on PATH' }];
  }
  const over = code === 0 ? '' : 'ended early after ';
  return [
    {
      what: 'netpol-analyzer, reading included',
      value: `${over}${milliseconds(wall)}`,
      ratio: times(wall / engine),
      goal: '≥ 100 ×',
      reached: wall / engine >= 100,
    },
  ];
}

const cluster = clusterOf(LARGE);
const source = sourceOf(cluster);
const readingTime = await roundsOf({ name: 'read', run: () => readManifests([source]) }, 1);
const reading = readManifests([source]);
if (reading.problems.length > 0) throw new Error(reading.problems[0]?.message);

const work = { name: 'map', run: () => mapOf(reading) };
const cold = await roundsOf(work, 1);
const timing = await roundsOf(work, sized(9, 3));
const map = mapOf(reading);
const memory = memoryNow();

report('engine-map', [
  {
    what: `compile and map: ${count(reading.facts.pods.length)} pods, ${count(reading.policies.length)} policies, ${count(map.length)} rows`,
    value: wallOf(timing),
    cpu: cpuOf(timing),
    goal: '< 1 s',
    reached: median(timing.cpu) < 1_000,
    memory,
  },
  { what: 'the same in a process that has just begun', value: wallOf(cold), cpu: cpuOf(cold) },
  {
    what: 'before it: reading 7 MB of JSON manifests',
    value: wallOf(readingTime),
    cpu: cpuOf(readingTime),
  },
  ...(await modelFigures(timing)),
  ...(await analyzerFigures(cluster, median(timing.wall))),
]);
