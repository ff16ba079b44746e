/**
 * `node --import tsx test/mutation/report.ts [--report FILE] [PREFIX…]`: what the last mutation run says, as Markdown: a
 * table of folders, or, of the files whose paths begin with a PREFIX, a table, the survivors that have no
 * reason in `test/mutation/survivors/`, and the reasons there that no survivor needs any more.
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

/** One entry of a file in `test/mutation/survivors/`: why no test can or should kill these mutants. */
type Reasoned = {
  readonly file: string;
  readonly reason: string;
  readonly mutants: readonly string[];
};

const { values, positionals: prefixes } = parseArgs({
  options: { report: { type: 'string', default: 'reports/mutation.json' } },
  allowPositionals: true,
});
const { files } = JSON.parse(readFileSync(values.report, 'utf8')) as {
  readonly files: Readonly<Record<string, Tested>>;
};

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

const reasoned: ReadonlyMap<string, readonly string[]> = new Map(
  [
    ...Map.groupBy(
      globSync('test/mutation/survivors/*.yaml').flatMap(
        path => (parse(readFileSync(path, 'utf8')) ?? []) as readonly Reasoned[],
      ),
      ({ file }) => file,
    ),
  ].map(([file, entries]) => [file, entries.flatMap(({ mutants }) => mutants)]),
);

function survivorsOf(file: string, tested: Tested): readonly string[] {
  const known = reasoned.get(file) ?? [];
  const alive = tested.mutants.filter(isAlive);
  const changes = new Set(alive.map(mutant => changeOf(tested, mutant)));
  const unexplained = alive
    .filter(mutant => !known.includes(changeOf(tested, mutant)))
    .map(mutant => {
      const { line, column } = mutant.location.start;
      const uncovered = mutant.status === 'NoCoverage' ? ' (no test reaches it)' : '';
      return `- ${file}:${line}:${column}${uncovered} ${changeOf(tested, mutant)}`;
    });
  const stale = known
    .filter(change => !changes.has(change))
    .map(change => `- ${file}: a reason that no survivor needs: ${change}`);
  return [...unexplained, ...stale];
}

const names = Object.keys(files).sort();
const chosen = names.filter(name => prefixes.some(prefix => name.startsWith(prefix)));
const mutantsOf = (some: readonly string[]) => some.flatMap(name => files[name]?.mutants ?? []);

const folders = Map.groupBy(names, name => dirname(name));
const rows =
  prefixes.length === 0
    ? [...folders].map(([folder, inside]) => rowOf(folder, mutantsOf(inside)))
    : chosen.map(name => rowOf(name, mutantsOf([name])));
console.log(
  [HEAD, ...rows, rowOf('**all**', mutantsOf(prefixes.length === 0 ? names : chosen))].join('\n'),
);
for (const name of chosen) {
  const lines = survivorsOf(name, files[name] as Tested);
  if (lines.length > 0) console.log(`\n${lines.join('\n')}`);
}
