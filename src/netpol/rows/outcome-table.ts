import { type Outcome, UNGOVERNED } from '../decide/outcome.js';

/** Numbers for outcomes: equal outcomes have equal numbers, and rows of them are small. */
export type OutcomeTable = { numberOf(outcome: Outcome): number; at(number: number): Outcome };

export const UNGOVERNED_OUTCOME = 0;

export function outcomeTable(): OutcomeTable {
  const outcomes: Outcome[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (outcome: Outcome): number => {
    const { allow, maybe, byDefault, undefinedProtocol, governed } = outcome;
    const key = `${allow} ${maybe} ${byDefault} ${undefinedProtocol} ${governed}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    outcomes.push(outcome);
    numbers.set(key, outcomes.length - 1);
    return outcomes.length - 1;
  };
  numberOf(UNGOVERNED);
  return {
    numberOf,
    at: number => {
      const outcome = outcomes[number];
      if (outcome === undefined) throw new RangeError(`no outcome has the number ${number}`);
      return outcome;
    },
  };
}
