/** Mutants of a run, and why some of them live: shared by `run.ts` and `report.ts`. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type Mutant = {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
};

export type Tested = { readonly source: string; readonly mutants: readonly Mutant[] };

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

export type Survivor = { readonly file: string; readonly mutant: Mutant; readonly change: string };

export type Report = { readonly files: Readonly<Record<string, Tested>> };

export const reportAt = (file: string): Report =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : { files: {} };

const reasons = globSync('test/mutation/reasons/*.yaml').flatMap(
  file => parse(readFileSync(file, 'utf8')) as readonly Reason[],
);
export const UNEXPLAINED = 'No reason is known: a test is missing';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 90).trim();

/** The text that a mutant replaces; of several lines, what stands on the first. */
function original({ source }: Tested, { location: { start, end } }: Mutant): string {
  const line = source.split('\n')[start.line - 1] ?? '';
  return line.slice(start.column - 1, end.line === start.line ? end.column - 1 : undefined);
}

/** What a mutant changes, in words that stay when lines move. */
const changeOf = (tested: Tested, mutant: Mutant): string =>
  `${mutant.mutatorName}: ${oneLine(original(tested, mutant))} → ${oneLine(mutant.replacement ?? '')}`;

/** In code that runs only at import, which needs a new process for each mutant, or ended its process: left for `--survivors`. */
export const isUntried = ({ status }: Mutant): boolean =>
  status === 'Ignored' || status === 'RuntimeError';

const isAlive = (mutant: Mutant): boolean =>
  mutant.status === 'Survived' || mutant.status === 'NoCoverage' || isUntried(mutant);

export const survivorsOf = (file: string, tested: Tested): readonly Survivor[] =>
  tested.mutants
    .filter(isAlive)
    .map(mutant => ({ file, mutant, change: changeOf(tested, mutant) }));

const covers = ({ files: where, change: pattern, changes }: Reason, { file, change }: Survivor) =>
  (where?.some(start => file.startsWith(start)) ?? true) &&
  (changes?.includes(change) === true ||
    (pattern !== undefined && new RegExp(pattern).test(change)));

export const reasonOf = (survivor: Survivor): string =>
  reasons.find(reason => covers(reason, survivor))?.reason ?? UNEXPLAINED;
