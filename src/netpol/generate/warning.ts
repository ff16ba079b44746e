import { type Problem, Severity } from '../problem.js';

const problem = (
  severity: Problem['severity'],
  [code, message, hint]: readonly string[],
): Problem => ({
  code: code ?? '',
  severity,
  message: message ?? '',
  path: null,
  place: null,
  hint: hint ?? null,
});

/** Something that somebody should look at before the policies are applied. */
export const warning = (code: string, message: string, hint: string): Problem =>
  problem(Severity.WARNING, [code, message, hint]);

const SHOWN = 10;

/** `a, b and 3 more`, each in backticks; in alphabetical order. */
export function enumerated(names: readonly string[]): string {
  const sorted = [...new Set(names)].toSorted();
  const shown = sorted.slice(0, SHOWN).map(name => `\`${name}\``);
  const rest = sorted.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}
