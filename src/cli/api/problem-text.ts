import type { ProblemLineFragment } from '../../generated/cli.js';
import { visible } from '../../netpol/index.js';
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

/** One line: `policies/web.yaml:3:5: warning: message at spec.ingress[0] (hint)`. */
export const problemLine = (problem: ApiProblem, origin: Origin | null = null): string => {
  const { severity, message, path, hint } = problem;
  const word = severity === 'INFO' ? 'note' : severity.toLowerCase();
  const inside = path === null || path === '' ? '' : ` at ${path}`;
  const cure = hint === null ? '' : ` (${hint})`;
  return `${visible(`${placeOf(problem, origin)}${word}: ${message}${inside}${cure}`)}\n`;
};

/** More than a person reads; JSON has them all. */
const MOST_LINES = 50;

export const tellProblems = async (
  { stderr }: Pick<CliIo, 'stderr'>,
  problems: readonly ApiProblem[],
  origin: Origin | null = null,
): Promise<void> => {
  const shown = problems.slice(0, MOST_LINES).map(problem => problemLine(problem, origin));
  const rest = problems.length - shown.length;
  await write(stderr, `${shown.join('')}${rest > 0 ? `… and ${rest} more\n` : ''}`);
};

export const hasErrors = (problems: readonly ApiProblem[]): boolean =>
  problems.some(({ severity }) => severity === 'ERROR');
