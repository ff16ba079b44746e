/**
 * `node --import tsx test/mutation/report.ts [--report FILE] [--list | PREFIX…]`: what the last mutation run says, as
 * Markdown. Without more: a table of folders. With a PREFIX: a table of the files whose paths begin so, and those
 * of their survivors for which `reasons/` has no reason. With `--list`: all survivors, by reason and file.
 */
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import {
  isUntried,
  type Mutant,
  reasonOf,
  reportAt,
  type Survivor,
  survivorsOf,
  UNEXPLAINED,
} from './survivors.ts';

const { values, positionals: prefixes } = parseArgs({
  options: {
    report: { type: 'string', default: 'reports/engine.json' },
    list: { type: 'boolean', default: false },
  },
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

const lineOf = ({ mutant: { location, status }, change }: Survivor): string => {
  const { line, column } = location.start;
  return `${line}:${column}${REMARKS[status] ?? ''} \`${change.replaceAll('`', '´')}\``;
};

function listed(survivors: readonly Survivor[]): readonly string[] {
  const byReason = Map.groupBy(survivors, reasonOf);
  return [...byReason].flatMap(([reason, some]) => [
    `\n## ${reason} (${some.length})`,
    ...[...Map.groupBy(some, ({ file }) => file)].flatMap(([file, own]) => [
      `\n- ${file}`,
      ...own.map(one => `  - ${lineOf(one)}`),
    ]),
  ]);
}

const names = Object.keys(files).sort();
const chosen = names.filter(name => prefixes.some(prefix => name.startsWith(prefix)));
const mutantsOf = (some: readonly string[]) => some.flatMap(name => files[name]?.mutants ?? []);
const survivorsIn = (some: readonly string[]) =>
  some.flatMap(name => survivorsOf(name, files[name] ?? { source: '', mutants: [] }));

const folders = Map.groupBy(names, name => dirname(name));
const rows =
  prefixes.length === 0
    ? [...folders].map(([folder, inside]) => rowOf(folder, mutantsOf(inside)))
    : chosen.map(name => rowOf(name, mutantsOf([name])));
const lines = values.list
  ? listed(survivorsIn(names))
  : survivorsIn(chosen)
      .filter(one => reasonOf(one) === UNEXPLAINED)
      .map(one => `- ${one.file}:${lineOf(one)}`);
const total = rowOf('**all**', mutantsOf(prefixes.length === 0 ? names : chosen));
console.log([HEAD, ...rows, total, ...(lines.length === 0 ? [] : ['']), ...lines].join('\n'));
