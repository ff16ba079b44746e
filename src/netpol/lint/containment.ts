import { Direction, type Policy, Tier } from '../policy.js';
import { remembered } from '../remembered.js';
import type { Modes } from '../verdict.js';
import type { Box } from './box.js';
import { boxIndex } from './box-index.js';
import { isCovered } from './covered.js';
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

/** What policies speak of, worked out once for all who ask. */
export type Regions = {
  readonly subject: (policy: Policy) => readonly Box[];
  /** One a rule, in their order; none where the policy does not concern the direction. */
  readonly rules: (policy: Policy, direction: Direction) => readonly Region[];
};

export function regionsIn(modes: Modes): Regions {
  const subject = remembered(subjectRegion);
  const room = (direction: Direction) =>
    remembered((policy: Policy): readonly Region[] =>
      (rulesOf(policy, direction) ?? []).map(rule => ({
        site: { policy, direction, rule },
        boxes: ruleRegion(policy, direction, rule, modes),
      })),
    );
  const rules = { INGRESS: room(Direction.INGRESS), EGRESS: room(Direction.EGRESS) };
  return { subject, rules: (policy, direction) => rules[direction](policy) };
}

const covers = (boxes: readonly Box[], covering: readonly Box[]): boolean =>
  isCovered(boxes, covering, universe);

/** Those of `items` that have a box which may share something with one of `boxes`, in their order. */
function neighboursIn<Item>(items: readonly Item[], boxesOf: (item: Item) => readonly Box[]) {
  const owners = items.flatMap((item, place) => boxesOf(item).map(() => place));
  const index = boxIndex(items.flatMap(boxesOf));
  return (boxes: readonly Box[]): readonly Item[] => {
    const found = new Set(boxes.flatMap(index).map(place => owners[place] ?? -1));
    return [...found].sort((one, other) => one - other).flatMap(place => items[place] ?? []);
  };
}

/**
 * Rules of NetworkPolicies that can be removed, all of them together, without changing any verdict
 * for any pods, those of the future included. Rules that allow nothing are not among them: they
 * have a finding of their own.
 */
export const containedRules = (
  policies: readonly Policy[],
  regions: Regions,
): readonly ContainedRule[] =>
  byNamespace(policies).flatMap(group =>
    DIRECTIONS.flatMap(direction =>
      containedRegions(group.flatMap(policy => regions.rules(policy, direction))),
    ),
  );

/** Later rules go first, so that of two equal rules the earlier one stays. */
const containedRegions = (regions: readonly Region[]): readonly ContainedRule[] => {
  const kept = new Set(regions);
  const neighbours = neighboursIn(regions, ({ boxes }) => boxes);
  const found: ContainedRule[] = [];
  for (const region of regions.toReversed()) {
    if (region.boxes.length === 0) continue;
    const others = neighbours(region.boxes).filter(other => other !== region && kept.has(other));
    if (
      !covers(
        region.boxes,
        others.flatMap(other => other.boxes),
      )
    )
      continue;
    kept.delete(region);
    const by = others.find(other => covers(region.boxes, other.boxes));
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
  regions: Regions,
): readonly ContainedPolicy[] =>
  byNamespace(policies).flatMap(group => {
    const reaches = group.map(policy => reachOf(policy, regions));
    const neighbours = neighboursIn(reaches, ({ subject }) => subject);
    const kept = new Set(reaches);
    const found: ContainedPolicy[] = [];
    for (const reach of reaches.toReversed()) {
      // Whatever selects no pod that there can be is contained in anything; it has a finding of its own.
      if (reach.subject.length === 0) continue;
      const others = neighbours(reach.subject).filter(other => other !== reach && kept.has(other));
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

const reachOf = (policy: Policy, { subject, rules }: Regions): Reach => {
  const allowed = (direction: Direction) =>
    rulesOf(policy, direction) && rules(policy, direction).flatMap(({ boxes }) => boxes);
  return {
    policy,
    subject: subject(policy),
    allowed: { INGRESS: allowed(Direction.INGRESS), EGRESS: allowed(Direction.EGRESS) },
  };
};

const isReachContained = (reach: Reach, others: readonly Reach[]): boolean =>
  DIRECTIONS.every(direction => {
    const allowed = reach.allowed[direction];
    if (allowed === null) return true;
    const governing = others.filter(other => other.allowed[direction] !== null);
    const isolating = governing.flatMap(other => other.subject);
    const allowing = governing.flatMap(other => other.allowed[direction] ?? []);
    return isCovered(reach.subject, isolating, universe) && isCovered(allowed, allowing, universe);
  });

/**
 * Rules of an admin or baseline tier that can never decide: earlier ones of the same tier (lower
 * priority number, then order in the policy) take every connection that they speak of.
 */
export const unreachableRules = (
  policies: readonly Policy[],
  regions: Regions,
): readonly ContainedRule[] =>
  [Tier.ADMIN, Tier.BASELINE].flatMap(tier => {
    const ordered = policies
      .filter(policy => policy.tier === tier)
      .toSorted((one, other) => one.priority - other.priority);
    return DIRECTIONS.flatMap(direction =>
      unreachableRegions(ordered.flatMap(policy => regions.rules(policy, direction))),
    );
  });

const unreachableRegions = (regions: readonly Region[]): readonly ContainedRule[] => {
  const places = new Map(regions.map((region, place) => [region, place]));
  const neighbours = neighboursIn(regions, ({ boxes }) => boxes);
  return regions.flatMap((region, place): readonly ContainedRule[] => {
    const earlier = neighbours(region.boxes).filter(
      other => (places.get(other) ?? place) < place && decidesBefore(other, region),
    );
    if (region.boxes.length === 0) return [];
    if (
      !covers(
        region.boxes,
        earlier.flatMap(({ boxes }) => boxes),
      )
    )
      return [];
    const by = earlier.find(other => covers(region.boxes, other.boxes));
    return [{ site: region.site, by: by?.site ?? null }];
  });
};

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
