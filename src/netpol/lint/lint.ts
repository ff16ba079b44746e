import { compile } from '../compile/compile.js';
import type { Compiled } from '../compile/compiled.js';
import { decide } from '../decide/decide.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import type { Finding, LintOptions, Remark } from './finding.js';
import { inventoryOf } from './inventory.js';
import type { Probe } from './probe.js';
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
  const context: LintContext = {
    facts,
    policies,
    options,
    inventory: inventoryOf(facts),
    probe: probeOf(facts, policies, options),
    probeWith: pods => probeOf({ ...facts, pods: [...facts.pods, ...pods] }, policies, options),
  };
  return LINT_RULES.flatMap(rule => rule.check(context).map(remark => findingOf(rule, remark)));
};

/** Nothing is compiled before the first question. */
const probeOf = (facts: Facts, policies: readonly Policy[], { modes }: LintOptions): Probe => {
  let compiled: Compiled | null = null;
  return connection => {
    compiled ??= compile(facts, policies, modes);
    return decide(compiled, connection);
  };
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
