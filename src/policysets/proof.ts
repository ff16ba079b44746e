import {
  betweenPods,
  type Compiled,
  compile,
  type Facts,
  type GeneratedPolicy,
  type JsonObject,
  judgeAll,
  type ObservedFlow,
  type Policy,
  type Problem,
  policiesOf,
  withTwins,
} from '../netpol/index.js';
import { type ExtraPair, extraPairs } from './extra-pairs.js';
import { ownLint } from './own-lint.js';

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

/** What is nowhere in a text. */
const nowhere = () => ({ file: null, line: 1, column: 1 });

/**
 * The policies as the engine takes them, from the documents that their text is written of: to read 50 MB of it again was a fifth
 * of a generation. That the text means the same is a law of `render` (test/netpol/generate/properties.test.ts).
 */
const readOf = (generated: readonly GeneratedPolicy[]) =>
  policiesOf(
    generated.map(({ namespace, name, document }) => ({
      apiVersion: document.apiVersion,
      kind: document.kind,
      namespace,
      name,
      value: document as unknown as JsonObject,
      locate: nowhere,
    })),
  );

/**
 * A generated set must allow every flow that it was made from: those that it does not are counted. It is linted in the
 * context of its cluster, where an ERROR is a fault of the answer.
 */
export function proofOf(
  facts: Facts,
  generated: readonly GeneratedPolicy[],
  flows: readonly ObservedFlow[],
): Proof {
  const { policies, problems } = readOf(generated);
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
