import { mayContradict } from '../../contradiction.js';
import { Action, type Policy, Tier } from '../../policy.js';
import { Severity } from '../../problem.js';
import { unreachableRules } from '../containment.js';
import { type LintContext, type LintRule, nameOfPolicy, onRule } from '../rule.js';
import { pathOfRule, type RuleSite, ruleSitesOf, rulesOf } from '../site.js';

export const equalPriority: LintRule = {
  id: 'admin-equal-priority',
  severity: Severity.ERROR,
  description:
    'Two policies of one admin tier with the same priority: which decides is not defined',
  check: ({ policies, inventory }) =>
    [Tier.ADMIN, Tier.BASELINE].flatMap(tier => {
      const inTier = policies.filter(policy => policy.tier === tier);
      return [...Map.groupBy(inTier, ({ priority }) => priority).values()].flatMap(group =>
        group.flatMap((policy, index) => {
          const rival = group
            .slice(0, index)
            .find(other => mayContradict(other, policy) && overlap(inventory, other, policy));
          return rival === undefined
            ? []
            : {
                message: `${nameOfPolicy(policy)} and ${nameOfPolicy(rival)} have priority ${policy.priority}: which of them decides is not defined`,
                policy,
                path: 'spec.priority',
                hint: 'give each its own priority',
              };
        }),
      );
    }),
};

/** Policies that select no common pod cannot conflict today; without any pods nothing is known. */
const overlap = (inventory: LintContext['inventory'], one: Policy, other: Policy): boolean => {
  const pods = new Set(inventory.subjectsOf(one));
  const selected = inventory.subjectsOf(other);
  if (pods.size === 0 || selected.length === 0) return true;
  return selected.some(pod => pods.has(pod));
};

export const unreachableRule: LintRule = {
  id: 'admin-rule-unreachable',
  severity: Severity.WARNING,
  description:
    'A rule of an admin tier that never decides, since earlier rules take all that it speaks of',
  check: ({ policies, regions }) =>
    unreachableRules(policies, regions).map(({ site, by }) => {
      const before =
        by === null
          ? 'earlier rules together take'
          : `\`${pathOfRule(by)}\` of ${nameOfPolicy(by.policy)} takes`;
      return onRule(site, {
        message: `this rule of ${nameOfPolicy(site.policy)} never decides: ${before} all that it names`,
        hint: 'move it before the other, or remove it',
      });
    }),
};

const BELOW: Readonly<Record<Tier, readonly Tier[]>> = {
  [Tier.ADMIN]: [Tier.NETWORK_POLICY, Tier.BASELINE],
  [Tier.NETWORK_POLICY]: [],
  [Tier.BASELINE]: [],
};

export const passToNothing: LintRule = {
  id: 'admin-pass-to-nothing',
  severity: Severity.WARNING,
  description: 'A Pass rule with no policy of a lower tier for the same pods: it allows',
  check: context =>
    context.policies
      .flatMap(ruleSitesOf)
      .filter(({ rule }) => rule.action === Action.PASS)
      .filter(site => !hasPolicyBelow(context, site))
      .map(site =>
        onRule(site, {
          message: `what this rule of ${nameOfPolicy(site.policy)} passes on is decided by no policy below: it is allowed`,
          hint: 'write Allow if that is meant, or add NetworkPolicies or a baseline',
        }),
      ),
};

const hasPolicyBelow = ({ policies, inventory }: LintContext, site: RuleSite): boolean => {
  const subjects = new Set(inventory.subjectsOf(site.policy));
  return policies
    .filter(policy => BELOW[site.policy.tier].includes(policy.tier))
    .filter(policy => rulesOf(policy, site.direction) !== null)
    .some(policy => inventory.subjectsOf(policy).some(pod => subjects.has(pod)));
};
