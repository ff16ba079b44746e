/**
 * `node --import tsx test/mutation/report.ts [--report FILE] [--list | PREFIX…]`: what the last mutation run says, as
 * Markdown. Without more: a table of folders. With a PREFIX: a table of the files whose paths begin so, and those
 * of their survivors for which `reasons/` has no reason. With `--list`: all survivors, by reason and file.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';

type Mutant = {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
};

type Tested = { readonly source: string; readonly mutants: readonly Mutant[] };

/**
 * Why no test can or should kill some mutants, in `reasons/`: a file for each room, and `any.yaml`. The first that
 * fits counts.
 */
type Reason = {
  readonly reason: string;
  /** Beginnings of paths; everywhere where not given. */
  readonly files?: readonly string[];
  /**
   * A regular expression for the change, as `ConditionalExpression: known !== undefined → false`: blanks are single, and
   * both parts are cut after 90 characters.
   */
  readonly change?: string;
  /** Or the changes themselves, word for word. */
  readonly changes?: readonly string[];
};

type Survivor = { readonly file: string; readonly mutant: Mutant; readonly change: string };

const { values, positionals: prefixes } = parseArgs({
  options: {
    report: { type: 'string', default: 'reports/engine.json' },
    list: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const { files } = JSON.parse(readFileSync(values.report, 'utf8')) as {
  readonly files: Readonly<Record<string, Tested>>;
};
const reasons = globSync('test/mutation/reasons/*.yaml').flatMap(
  file => parse(readFileSync(file, 'utf8')) as readonly Reason[],
);
const UNEXPLAINED = 'No reason is known: a test is missing';

const STATUSES = ['Killed', 'Timeout', 'Survived', 'NoCoverage'] as const;

const countOf = (mutants: readonly Mutant[], status: string): number =>
  mutants.filter(mutant => mutant.status === status).length;

function rowOf(name: string, mutants: readonly Mutant[]): string {
  const [killed = 0, timeout = 0, survived = 0, uncovered = 0] = STATUSES.map(status =>
    countOf(mutants, status),
  );
  const all = killed + timeout + survived + uncovered;
  const score = all === 0 ? '' : `${((100 * (killed + timeout)) / all).toFixed(1)} %`;
  return `| ${[name, killed, timeout, survived, uncovered, score].join(' | ')} |`;
}

const HEAD =
  '| where | killed | timed out | survived | not covered | score |\n|---|---|---|---|---|---|';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 90).trim();

/** The text that a mutant replaces; of several lines, what stands on the first. */
function original({ source }: Tested, { location: { start, end } }: Mutant): string {
  const line = source.split('\n')[start.line - 1] ?? '';
  return line.slice(start.column - 1, end.line === start.line ? end.column - 1 : undefined);
}

/** What a mutant changes, in words that stay when lines move. */
const changeOf = (tested: Tested, mutant: Mutant): string =>
  `${mutant.mutatorName}: ${oneLine(original(tested, mutant))} → ${oneLine(mutant.replacement ?? '')}`;

const isAlive = ({ status }: Mutant): boolean => status === 'Survived' || status === 'NoCoverage';

const survivorsOf = (file: string, tested: Tested): readonly Survivor[] =>
  tested.mutants
    .filter(isAlive)
    .map(mutant => ({ file, mutant, change: changeOf(tested, mutant) }));

const covers = ({ files: where, change: pattern, changes }: Reason, { file, change }: Survivor) =>
  (where?.some(start => file.startsWith(start)) ?? true) &&
  (changes?.includes(change) === true ||
    (pattern !== undefined && new RegExp(pattern).test(change)));

const reasonOf = (survivor: Survivor): string =>
  reasons.find(reason => covers(reason, survivor))?.reason ?? UNEXPLAINED;

const lineOf = ({ mutant: { location, status }, change }: Survivor): string => {
  const { line, column } = location.start;
  return `${line}:${column}${status === 'NoCoverage' ? ' (no test reaches it)' : ''} \`${change.replaceAll('`', '´')}\``;
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
