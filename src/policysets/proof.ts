import {
  asSeen,
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
import type { Deletion } from './left-alone.js';
import { ownLint } from './own-lint.js';
import { closedByStaying, openedByStaying, stayingOf } from './staying.js';

/** What a generated set does in its cluster, as the engine says. */
export type Proof = {
  /** Those of the set. */
  readonly policies: readonly Policy[];
  /** Policies in force that stay beside the set. */
  readonly staying: readonly Policy[];
  /** The cluster as it will be: the set with the policies that stay beside it. */
  readonly compiled: Compiled;
  readonly extraPairs: readonly ExtraPair[];
  readonly problems: readonly Problem[];
};

const deniedBy = (compiled: Compiled, flows: readonly ObservedFlow[]): readonly ObservedFlow[] => {
  const judged = judgeAll(
    compiled,
    flows.map(flow => asSeen(compiled, flow)),
  );
  return flows.filter((_, place) => {
    const { verdict, basis } = judged.at(place);
    return verdict === 'DENIED' || (verdict === 'UNDECIDABLE' && basis === 'mixed-label-sets');
  });
};

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

/** What a set is held against. */
export type Proving = {
  readonly facts: Facts;
  readonly flows: readonly ObservedFlow[];
  /** Policies in force before it. */
  readonly live: readonly Policy[];
  /** Those of them that go with it. */
  readonly deletions: readonly Deletion[];
};

/**
 * A generated set must allow every flow that it was made from: those that it does not are counted. It is judged as it will be in
 * force, beside the policies that stay, and what these close or open is told apart from what it does itself. It is linted in
 * the context of its cluster, where an ERROR is a fault of the answer.
 */
export function proofOf(
  generated: readonly GeneratedPolicy[],
  { facts, flows, live, deletions }: Proving,
): Proof {
  const { policies, problems } = readOf(generated);
  const staying = stayingOf(live, policies, deletions);
  const twins = withTwins(facts);
  const alone = compile(twins, policies);
  const compiled = staying.length === 0 ? alone : compile(twins, [...policies, ...staying]);
  const blocked = deniedBy(alone, flows);
  const own = new Set(blocked);
  const pairs = extraPairs(compiled, facts, policies, flows);
  return {
    policies,
    staying,
    compiled,
    extraPairs: pairs,
    problems: [
      ...problems,
      ...notCovered(blocked.length, flows.length),
      ...(staying.length === 0
        ? []
        : [
            ...closedByStaying(
              compiled,
              deniedBy(compiled, flows).filter(flow => !own.has(flow)),
              staying,
              flows.length,
            ),
            ...openedByStaying(
              facts,
              { alone: extraPairs(alone, facts, policies, flows), inForce: pairs },
              policies,
              staying,
            ),
          ]),
      ...ownLint(facts, policies, { staying, compiled }),
    ],
  };
}
