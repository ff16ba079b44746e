import type { Window } from '../flows/flow-condition.js';
import {
  type Assertion,
  type Checked,
  type Checking,
  type Compiled,
  checkAssertions,
  connectivityMap,
  type Facts,
  formatPortSet,
  type Problem,
} from '../netpol/index.js';
import { observedEdges } from './observed-edges.js';
import { AssertionBasis, type AssertionResult, type AssertionViolation } from './simulation.js';
import type { SimulationRunStore } from './simulation-run.store.js';

const violationsOf = (
  basis: AssertionBasis,
  checked: Checked | undefined,
): readonly AssertionViolation[] =>
  (checked?.violations ?? []).map(({ ports, ...violation }) => ({
    basis,
    ...violation,
    ports: formatPortSet(ports),
  }));

function resultOf(
  assertion: Assertion,
  ofPolicies: Checked | undefined,
  ofHistory: Checked | undefined,
): AssertionResult {
  const violations = [
    ...violationsOf(AssertionBasis.POLICIES, ofPolicies),
    ...violationsOf(AssertionBasis.HISTORY, ofHistory),
  ];
  return {
    name: assertion.name,
    text: assertion.text,
    line: assertion.place?.line ?? null,
    column: assertion.place?.column ?? null,
    holds: violations.length === 0,
    violations,
    violationCount: (ofPolicies?.violationCount ?? 0) + (ofHistory?.violationCount ?? 0),
  };
}

/** That something must be possible says nothing of what was seen. */
const saysWhatMustNot = ({ kind }: Assertion): boolean => kind !== 'reaches';

type Asserted = {
  readonly clusterId: number;
  readonly window: Window;
  readonly facts: Facts;
  /** What would be in force. */
  readonly after: Compiled;
};

/**
 * What assertions say of the policies that would be in force, and, where they say what must not be, of the flows of the
 * window, whatever policies said of those. In the order of the assertions.
 */
export async function assertionResults(
  store: Pick<SimulationRunStore, 'windowFlows' | 'namedPeers'>,
  assertions: readonly Assertion[],
  { clusterId, window, facts, after }: Asserted,
): Promise<readonly AssertionResult[]> {
  if (assertions.length === 0) return [];
  const ofPolicies = checkAssertions(assertions, facts, connectivityMap(after));
  const seen = await observedEdges(store, clusterId, window);
  const ofHistory = checkAssertions(assertions.filter(saysWhatMustNot), facts, seen);
  const found = (checking: Checking, one: Assertion) =>
    checking.results.find(({ assertion }) => assertion === one);
  return ofPolicies.results.map(({ assertion }) =>
    resultOf(assertion, found(ofPolicies, assertion), found(ofHistory, assertion)),
  );
}

/** Of assertions that name nobody. */
export const assertionProblems = (
  assertions: readonly Assertion[],
  facts: Facts,
): readonly Problem[] => checkAssertions(assertions, facts, []).problems;
