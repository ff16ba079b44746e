import { compile } from '../compile/compile.js';
import type { Compiled } from '../compile/compiled.js';
import { type Policy, Tier } from '../policy.js';
import { compareSets, type PairDifference } from './compare-sets.js';

/** Policies of one admin tier with one priority, whose order changes what is connected. */
export type OrderConflict = {
  /** In the order in which they were taken. */
  readonly policies: readonly Policy[];
  /** The one that decides first in the other order, where all else stays. */
  readonly first: Policy;
  /** `before`: taken as given; `after`: taken in the other order. Never empty. */
  readonly pairs: readonly PairDifference[];
};

const isRanked = ({ tier }: Policy): boolean => tier !== Tier.NETWORK_POLICY;

/** `policies` with `first` in the place of the first of `group`, and those of `group` before it one place later. */
function promoted(
  policies: readonly Policy[],
  group: readonly Policy[],
  first: Policy,
): readonly Policy[] {
  const order = [first, ...group.filter(policy => policy !== first)];
  const places = new Map(group.map((policy, place) => [policy, order[place]]));
  return policies.map(policy => places.get(policy) ?? policy);
}

/**
 * "If two (or more) policies in the same tier with the same priority could match a connection, then
 * the implementation can apply any of the matching policies": the other orders of each group of equals that
 * connect otherwise, with each pair in either order. The first policy that matches decides, so the orders
 * in which each one goes first show every difference that there can be. Compiles the set once for each of them.
 */
export function orderConflicts(compiled: Compiled): readonly OrderConflict[] {
  const { policies } = compiled;
  const groups = Map.groupBy(
    policies.filter(isRanked),
    ({ tier, priority }) => `${tier} ${priority}`,
  );
  return [...groups.values()].flatMap(group =>
    group.slice(1).flatMap(first => conflictWith(compiled, group, first)),
  );
}

function conflictWith(
  compiled: Compiled,
  group: readonly Policy[],
  first: Policy,
): readonly OrderConflict[] {
  const { facts, policies, modes } = compiled;
  const other = compile(facts, promoted(policies, group, first), modes);
  const { pairs } = compareSets(compiled, other);
  return pairs.length > 0 ? [{ policies: group, first, pairs }] : [];
}
