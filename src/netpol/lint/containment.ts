import { type Direction, type Policy, Tier } from '../policy.js';
import type { Modes } from '../verdict.js';
import { type Box, isCovered } from './box.js';
import { ruleRegion, subjectRegion, universe } from './region.js';
import { DIRECTIONS, type RuleSite, rulesOf } from './site.js';

export type ContainedRule = {
  readonly site: RuleSite;
  /** The one rule that covers it alone, or null where several do so together. */
  readonly by: RuleSite | null;
};

export type ContainedPolicy = {
  readonly policy: Policy;
  /** The one policy that covers it alone, or null where several do so together. */
  readonly by: Policy | null;
  /** True when the two can replace each other. */
  readonly equivalent: boolean;
};

type Region = { readonly site: RuleSite; readonly boxes: readonly Box[] };

const regionsOf = (policy: Policy, direction: Direction, modes: Modes): readonly Region[] =>
  (rulesOf(policy, direction) ?? []).map(rule => ({
    site: { policy, direction, rule },
    boxes: ruleRegion(policy, direction, rule, modes),
  }));

const covers = (boxes: readonly Box[], regions: readonly Region[]): boolean =>
  isCovered(
    boxes,
    regions.flatMap(region => region.boxes),
    universe,
  );

/**
 * Rules of NetworkPolicies that can be removed, all of them together, without changing any verdict
 * for any pods, those of the future included. Rules that allow nothing are not among them: they
 * have a finding of their own.
 */
export const containedRules = (
  policies: readonly Policy[],
  modes: Modes,
): readonly ContainedRule[] =>
  byNamespace(policies).flatMap(group =>
    DIRECTIONS.flatMap(direction =>
      containedRegions(group.flatMap(policy => regionsOf(policy, direction, modes))),
    ),
  );

/** Later rules go first, so that of two equal rules the earlier one stays. */
const containedRegions = (regions: readonly Region[]): readonly ContainedRule[] => {
  const kept = new Set(regions);
  const found: ContainedRule[] = [];
  for (const region of regions.toReversed()) {
    if (region.boxes.length === 0) continue;
    const others = [...kept].filter(other => other !== region);
    if (!covers(region.boxes, others)) continue;
    kept.delete(region);
    const by = others.find(other => covers(region.boxes, [other]));
    found.push({ site: region.site, by: by?.site ?? null });
  }
  return found.reverse();
};

/**
 * NetworkPolicies that can be removed, all of them together, without changing any verdict: others
 * allow all that they allow and isolate all that they isolate.
 */
export const containedPolicies = (
  policies: readonly Policy[],
  modes: Modes,
): readonly ContainedPolicy[] =>
  byNamespace(policies).flatMap(group => {
    const reaches = group.map(policy => reachOf(policy, modes));
    const kept = new Set(reaches);
    const found: ContainedPolicy[] = [];
    for (const reach of reaches.toReversed()) {
      // Whatever selects no pod that there can be is contained in anything; it has a finding of its own.
      if (reach.subject.length === 0) continue;
      const others = [...kept].filter(other => other !== reach);
      if (!isReachContained(reach, others)) continue;
      kept.delete(reach);
      const by = others.find(other => isReachContained(reach, [other]));
      const equivalent = by !== undefined && isReachContained(by, [reach]);
      found.push({ policy: reach.policy, by: by?.policy ?? null, equivalent });
    }
    return found.reverse();
  });

/** All that a policy does: the pods that it isolates, and what its rules then allow. */
type Reach = {
  readonly policy: Policy;
  readonly subject: readonly Box[];
  readonly allowed: { readonly [direction in Direction]: readonly Box[] | null };
};

const reachOf = (policy: Policy, modes: Modes): Reach => ({
  policy,
  subject: subjectRegion(policy),
  allowed: {
    INGRESS: policy.ingress && regionsOf(policy, 'INGRESS', modes).flatMap(({ boxes }) => boxes),
    EGRESS: policy.egress && regionsOf(policy, 'EGRESS', modes).flatMap(({ boxes }) => boxes),
  },
});

const isReachContained = (reach: Reach, others: readonly Reach[]): boolean =>
  DIRECTIONS.every(direction => {
    const allowed = reach.allowed[direction];
    if (allowed === null) return true;
    const governing = others.filter(other => other.allowed[direction] !== null);
    const isolating = governing.flatMap(other => other.subject);
    const allowing = governing.flatMap(other => other.allowed[direction] ?? []);
    return isCovered(reach.subject, isolating, universe) && isCovered(allowed, allowing, universe);
  });

/** Whether two NetworkPolicies can replace each other. */
export const arePoliciesEquivalent = (one: Policy, other: Policy, modes: Modes): boolean => {
  const [first, second] = [reachOf(one, modes), reachOf(other, modes)];
  return isReachContained(first, [second]) && isReachContained(second, [first]);
};

/**
 * Rules of an admin or baseline tier that can never decide: earlier ones of the same tier (lower
 * priority number, then order in the policy) take every connection that they speak of.
 */
export const unreachableRules = (
  policies: readonly Policy[],
  modes: Modes,
): readonly ContainedRule[] =>
  [Tier.ADMIN, Tier.BASELINE].flatMap(tier => {
    const ordered = policies
      .filter(policy => policy.tier === tier)
      .toSorted((one, other) => one.priority - other.priority);
    return DIRECTIONS.flatMap(direction =>
      unreachableRegions(ordered.flatMap(policy => regionsOf(policy, direction, modes))),
    );
  });

const unreachableRegions = (regions: readonly Region[]): readonly ContainedRule[] =>
  regions.flatMap((region, index): readonly ContainedRule[] => {
    const earlier = regions.slice(0, index).filter(other => decidesBefore(other, region));
    if (region.boxes.length === 0 || !covers(region.boxes, earlier)) return [];
    const by = earlier.find(other => covers(region.boxes, [other]));
    return [{ site: region.site, by: by?.site ?? null }];
  });

/** The order of policies with one priority is not defined, so neither shadows the other. */
const decidesBefore = ({ site: one }: Region, { site: other }: Region): boolean =>
  one.policy === other.policy || one.policy.priority < other.policy.priority;

/** NetworkPolicies of different namespaces select different pods. */
const byNamespace = (policies: readonly Policy[]): readonly (readonly Policy[])[] => [
  ...Map.groupBy(
    policies.filter(policy => policy.tier === Tier.NETWORK_POLICY),
    policy => policy.namespace,
  ).values(),
];
