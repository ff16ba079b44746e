import {
  betweenPods,
  type Compiled,
  compile,
  type Facts,
  judgeAll,
  type ObservedFlow,
  type Policy,
  type Problem,
  parsePolicies,
  withTwins,
} from '../netpol/index.js';
import { type ExtraPair, extraPairs } from './extra-pairs.js';
import { ownLint } from './own-lint.js';
import { type PolicySetItem, setYaml } from './policy-set.js';

/** What a generated set does in its cluster, as the engine says. */
export type Proof = {
  readonly policies: readonly Policy[];
  readonly compiled: Compiled;
  readonly extraPairs: readonly ExtraPair[];
  readonly problems: readonly Problem[];
};

function denied(compiled: Compiled, flows: readonly ObservedFlow[]): number {
  const judged = judgeAll(compiled, flows.map(betweenPods));
  return flows.filter((_, place) => {
    const { verdict, basis } = judged.at(place);
    return verdict === 'DENIED' || (verdict === 'UNDECIDABLE' && basis === 'mixed-label-sets');
  }).length;
}

const notCovered = (blocked: number, all: number): readonly Problem[] =>
  blocked === 0
    ? []
    : [
        {
          code: 'FLOWS_NOT_COVERED',
          severity: 'WARNING',
          message: `${blocked} of ${all} observed flows would be blocked by the generated policies`,
          path: null,
          place: null,
          hint: 'the other warnings name the flows that got no rule; simulate the set to see each',
        },
      ];

/**
 * A generated set must allow every flow that it was made from: those that it does not are counted. It is linted in the
 * context of its cluster, where an ERROR is a fault of the answer.
 */
export function proofOf(
  facts: Facts,
  items: readonly PolicySetItem[],
  flows: readonly ObservedFlow[],
): Proof {
  const { policies, problems } = parsePolicies([{ file: null, text: setYaml(items) }]);
  const compiled = compile(withTwins(facts), policies);
  return {
    policies,
    compiled,
    extraPairs: extraPairs(compiled, facts, policies, flows),
    problems: [
      ...problems,
      ...notCovered(denied(compiled, flows), flows.length),
      ...ownLint(facts, policies),
    ],
  };
}
