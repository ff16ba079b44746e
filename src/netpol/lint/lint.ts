import { withChange } from '../compile/change.js';
import { compile } from '../compile/compile.js';
import type { Compiled } from '../compile/compiled.js';
import { decide } from '../decide/decide.js';
import type { Facts, PodFact } from '../facts.js';
import { judge, judgeAlone, judgeHalves } from '../judge/judge.js';
import type { Policy } from '../policy.js';
import { Severity } from '../problem.js';
import { regionsIn } from './containment.js';
import type { Finding, LintOptions, Remark } from './finding.js';
import { inventoryOf } from './inventory.js';
import type { Places } from './on.js';
import { amongOwn, reachOf } from './reach.js';
import type { LintContext, LintRule } from './rule.js';
import { LINT_RULES } from './rules.js';

/**
 * Every finding on the policies and the pods that they concern, rule by rule in the order of
 * `LINT_RULES`; with `only` those on some of the policies, in the midst of all. A pure function: nothing is contacted.
 */
export const lint = (
  facts: Facts,
  policies: readonly Policy[],
  options: LintOptions,
): readonly Finding[] => {
  const compiledWith = (pods: readonly PodFact[]): (() => Compiled) =>
    once(() => compile({ ...facts, pods: [...facts.pods, ...pods] }, policies, options.modes));
  // What reaches whom, which errors do not ask, would be told of twins too.
  const given = options.errorsOnly === true ? options.compiled : undefined;
  const compiled = given === undefined ? compiledWith([]) : () => given;
  const context: LintContext = {
    facts,
    policies,
    options,
    inventory: inventoryOf(facts),
    regions: regionsIn(options.modes),
    probe: connection => judge(compiled(), connection),
    // Without errors alone, `reach` has the rows of all pods made.
    probeAlone: connection =>
      (options.errorsOnly === true ? judgeAlone : judgeHalves)(compiled(), connection),
    probeAloneWith: pods => {
      const more = once(() => withChange(compiled(), { pods: { put: pods } }));
      return connection => judgeAlone(more(), connection);
    },
    explain: connection => decide(compiled(), connection),
    probeWith: pods => {
      const more = compiledWith(pods);
      return connection => judge(more(), connection);
    },
    reach: once(() => reachOf(compiled())),
    amongOwn: pods => amongOwn(compiled, pods),
  };
  const { only } = options;
  const wanted = only === undefined ? policies : policies.filter(policy => only.has(policy));
  const ofWanted: LintContext = { ...context, policies: wanted };
  const isWanted = ({ policy }: Remark): boolean =>
    policy === undefined || only === undefined || only.has(policy);
  const rules = options.errorsOnly === true ? LINT_RULES.filter(isError) : LINT_RULES;
  const findings = rules.flatMap(rule =>
    rule
      .check(rule.eachAlone === true ? ofWanted : context)
      .filter(isWanted)
      .map(remark => findingOf(rule, remark, options.places)),
  );
  return options.errorsOnly === true ? findings.filter(isError) : findings;
};

const isError = ({ severity }: { readonly severity: Severity }): boolean =>
  severity === Severity.ERROR;

/** Nothing is worked out before the first rule needs it, and then once. */
const once = <Value extends object>(make: () => Value): (() => Value) => {
  let made: Value | null = null;
  return () => {
    made ??= make();
    return made;
  };
};

const findingOf = (rule: LintRule, remark: Remark, places: Places = () => null): Finding => {
  const { policy = null, message, hint, path = null, on = [] } = remark;
  const standing = on.map(places).find(place => place !== null);
  return {
    rule: rule.id,
    severity: remark.severity ?? rule.severity,
    message,
    policy: policy && { kind: policy.kind, namespace: policy.namespace, name: policy.name },
    place: remark.place ?? policy?.place ?? standing ?? null,
    path,
    hint,
  };
};
