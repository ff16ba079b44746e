import { NOTHING, type TrafficTable } from '../ports/traffic.js';
import { addMatch, noMatches, type Question } from './direct.js';
import type { Match } from './match.js';
import { evaluate, type Outcome } from './outcome.js';
import type { Unknowns } from './side.js';

/** Rules of a program that match, or may, by their places in it. */
export type Matches = readonly (readonly [place: number, match: Match])[];

/** What a program says that has only the rules that match: the others add nothing, and there may be thousands of them. */
export function outcomeOfMatches(
  table: TrafficTable,
  question: Question & { readonly unknowns: Unknowns },
  matches: Matches,
): Outcome {
  const { program, unknowns } = question;
  const found = matches.toSorted(([one], [other]) => one - other);
  const before = (end: number): number => found.filter(([place]) => place < end).length;
  const few = {
    ...program,
    rules: found.flatMap(([place]) => program.rules[place] ?? []),
    adminEnd: before(program.adminEnd),
    networkEnd: before(program.networkEnd),
  };
  const matched = noMatches(few);
  for (const [place, [, match]] of found.entries())
    addMatch(table, { ...question, program: few }, [place, match], matched);
  if (unknowns === 'unmatched') matched.perhaps.fill(NOTHING);
  return evaluate(table, few, matched, false);
}
