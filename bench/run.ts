/**
 * `npm run bench [-- NAME…] [--quick]`: runs all benchmarks, or those whose names begin with a
 * NAME, each in a process of its own, so that its memory is its own; then prints one table.
 *
 * A benchmark is a file beside this one that says at its head what it measures, on what data, and
 * against which reference. It hands its figures over by `report`; what it prints is shown as it comes.
 */
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Report, tableOf } from './measure/report.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});

const known = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith('.ts') && file !== 'run.ts')
  .map(file => basename(file, '.ts'))
  .sort();
const chosen = known.filter(
  name => positionals.length === 0 || positionals.some(start => name.startsWith(start)),
);
if (chosen.length === 0) {
  console.error(`bench: no benchmark begins with \`${positionals.join('`, `')}\``);
  console.error(`hint: the benchmarks are ${known.join(', ')}`);
  process.exit(2);
}

type Run = { readonly reports: readonly Report[]; readonly code: number };

const runOf = (name: string): Promise<Run> =>
  new Promise((resolve, reject) => {
    const reports: Report[] = [];
    const child = fork(
      join(import.meta.dirname, `${name}.ts`),
      values.quick ? ['--quick'] : [],
      {},
    );
    child.on('message', message => reports.push(message as Report));
    child.on('error', reject);
    child.on('close', code => resolve({ reports, code: code ?? 1 }));
  });

const started = performance.now();
const reports: Report[] = [];
const failed: string[] = [];
for (const name of chosen) {
  console.log(`running ${name} …`);
  const run = await runOf(name);
  reports.push(...run.reports);
  if (run.code !== 0) failed.push(name);
}

const seconds = Math.round((performance.now() - started) / 1000);
console.log(`\n${tableOf(reports)}\n`);
console.log(
  `Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${values.quick ? 'quick, ' : ''}${seconds} s in all`,
);
if (failed.length > 0) console.error(`bench: failed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
