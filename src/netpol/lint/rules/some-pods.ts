import type { PodFact } from '../../facts.js';
import { type Policy, Tier } from '../../policy.js';
import { Severity } from '../../problem.js';
import type { Workload } from '../inventory.js';
import { isSelectable, type LintContext, type LintRule, nameOfPolicy } from '../rule.js';

/** Labels of one side that no pod of the other has so, `role=primary`; null: they differ in what is missing. */
function onlyOn(own: readonly PodFact[], others: readonly PodFact[]): string | null {
  const labels = own.flatMap(pod => Object.entries(pod.labels));
  const differing = labels.find(([key, value]) => others.every(pod => pod.labels[key] !== value));
  return differing === undefined ? null : `${differing[0]}=${differing[1]}`;
}

const leftOutOf = (
  workload: Workload,
  selected: ReadonlySet<PodFact>,
  context: LintContext,
): readonly PodFact[] => {
  const pods = workload.pods.filter(pod => isSelectable(context, pod));
  const left = pods.filter(pod => !selected.has(pod));
  return left.length === pods.length ? [] : left;
};

function textOf(policy: Policy, { name, pods }: Workload, left: readonly PodFact[]): string {
  const without = onlyOn(
    left,
    pods.filter(pod => !left.includes(pod)),
  );
  const those = without === null ? 'without its labels' : `with \`${without}\``;
  return `${nameOfPolicy(policy)} selects some pods of \`${name}\` and not those ${those}`;
}

export const selectsSomePods: LintRule = {
  id: 'policy-selects-some-pods',
  severity: Severity.WARNING,
  description: 'A policy that selects some pods of a workload, and not others whose labels differ',
  eachAlone: true,
  check: context => {
    const workloads = new Map(context.inventory.workloads.map(each => [each.name, each]));
    return context.policies.flatMap(policy => {
      const selected = new Set(context.inventory.subjectsOf(policy));
      const names = new Set([...selected].map(context.inventory.nameOf));
      return [...names].flatMap(name => {
        const workload = workloads.get(name);
        const left = workload === undefined ? [] : leftOutOf(workload, selected, context);
        if (workload === undefined || left.length === 0) return [];
        return {
          message: textOf(policy, workload, left),
          policy,
          path: policy.tier === Tier.NETWORK_POLICY ? 'spec.podSelector' : 'spec.subject',
          hint: 'select labels that all of its pods share, or see that another policy holds for the others: roles and versions move between pods',
        };
      });
    });
  },
};
