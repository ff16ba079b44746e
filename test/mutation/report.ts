/**
 * `node --import tsx test/mutation/report.ts [PREFIX…]`: what the last mutation run says, as Markdown:
 * a table of folders, or of the files whose paths begin with a PREFIX and their survivors.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

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

const { files } = JSON.parse(readFileSync('reports/mutation.json', 'utf8')) as {
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

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 90);

/** The text that a mutant replaces, where it lies on one line. */
function original({ source }: Tested, { location: { start, end } }: Mutant): string {
  const line = source.split('\n')[start.line - 1] ?? '';
  return line.slice(start.column - 1, end.line === start.line ? end.column - 1 : undefined);
}

const survivorsOf = (file: string, tested: Tested): readonly string[] =>
  tested.mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(mutant => {
      const { line, column } = mutant.location.start;
      const change = `\`${oneLine(original(tested, mutant))}\` → \`${oneLine(mutant.replacement ?? '')}\``;
      return `- ${file}:${line}:${column} ${mutant.mutatorName}: ${change}`;
    });

const prefixes = process.argv.slice(2);
const names = Object.keys(files).sort();
const chosen = names.filter(name => prefixes.some(prefix => name.startsWith(prefix)));

const folders = Map.groupBy(names, name => dirname(name));
const rows =
  prefixes.length === 0
    ? [...folders].map(([folder, inside]) =>
        rowOf(
          folder,
          inside.flatMap(name => files[name]?.mutants ?? []),
        ),
      )
    : chosen.map(name => rowOf(name, files[name]?.mutants ?? []));
const all = names.flatMap(name => files[name]?.mutants ?? []);
console.log([HEAD, ...rows, ...(prefixes.length === 0 ? [rowOf('**all**', all)] : [])].join('\n'));
for (const name of chosen) {
  const lines = survivorsOf(name, files[name] as Tested);
  if (lines.length > 0) console.log(`\n${lines.join('\n')}`);
}
