/**
 * Measures: the offline command as it is installed (`npm run build`), a whole process each time: `netpol connectivity map` of
 * `docs/examples/shop`, and of 1,000, 2,000 and 10,000 pods as YAML and as JSON; `netpol lint` of 10,000. A quick run does not
 * build, so that its process also translates the sources.
 * Data: the cluster of `data/cluster.ts` and parts of it, written into a folder as one file.
 * Reference: the Go analyzer behind `roxctl netpol`, `netpol-analyzer list`, on the same folders, where its binary is on PATH;
 * it reads no folder of 10,000 pods in a time that is worth waiting for, so that it is asked about the smaller ones.
 * Goals, in processor time: small folder ≤ 0.12 s, 10,000 pods as YAML ≤ 2.5 s, lint ≤ 3 s, ≥ 60 × at 2,000 pods.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { clusterOf, LARGE, partOf, sourceOf } from './data/cluster.js';
import { isQuick, sized } from './measure/options.js';
import { timeOfChildren } from './measure/processor-time.js';
import { type Figure, milliseconds, report, times } from './measure/report.js';
import { median } from './measure/rounds.js';
import { weirgate } from './servers/built.js';

type Took = { readonly wall: number; readonly cpu: number };

const ROUNDS = sized(9, 1);
/** Processor time comes in ticks of 10 ms: a short command is run so often in a row. */
const SHORT = sized(10, 1);

function once(program: string, args: readonly string[]): Took {
  const [start, before] = [performance.now(), timeOfChildren(process.pid)];
  const { error, status, stderr } = spawnSync(program, args, { maxBuffer: 2 ** 30 });
  if (error !== undefined) throw error;
  // Lint ends with 1 where it finds something.
  if (status === null || status > 1) throw new Error(String(stderr));
  return { wall: performance.now() - start, cpu: timeOfChildren(process.pid) - before };
}

/** Medians of some rounds, each of `repeats` runs in a row. */
function tookOf(program: string, args: readonly string[], repeats = 1): Took {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const runs = Array.from({ length: repeats }, () => once(program, args));
    const sum = (key: keyof Took): number => runs.reduce((all, run) => all + run[key], 0) / repeats;
    return { wall: sum('wall'), cpu: sum('cpu') };
  });
  return {
    wall: median(rounds.map(({ wall }) => wall)),
    cpu: median(rounds.map(({ cpu }) => cpu)),
  };
}

const ANALYZER = 'netpol-analyzer';
const isThere = spawnSync(ANALYZER, ['--help']).error === undefined;

const root = mkdtempSync(join(tmpdir(), 'weirgate-bench-'));

/** The folder of a part of the cluster, as `kubectl` writes it. */
function folderOf(pods: number, format: 'yaml' | 'json'): string {
  const folder = join(root, `${pods}-${format}`);
  const { text } = sourceOf(clusterOf(partOf(LARGE, 10_000 / pods)));
  mkdirSync(folder);
  const { items } = JSON.parse(text) as { readonly items: readonly unknown[] };
  const yaml = (): string =>
    items
      .map(item => stringify(item, { aliasDuplicateObjects: false, lineWidth: 0 }))
      .join('---\n');
  writeFileSync(join(folder, `cluster.${format}`), format === 'json' ? text : yaml());
  return folder;
}

type Case = {
  readonly what: string;
  readonly folder: string;
  readonly command: readonly string[];
  /** Milliseconds of processor time; null: no goal. */
  readonly goal: number | null;
  /** Null: the reference is not asked. */
  readonly faster: number | null;
};

const MAP = ['netpol', 'connectivity', 'map'];
const mapOf = (pods: number, format: 'yaml' | 'json'): Case => ({
  what: `map of ${pods} pods as ${format.toUpperCase()}`,
  folder: folderOf(pods, format),
  command: MAP,
  goal: pods === 10_000 && format === 'yaml' ? 2_500 : null,
  faster: pods === 10_000 ? null : pods === 2_000 ? 60 : 10,
});

const LARGEST = 10_000;
const CASES: readonly Case[] = [
  {
    what: 'map of a small folder',
    folder: 'docs/examples/shop',
    command: MAP,
    goal: 120,
    faster: 0,
  },
  ...sized([1_000, 2_000, LARGEST], [1_000]).flatMap(pods => [
    mapOf(pods, 'yaml'),
    mapOf(pods, 'json'),
  ]),
  ...(isQuick
    ? []
    : [
        {
          what: `lint of ${LARGEST} pods as YAML`,
          folder: join(root, `${LARGEST}-yaml`),
          command: ['netpol', 'lint'],
          goal: 3_000,
          faster: null,
        },
      ]),
];

const figureOf = (what: string, { wall, cpu }: Took): Figure => ({
  what,
  value: milliseconds(wall),
  cpu: milliseconds(cpu),
});

function figuresOf({ what, folder, command, goal, faster }: Case): readonly Figure[] {
  const repeats = goal === 120 ? SHORT : 1;
  const took = tookOf(process.execPath, [...weirgate(), ...command, folder], repeats);
  const isJudged = goal !== null && !isQuick;
  const own: Figure = {
    ...figureOf(what, took),
    ...(isJudged && { goal: `≤ ${milliseconds(goal)}`, reached: took.cpu <= goal }),
  };
  if (faster === null || !isThere) return [own];
  const theirs = tookOf(ANALYZER, ['list', '--dirpath', folder, '--quiet'], repeats);
  const ratio = theirs.cpu / took.cpu;
  return [
    own,
    {
      ...figureOf(`${ANALYZER}, the same folder`, theirs),
      ratio: times(ratio),
      ...(faster > 0 && { goal: `≥ ${faster} ×`, reached: ratio >= faster }),
    },
  ];
}

try {
  report('cli', [
    ...CASES.flatMap(figuresOf),
    ...(isThere ? [] : [{ what: ANALYZER, value: 'not on PATH' }]),
  ]);
} finally {
  rmSync(root, { recursive: true });
}
