/**
 * `node --import tsx test/mutation/report.ts [--report FILE] [PREFIX…]`: what the last mutation run says, as
 * Markdown. Without a PREFIX: a table of folders, as in `docs/mutation.md`. With one: a table of the files whose paths begin so, and
 * their survivors.
 */
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { isAlive, isUntried, type Mutant, reportAt, type Tested } from './results.ts';

const { values, positionals: prefixes } = parseArgs({
  options: { report: { type: 'string', default: 'reports/engine.json' } },
  allowPositionals: true,
});
const { files } = reportAt(values.report);
const STATUSES = ['Killed', 'Timeout', 'Survived', 'NoCoverage'] as const;

const countOf = (mutants: readonly Mutant[], status: string): number =>
  mutants.filter(mutant => mutant.status === status).length;

function rowOf(name: string, mutants: readonly Mutant[]): string {
  const [killed = 0, timeout = 0, survived = 0, uncovered = 0] = STATUSES.map(status =>
    countOf(mutants, status),
  );
  const untried = mutants.filter(isUntried).length;
  const all = killed + timeout + survived + uncovered + untried;
  const score = all === 0 ? '' : `${((100 * (killed + timeout)) / all).toFixed(1)} %`;
  return `| ${[name, killed, timeout, survived, uncovered, untried, score].join(' | ')} |`;
}

const HEAD =
  '| where | killed | timed out | survived | not covered | not tried | score |\n|---|---|---|---|---|---|---|';

const REMARKS: Readonly<Record<string, string>> = {
  NoCoverage: ' (no test reaches it)',
  Ignored: ' (not tried)',
  RuntimeError: ' (not tried: the process ended)',
};

/** The text that a mutant replaces; of several lines, what stands on the first. */
function original({ source }: Tested, { location: { start, end } }: Mutant): string {
  const line = source.split('\n')[start.line - 1] ?? '';
  return line.slice(start.column - 1, end.line === start.line ? end.column - 1 : undefined);
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 90).trim();

function lineOf(file: string, tested: Tested, mutant: Mutant): string {
  const { line, column } = mutant.location.start;
  const change = `${oneLine(original(tested, mutant))} → ${oneLine(mutant.replacement ?? '')}`;
  return `- ${file}:${line}:${column}${REMARKS[mutant.status] ?? ''} ${mutant.mutatorName}: ${change}`;
}

const names = Object.keys(files).sort();
const chosen = names.filter(name => prefixes.some(prefix => name.startsWith(prefix)));
const testedOf = (name: string): Tested => files[name] ?? { source: '', mutants: [] };
const mutantsOf = (some: readonly string[]) => some.flatMap(name => testedOf(name).mutants);

const folders = Map.groupBy(names, name => dirname(name));
const rows =
  prefixes.length === 0
    ? [...folders].map(([folder, inside]) => rowOf(folder, mutantsOf(inside)))
    : chosen.map(name => rowOf(name, mutantsOf([name])));
const lines = chosen.flatMap(name =>
  testedOf(name)
    .mutants.filter(isAlive)
    .map(mutant => lineOf(name, testedOf(name), mutant)),
);
const total = rowOf('**all**', mutantsOf(prefixes.length === 0 ? names : chosen));
console.log([HEAD, ...rows, total, ...(lines.length === 0 ? [] : ['']), ...lines].join('\n'));
