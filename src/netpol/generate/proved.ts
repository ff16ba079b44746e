import { compareSets } from '../compare/compare-sets.js';
import { compile } from '../compile/compile.js';
import { counted } from '../counted.js';
import type { Facts } from '../facts.js';
import { parsePolicies } from '../reading/policies.js';
import { render } from '../render.js';
import { withTwins } from '../twin.js';
import type { ObservedFlow } from './evidence.js';
import { type Generated, generatePolicies, type Known } from './generate.js';
import type { GenerateOptions } from './options.js';
import { warning } from './warning.js';

const compiledOf = (facts: Facts, { policies }: Generated) => {
  const text = render(policies.map(({ document }) => document));
  return compile(withTwins(facts), parsePolicies([{ file: null, text }]).policies);
};

/**
 * `generatePolicies` with rules, ports and blocks merged, where the engine proves that every pair is allowed exactly
 * the same; else as they were, with a WARNING.
 */
export function generateFewest(
  facts: Facts,
  subjects: readonly string[],
  flows: readonly ObservedFlow[],
  options: GenerateOptions & Known,
): Generated {
  const plain = generatePolicies(facts, subjects, flows, { ...options, minimise: false });
  const small = generatePolicies(facts, subjects, flows, { ...options, minimise: true });
  const { pairs } = compareSets(compiledOf(facts, plain), compiledOf(facts, small), {
    withItself: true,
  });
  if (pairs.length === 0) return small;
  const told = warning(
    'NOT_MINIMISED',
    `the rules stay as they are: merged, they would allow something else between ${counted(pairs.length, 'pair')}`,
    'please report this: merging is meant to change nothing',
  );
  return { ...plain, problems: [...plain.problems, told] };
}
