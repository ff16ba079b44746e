import { cutsOf } from '../addresses/block.js';
import type { Column } from '../brand.js';
import type { Facts } from '../facts.js';
import { Direction, type Policy } from '../policy.js';
import { trafficTable } from '../ports/traffic.js';
import type { Problem } from '../problem.js';
import { DEFAULT_MODES, type Modes } from '../verdict.js';
import type { Compiled, Engine } from './compiled.js';
import { blocksOf, ruleMaker } from './compiled-rule.js';
import { podIndexOf } from './pod-index.js';
import { type ListId, NO_POLICIES, type PolicyLists, policyLists } from './policy-lists.js';
import { problemsOf } from './problems.js';
import { type CompiledPolicy, compilePolicy, inOrder } from './program.js';

/** Policies in the order of evaluation, so that each one makes the lists of its subjects longer by itself. */
function listOfClasses(
  lists: PolicyLists,
  direction: Direction,
  policies: readonly CompiledPolicy[],
  classes: number,
): Column<ListId> {
  const listOf = new Int32Array(classes).fill(NO_POLICIES) as Column<ListId>;
  for (const policy of policies) {
    if (policy.rules[direction] === null) continue;
    for (const id of policy.subjects) listOf[id] = lists.extend(listOf[id] ?? NO_POLICIES, policy);
  }
  return listOf;
}

function engineOf(facts: Facts, policies: readonly Policy[]): Engine {
  const table = trafficTable();
  const index = podIndexOf(facts, cutsOf(policies.flatMap(blocksOf)));
  const make = ruleMaker(index, table);
  const compiled = policies.map(policy => compilePolicy(index, make, policy));
  const ordered = inOrder(compiled);
  const ingress = policyLists(Direction.INGRESS);
  const egress = policyLists(Direction.EGRESS);
  return {
    index,
    table,
    make,
    policies: compiled,
    lists: { INGRESS: ingress, EGRESS: egress },
    listOf: {
      INGRESS: listOfClasses(ingress, Direction.INGRESS, ordered, index.classes.length),
      EGRESS: listOfClasses(egress, Direction.EGRESS, ordered, index.classes.length),
    },
    usesV6: compiled.some(({ namesV6 }) => namesV6),
    family: { of: 'family' },
    ofFacts: { of: 'facts' },
    ofState: { of: 'state' },
  };
}

export function compiledOf(engine: Engine, modes: Modes): Compiled {
  let problems: readonly Problem[] | null = null;
  let policies: readonly Policy[] | null = null;
  return {
    facts: engine.index.facts,
    modes,
    get policies() {
      policies ??= engine.policies.map(({ policy }) => policy);
      return policies;
    },
    get problems() {
      problems ??= problemsOf(engine);
      return problems;
    },
    engine,
  };
}

/**
 * Resolves all selectors, blocks and ports of `policies`, of every tier, on `facts`. Order matters
 * only between policies of one admin tier with equal priorities. Never throws on bad input: what
 * cannot be used matches nothing and is among `problems`.
 */
export const compile = (
  facts: Facts,
  policies: readonly Policy[],
  modes: Modes = DEFAULT_MODES,
): Compiled => compiledOf(engineOf(facts, policies), modes);
