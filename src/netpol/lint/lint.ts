import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import type { Finding, LintOptions, Remark } from './finding.js';
import { inventoryOf } from './inventory.js';
import type { LintContext, LintRule } from './rule.js';
import { LINT_RULES } from './rules.js';

/**
 * Every finding on the policies and the pods that they concern, rule by rule in the order of
 * `LINT_RULES`. A pure function: nothing is contacted.
 */
export const lint = (
  facts: Facts,
  policies: readonly Policy[],
  options: LintOptions,
): readonly Finding[] => {
  const context: LintContext = { facts, policies, options, inventory: inventoryOf(facts) };
  return LINT_RULES.flatMap(rule => rule.check(context).map(remark => findingOf(rule, remark)));
};

const findingOf = (rule: LintRule, remark: Remark): Finding => {
  const { policy = null, message, hint, path = null } = remark;
  return {
    rule: rule.id,
    severity: remark.severity ?? rule.severity,
    message,
    policy: policy && { kind: policy.kind, namespace: policy.namespace, name: policy.name },
    place: remark.place ?? policy?.place ?? null,
    path,
    hint,
  };
};
