import { compile } from '../compile/compile.js';
import type { Compiled } from '../compile/compiled.js';
import { type Policy, Tier } from '../policy.js';
import { compareSets, type PairDifference } from './compare-sets.js';

/** Policies of one admin tier with one priority, whose order changes what is connected. */
export type OrderConflict = {
  /** In the order in which they were taken. */
  readonly policies: readonly Policy[];
  /** `before`: taken as given; `after`: taken the other way round. Never empty. */
  readonly pairs: readonly PairDifference[];
};

const isRanked = ({ tier }: Policy): boolean => tier !== Tier.NETWORK_POLICY;

/** `policies` with those of `group` in each other's places, last first. */
function turned(policies: readonly Policy[], group: readonly Policy[]): readonly Policy[] {
  const places = new Map(group.map((policy, place) => [policy, group[group.length - 1 - place]]));
  return policies.map(policy => places.get(policy) ?? policy);
}

/**
 * "If two (or more) policies in the same tier with the same priority could match a connection, then
 * the implementation can apply any of the matching policies": where both orders differ, each pair
 * with its connections in either order. Compiles the set once for every group of equals.
 */
export function orderConflicts(compiled: Compiled): readonly OrderConflict[] {
  const { facts, policies, modes } = compiled;
  const groups = Map.groupBy(
    policies.filter(isRanked),
    ({ tier, priority }) => `${tier} ${priority}`,
  );
  return [...groups.values()].flatMap(group => {
    if (group.length < 2) return [];
    const other = compile(facts, turned(policies, group), modes);
    const { pairs } = compareSets(compiled, other);
    return pairs.length === 0 ? [] : [{ policies: group, pairs }];
  });
}
