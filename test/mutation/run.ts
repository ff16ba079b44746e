/**
 * `npm run mutation [-- [--resume | --survivors] [PREFIX…]]`: mutation testing of the engine, or of its files whose paths under
 * `src/netpol/` begin with a PREFIX (`lint/`, `decide/match.ts`). Slice by slice: planted mutants cost time even while they sleep, so
 * that all at once takes ten times as long as a few files at a time. `reports/engine.json` holds the results; `--resume` leaves out
 * files that it has and that have not changed since; `--survivors` tries again what no test killed, in
 * files that have not changed, such as after tests were added, and what only awakes at import (code that no test runs again); each then
 * has ten seconds. `report.ts` prints it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isAlive, type Mutant, type Report, reportAt, type Tested } from './results.ts';

/** Characters of source in a slice: some 700 mutants, five minutes on two cores. */
const SLICE = 30_000;
const ENGINE = 'reports/engine.json';
const LATEST = 'reports/mutation.json';
const CONFIG = 'stryker.config.json';
const PATIENT_CONFIG = 'reports/stryker.survivors.json';

/** Survivors in a slice: each costs the time of all tests that reach it. */
const SURVIVORS = 250;

const { values, positionals: prefixes } = parseArgs({
  options: {
    resume: { type: 'boolean', default: false },
    survivors: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

const textOf = (file: string): string => readFileSync(file, 'utf8');

const isWanted = (file: string): boolean =>
  file !== 'src/netpol/index.ts' &&
  (prefixes.length === 0 || prefixes.some(prefix => file.startsWith(`src/netpol/${prefix}`)));

const allFiles = globSync('src/netpol/**/*.ts').filter(isWanted).sort();

const isKnown = ({ files }: Report, file: string): boolean => files[file]?.source === textOf(file);

/** What Stryker's `--mutate` takes for one mutant; others inside it are tried with it. */
const rangeOf = (file: string, { location: { start, end } }: Mutant): string =>
  `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;

/** The places of all survivors, and of mutants that were not tried, each once. */
function placesOf(engine: Report): readonly (readonly string[])[] {
  const ranges = allFiles
    .filter(file => isKnown(engine, file))
    .flatMap(file =>
      (engine.files[file]?.mutants ?? []).filter(isAlive).map(mutant => rangeOf(file, mutant)),
    );
  const distinct = [...new Set(ranges)];
  return Array.from({ length: Math.ceil(distinct.length / SURVIVORS) }, (_, slice) =>
    distinct.slice(slice * SURVIVORS, (slice + 1) * SURVIVORS),
  );
}

function slicesOf(all: readonly string[]): readonly (readonly string[])[] {
  const slices: string[][] = [];
  let size = SLICE;
  for (const file of all) {
    const own = textOf(file).length;
    if (size + own > SLICE) slices.push([]);
    size = size + own > SLICE ? own : size + own;
    slices.at(-1)?.push(file);
  }
  return slices;
}

/** Survivors get ten seconds each: few are left that no test kills, and the tests that kill them may come late. */
function patientConfig(): string {
  const usual = JSON.parse(textOf(CONFIG)) as { readonly inProcess: object };
  const patient = {
    ...usual,
    ignoreStatic: false,
    timeoutMS: 20_000,
    inProcess: { ...usual.inProcess, budget: 10_000 },
  };
  mkdirSync('reports', { recursive: true });
  writeFileSync(PATIENT_CONFIG, JSON.stringify(patient));
  return PATIENT_CONFIG;
}

async function runSlice(slice: readonly string[]): Promise<boolean> {
  const stryker = 'node_modules/@stryker-mutator/core/bin/stryker.js';
  const args = [stryker, 'run', config, '--mutate', slice.join(',')];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const [code] = await once(child, 'close');
  return code === 0;
}

const keyOf = ({ mutatorName, replacement, location }: Mutant): string =>
  JSON.stringify([mutatorName, replacement, location.start, location.end]);

/** Of one text of a file: the mutants that were tried now as they are now, the others as they were. */
function merged(before: Tested | undefined, now: Tested): Tested {
  if (before?.source !== now.source) return now;
  const tried = new Map(now.mutants.map(mutant => [keyOf(mutant), mutant]));
  const kept = before.mutants.map(mutant => tried.get(keyOf(mutant)) ?? mutant);
  const known = new Set(before.mutants.map(keyOf));
  return { ...now, mutants: [...kept, ...now.mutants.filter(one => !known.has(keyOf(one)))] };
}

/** Results of other files stay. */
function keep(): void {
  const [engine, latest] = [reportAt(ENGINE), reportAt(LATEST)];
  const files = Object.entries(latest.files).map(([file, tested]) => [
    file,
    merged(engine.files[file], tested),
  ]);
  mkdirSync('reports', { recursive: true });
  const all = { ...engine.files, ...Object.fromEntries(files) };
  writeFileSync(ENGINE, JSON.stringify({ ...latest, files: all }));
}

const engine = reportAt(ENGINE);
const config = values.survivors ? patientConfig() : CONFIG;
const slices = values.survivors
  ? placesOf(engine)
  : slicesOf(allFiles.filter(file => !(values.resume && isKnown(engine, file))));
for (const [place, slice] of slices.entries()) {
  console.log(`slice ${place + 1} of ${slices.length}: ${slice.join(' ')}`);
  if (!(await runSlice(slice))) {
    console.error('mutation: Stryker failed; `--resume` goes on from here');
    process.exit(1);
  }
  keep();
}
console.log(`${ENGINE} holds the results`);
