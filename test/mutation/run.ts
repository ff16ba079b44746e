/**
 * `npm run mutation [-- [--resume] [PREFIX…]]`: mutation testing of the engine, or of its files whose paths under `src/netpol/` begin
 * with a PREFIX (`lint/`, `decide/match.ts`). Slice by slice: planted mutants cost time even while they sleep, so that all at once takes
 * ten times as long as a few files at a time. `reports/engine.json` holds the results; `--resume` leaves out files that it has
 * and that have not changed since. `report.ts` prints it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Characters of source in a slice: some 700 mutants, five minutes on two cores. */
const SLICE = 30_000;
const ENGINE = 'reports/engine.json';
const LATEST = 'reports/mutation.json';

type Report = { readonly files: Readonly<Record<string, { readonly source: string }>> };

const { values, positionals: prefixes } = parseArgs({
  options: { resume: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const textOf = (file: string): string => readFileSync(file, 'utf8');

const reportAt = (file: string): Report =>
  existsSync(file) ? (JSON.parse(textOf(file)) as Report) : { files: {} };

const isWanted = (file: string): boolean =>
  file !== 'src/netpol/index.ts' &&
  (prefixes.length === 0 || prefixes.some(prefix => file.startsWith(`src/netpol/${prefix}`)));

const known = values.resume ? reportAt(ENGINE).files : {};
const files = globSync('src/netpol/**/*.ts')
  .filter(isWanted)
  .filter(file => known[file]?.source !== textOf(file))
  .sort();

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

async function runSlice(slice: readonly string[]): Promise<boolean> {
  const stryker = 'node_modules/@stryker-mutator/core/bin/stryker.js';
  const child = spawn(process.execPath, [stryker, 'run', '--mutate', slice.join(',')], {
    stdio: 'inherit',
  });
  const [code] = await once(child, 'close');
  return code === 0;
}

/** Results of other files stay. */
function keep(): void {
  const [engine, latest] = [reportAt(ENGINE), reportAt(LATEST)];
  mkdirSync('reports', { recursive: true });
  writeFileSync(ENGINE, JSON.stringify({ ...latest, files: { ...engine.files, ...latest.files } }));
}

const slices = slicesOf(files);
for (const [place, slice] of slices.entries()) {
  console.log(`slice ${place + 1} of ${slices.length}: ${slice.join(' ')}`);
  if (!(await runSlice(slice))) {
    console.error('mutation: Stryker failed; `--resume` goes on from here');
    process.exit(1);
  }
  keep();
}
console.log(`${ENGINE} is complete for ${files.length} files`);
