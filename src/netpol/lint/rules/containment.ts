import { type Policy, type Rule, Tier } from '../../policy.js';
import { type Problem, Severity } from '../../problem.js';
import { containedPolicies, containedRules } from '../containment.js';
import { isCovered } from '../covered.js';
import { admitsStrangers, universe, wholeRegion } from '../region.js';
import { type LintContext, type LintRule, nameOfPolicy, onRule } from '../rule.js';
import { namesUnseen } from '../shown.js';
import { DIRECTIONS, directionWord, pathOfRule, rulesOf } from '../site.js';
import { UNKNOWN_FIELD } from './input.js';

export const ruleContained: LintRule = {
  id: 'rule-contained',
  severity: Severity.WARNING,
  description: 'A rule whose removal changes no verdict, for present and future pods',
  check: ({ policies, regions, inventory, options }) => {
    const misread = withUnknownFields(policies, options.problems ?? []);
    return containedRules(policies, regions)
      .filter(({ site }) => !misread.has(site.policy))
      .filter(({ site }) => !isWrong({ inventory }, site.policy, site.rule))
      .map(({ site, by }) => {
        const cover =
          by === null
            ? 'other rules together'
            : `\`${pathOfRule(by)}\`${by.policy === site.policy ? '' : ` of ${nameOfPolicy(by.policy)}`}`;
        return onRule(site, {
          message: `all that this rule of ${nameOfPolicy(site.policy)} allows is allowed by ${cover}`,
          hint: 'remove the rule, or narrow the one that covers it',
        });
      });
  },
};

export const policyContained: LintRule = {
  id: 'policy-contained',
  severity: Severity.WARNING,
  description: 'A policy whose removal changes no verdict, for present and future pods',
  check: ({ policies, regions, inventory, options }) => {
    const misread = withUnknownFields(policies, options.problems ?? []);
    return containedPolicies(policies, regions)
      .filter(({ policy }) => !misread.has(policy) && !isDeadPolicy({ inventory }, policy))
      .map(({ policy, by, equivalent }) => {
        const cover = by === null ? 'other policies together' : nameOfPolicy(by);
        return {
          message: equivalent
            ? `${nameOfPolicy(policy)} says the same as ${cover}`
            : `${nameOfPolicy(policy)} isolates and allows nothing beyond ${cover}`,
          policy,
          hint: 'remove the policy, or narrow what covers it',
        };
      });
  },
};

export const allowsAll: LintRule = {
  id: 'policy-allows-all',
  severity: Severity.WARNING,
  description: 'A policy whose rules together allow every connection of its pods',
  eachAlone: true,
  check: ({ policies, regions }) =>
    policies
      .filter(policy => policy.tier === Tier.NETWORK_POLICY)
      .flatMap(policy =>
        DIRECTIONS.flatMap(direction => {
          const allowed = regions.rules(policy, direction).flatMap(({ boxes }) => boxes);
          if (!allowed.some(admitsStrangers)) return [];
          const whole = wholeRegion(policy);
          if (whole.length === 0) return [];
          if (!isCovered(whole, allowed, universe)) return [];
          return {
            message: `${nameOfPolicy(policy)} allows all ${directionWord(direction)} of its pods`,
            policy,
            path: `spec.${directionWord(direction)}`,
            hint: 'name the peers and ports that are needed',
          };
        }),
      ),
};

/** Rules are written, and still nothing comes through: more often an error than a wish. */
export const allowsNothing: LintRule = {
  id: 'policy-allows-nothing',
  severity: Severity.WARNING,
  description:
    'A policy whose rules, taken together, allow nothing in the input: a deny-all in effect',
  eachAlone: true,
  check: context =>
    context.policies
      .filter(policy => policy.tier === Tier.NETWORK_POLICY)
      .flatMap(policy =>
        DIRECTIONS.flatMap(direction => {
          const rules = rulesOf(policy, direction) ?? [];
          const dead =
            rules.length > 0 &&
            rules.every(rule => isDead(context, policy, rule)) &&
            !namesUnseen(context, policy, rules);
          return dead
            ? {
                message: `${nameOfPolicy(policy)} has ${directionWord(direction)} rules, but none of their peers ${context.facts.partial === true ? 'is in the input: as far as that shows, it' : 'exists: it'} denies all`,
                policy,
                path: `spec.${directionWord(direction)}`,
                hint: 'correct the selectors, or write no rules where deny-all is meant',
              }
            : [];
        }),
      ),
};

/** What selects nothing is contained in anything: that its selectors are wrong is the finding, where there are pods to tell. */
const isWrong = (context: Pick<LintContext, 'inventory'>, policy: Policy, rule: Rule): boolean =>
  context.inventory.workloads.some(({ namespace }) => namespace === policy.namespace) &&
  isDead(context, policy, rule);

const isDeadPolicy = (context: Pick<LintContext, 'inventory'>, policy: Policy): boolean => {
  const rules = DIRECTIONS.flatMap(direction => rulesOf(policy, direction) ?? []);
  return rules.some(rule => isWrong(context, policy, rule));
};

/** Policies that were meant to say more than is read of them: that they say little is no advice to remove them. */
function withUnknownFields(
  policies: readonly Policy[],
  problems: readonly Problem[],
): ReadonlySet<Policy> {
  const fields = problems.flatMap(({ code, place }) =>
    code === UNKNOWN_FIELD ? (place ?? []) : [],
  );
  if (fields.length === 0) return new Set();
  const byFile = Map.groupBy(policies, ({ place }) => place.file);
  const above = fields.map(({ file, line }) =>
    (byFile.get(file) ?? [])
      .filter(({ place }) => place.line <= line)
      .reduce<Policy | null>(
        (last, policy) => (last !== null && last.place.line > policy.place.line ? last : policy),
        null,
      ),
  );
  return new Set(above.filter(policy => policy !== null));
}

const isDead = (
  { inventory }: Pick<LintContext, 'inventory'>,
  policy: Policy,
  { peers }: Rule,
): boolean =>
  peers?.every(peer => peer.kind === 'pods' && inventory.podsOfPeer(policy, peer).length === 0) ??
  false;
