import type { ProblemLineFragment } from '../../generated/cli.js';
import { visible } from '../../netpol/index.js';
import { FLAGS, flagOf, forCommands } from '../command-words.js';
import type { CliIo } from '../shell.js';
import { write } from '../shell.js';

export type ApiProblem = ProblemLineFragment;

/** Which file and line of ours a line of what was sent came from. */
export type Origin = (line: number) => { readonly file: string; readonly line: number } | null;

const placeOf = ({ file, line, column }: ApiProblem, origin: Origin | null): string => {
  const own = file === null && line !== null ? (origin?.(line) ?? null) : null;
  const [name, row] = own === null ? [file, line] : [own.file, own.line];
  const parts = [name, row, row === null ? null : column].filter(part => part !== null);
  return parts.length === 0 ? '' : `${parts.join(':')}: `;
};

/** A path in the input of a mutation says nothing to whom wrote a command: `policySet`. */
const isOfRequest = ({ path, line }: ApiProblem): boolean =>
  path === null || path === '' || (line === null && !/[.[]/.test(path));

/** Of what was given alone: a name in backticks may be anybody's. */
const flagsIn = (message: string): string =>
  message.replace(/`(\w+): (\w+)`/g, (field, name: string, value: string) =>
    FLAGS.has(name) ? flagOf(name, value) : field,
  );

/** One line: `policies/web.yaml:3:5: warning: message at spec.ingress[0] (hint)`. */
export const problemLine = (problem: ApiProblem, origin: Origin | null = null): string => {
  const { severity, message, hint } = problem;
  const word = severity === 'INFO' ? 'note' : severity.toLowerCase();
  const inside = isOfRequest(problem) ? '' : ` at ${problem.path}`;
  const cure = hint === null ? '' : ` (${forCommands(hint)})`;
  return `${visible(`${placeOf(problem, origin)}${word}: ${flagsIn(message)}${inside}${cure}`)}\n`;
};

/** More than a person reads; JSON has them all. */
const MOST_LINES = 50;

/** A million records have the same fault a million times: some of them show where it comes from. */
const MOST_OF_A_KIND = 5;

/** What has one cure, wherever it is. */
const kindOf = ({ severity, code, path }: ApiProblem): string =>
  `${severity} ${code} ${path?.replaceAll(/\[\d+\]/g, '[]') ?? ''}`;

/** The lines of problems, those of one kind together; how many are left out is said. */
export function problemLines(
  problems: readonly ApiProblem[],
  origin: Origin | null = null,
): readonly string[] {
  const kinds = [...Map.groupBy(problems, kindOf).values()];
  const lines = kinds.flatMap(some => {
    const shown = some.slice(0, MOST_OF_A_KIND).map(problem => problemLine(problem, origin));
    const more = some.length - shown.length;
    return more === 0 ? shown : [...shown, `… and ${more} more such as the last\n`];
  });
  const rest = lines.length - MOST_LINES;
  return rest > 0
    ? [...lines.slice(0, MOST_LINES), `… and ${rest} more lines: \`-o json\` has all\n`]
    : lines;
}

export const tellProblems = async (
  { stderr }: Pick<CliIo, 'stderr'>,
  problems: readonly ApiProblem[],
  origin: Origin | null = null,
): Promise<void> => write(stderr, problemLines(problems, origin).join(''));

/** The most of a list that commands ask for at once, where it has no pages. */
const LONGEST_LIST = 500;

/** That a list may be longer than what is shown of it. */
export const tellCut = async (
  { stderr }: Pick<CliIo, 'stderr'>,
  shown: readonly unknown[],
  cure: string,
): Promise<void> => {
  if (shown.length < LONGEST_LIST) return;
  await write(stderr, `these are the first ${LONGEST_LIST}, and there may be more: ${cure}\n`);
};

export const hasErrors = (problems: readonly ApiProblem[]): boolean =>
  problems.some(({ severity }) => severity === 'ERROR');
