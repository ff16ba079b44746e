import type { Brand } from '../brand.js';
import { type Outcome, UNGOVERNED } from '../decide/outcome.js';

/** The number of an outcome in its table. */
export type OutcomeId = Brand<number, 'OutcomeId'>;

/** Numbers for outcomes: equal outcomes have equal numbers, and rows of them are small. */
export type OutcomeTable = {
  numberOf(outcome: Outcome): OutcomeId;
  at(number: OutcomeId): Outcome;
};

export const UNGOVERNED_OUTCOME = 0 as OutcomeId;

export function outcomeTable(): OutcomeTable {
  const outcomes: Outcome[] = [];
  const numbers = new Map<string, OutcomeId>();
  const numberOf = (outcome: Outcome): OutcomeId => {
    const { allow, maybe, byDefault, undefinedProtocol, governed } = outcome;
    const key = `${allow} ${maybe} ${byDefault} ${undefinedProtocol} ${governed}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = (outcomes.push(outcome) - 1) as OutcomeId;
    numbers.set(key, number);
    return number;
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
