import { contains, parseBlock } from './address.js';
import type { Party } from './inventory.js';
import type { Answer } from './objects.js';

/** Matches, does not, or the fact (a basis) that is missing to tell. */
export type Match = boolean | 'missing-inventory';

export const anyOf = (matches: readonly Match[]): Match => {
  if (matches.includes(true)) return true;
  return matches.find(match => match !== false) ?? false;
};

export const bothOf = (one: Match, other: Match): Match => {
  if (one === false || other === false) return false;
  return one === true ? other : one;
};

export const butNot = (one: Match, other: Match): Match => {
  if (one === false || other === true) return false;
  return one === true && other !== false ? other : one;
};

/** Row 34: without a known address it cannot be told. Row 35: one address that matches is enough. */
export const inBlock = (party: Party, cidr: string, except: readonly string[] = []): Match => {
  if (party.addresses.length === 0) return 'missing-inventory';
  const block = parseBlock(cidr);
  if (block === null) throw new Error(`${cidr} should have been refused`);
  const holes = except.flatMap(text => parseBlock(text) ?? []);
  return party.addresses.some(
    address => contains(block, address) && !holes.some(hole => contains(hole, address)),
  );
};

const WEAKEST_FIRST = [
  'undefined-hostnetwork',
  'cni-dependent',
  'mixed-backends',
  'unresolved-peer',
  'missing-inventory',
  'undefined-protocol',
  'policy',
  'spec-exception',
  'default-allow',
];

const byWeakness = (answers: readonly Answer[]): Answer[] =>
  [...answers].sort((a, b) => WEAKEST_FIRST.indexOf(a.basis) - WEAKEST_FIRST.indexOf(b.basis));

/** What needs both answers is as doubtful as the more doubtful of them. */
export const weakest = (answers: readonly Answer[]): Answer => byWeakness(answers)[0] as Answer;

/** What either answer is enough for stands on the firmer ground. */
export const firmest = (answers: readonly Answer[]): Answer => byWeakness(answers).at(-1) as Answer;

/**
 * What holds when it is not known which of two answers does. Equal verdicts decide; they rest on the
 * default where either does, since no rule is sure to have allowed.
 */
export const either = (one: Answer, other: Answer, missing: string): Answer => {
  const is = (basis: string) => one.basis === basis || other.basis === basis;
  if (is('undefined-protocol')) return { verdict: 'UNDECIDABLE', basis: 'undefined-protocol' };
  if (one.verdict !== other.verdict) return { verdict: 'UNDECIDABLE', basis: missing };
  return { ...one, basis: is('default-allow') ? 'default-allow' : one.basis };
};
