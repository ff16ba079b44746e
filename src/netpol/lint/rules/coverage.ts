import type { PodFact } from '../../facts.js';
import { EVERYTHING } from '../../labels.js';
import { Action, Direction, type Policy, Tier } from '../../policy.js';
import { Severity } from '../../problem.js';
import { selectorText } from '../../selector-text.js';
import type { Remark } from '../finding.js';
import type { Inventory } from '../inventory.js';
import { nearMiss } from '../near-miss.js';
import { ofNamespace, ofPod } from '../on.js';
import { listed } from '../probe.js';
import { isSelectable, type LintContext, type LintRule, nameOfPolicy } from '../rule.js';
import { DIRECTIONS, directionWord, rulesOf } from '../site.js';

/** Pods that some policy of any tier selects in the direction. */
export const governedPods = ({ policies, inventory }: LintContext, direction: Direction) =>
  new Set<PodFact>(
    policies
      .filter(policy => rulesOf(policy, direction) !== null)
      .flatMap(policy => inventory.subjectsOf(policy)),
  );

const uncovered = (context: LintContext, direction: Direction): readonly Remark[] => {
  const governed = governedPods(context, direction);
  return context.inventory.workloads
    .filter(({ pod }) => isSelectable(context, pod) && !governed.has(pod))
    .map(({ name, pod }) => ({
      on: [ofPod(pod)],
      message: `no policy selects \`${name}\` for ${directionWord(direction)}: every connection is allowed`,
      hint: `select its labels in a policy with policyTypes ${direction === Direction.INGRESS ? 'Ingress' : 'Egress'}, or deny by default in its namespace`,
    }));
};

export const uncoveredIngress: LintRule = {
  id: 'workload-without-ingress-policy',
  severity: Severity.WARNING,
  description: 'A workload that no policy selects for ingress',
  check: context => uncovered(context, Direction.INGRESS),
};

export const uncoveredEgress: LintRule = {
  id: 'workload-without-egress-policy',
  severity: Severity.INFO,
  description: 'A workload that no policy selects for egress',
  check: context => uncovered(context, Direction.EGRESS),
};

const isEverything = (policy: Policy): boolean => policy.subject.pods.requirements.length === 0;

/** All pods of the policy's namespaces are isolated, whatever else allows some connections. */
const deniesByDefault = (policy: Policy, direction: Direction): boolean => {
  const rules = rulesOf(policy, direction);
  if (rules === null || !isEverything(policy)) return false;
  if (policy.tier === Tier.NETWORK_POLICY) {
    return !rules.some(rule => rule.peers === null && rule.ports === null);
  }
  return rules.some(
    rule =>
      rule.action === Action.DENY &&
      rule.ports === null &&
      (rule.peers?.some(
        peer =>
          peer.kind === 'pods' &&
          peer.namespaces?.requirements.length === 0 &&
          peer.pods.requirements.length === 0,
      ) ??
        true),
  );
};

const namespacesDenying = ({ policies, inventory }: LintContext, direction: Direction) =>
  new Set(
    policies
      .filter(policy => deniesByDefault(policy, direction))
      .flatMap(({ namespace, subject }) =>
        subject.namespaces === null
          ? [namespace ?? '']
          : inventory.namespacesMatching(subject.namespaces),
      ),
  );

export const noDefaultDeny: LintRule = {
  id: 'namespace-without-default-deny',
  severity: Severity.WARNING,
  description: 'A namespace with pods where what no policy names is allowed',
  check: context =>
    DIRECTIONS.flatMap(direction => {
      const denying = namespacesDenying(context, direction);
      const used = Map.groupBy(
        context.inventory.workloads.filter(({ pod }) => isSelectable(context, pod)),
        ({ namespace }) => namespace,
      );
      return [...used]
        .filter(([namespace]) => !denying.has(namespace))
        .map(([namespace, workloads]) => ({
          on: ofNamespace(
            namespace,
            workloads.map(({ pod }) => pod),
          ),
          message: `namespace \`${namespace}\` does not deny ${directionWord(direction)} by default`,
          hint: `add a NetworkPolicy with an empty podSelector and policyTypes ${direction === Direction.INGRESS ? 'Ingress' : 'Egress'} and no rules`,
          ...(direction === Direction.EGRESS ? { severity: Severity.INFO } : {}),
        }));
    }),
};

export const selectsNothing: LintRule = {
  id: 'policy-selects-nothing',
  severity: Severity.WARNING,
  description: 'A policy that selects no pod of the input',
  eachAlone: true,
  check: context =>
    context.policies
      .filter(policy => context.inventory.subjectsOf(policy).length === 0)
      .map(policy => ({
        policy,
        path: policy.tier === Tier.NETWORK_POLICY ? 'spec.podSelector' : 'spec.subject',
        ...selectingNothing(context, policy),
      })),
};

/** The advice fits the cause: pods to come, pods elsewhere, a label that is nearly right, or nothing at all. */
function selectingNothing(
  { facts, inventory }: LintContext,
  policy: Policy,
): Pick<Remark, 'message' | 'hint' | 'severity'> {
  const message = `${nameOfPolicy(policy)} selects no pod`;
  if (isEverything(policy) && policy.tier === Tier.NETWORK_POLICY) {
    return {
      message: `${message}: there is none in its namespace`,
      hint: 'nothing to do, where it is to hold for pods to come',
      severity: Severity.INFO,
    };
  }
  const near = nearMiss(inventory, policy.namespace, policy.subject);
  if (near !== null) {
    return { message: `${message}: ${near.text}`, hint: near.hint };
  }
  const elsewhere = podsElsewhere(inventory, policy);
  if (elsewhere.length > 0) {
    return {
      message: `${message}: its own namespace is \`${policy.namespace}\`, and pods with \`${selectorText(policy.subject.pods)}\` are in ${listed(elsewhere)}`,
      hint: `write \`namespace: ${elsewhere[0]}\` where it is meant for those`,
    };
  }
  if (facts.partial === true) {
    return {
      message: `${message} of the input`,
      hint: 'compare its selector with the labels of the pods, unless they are deployed from elsewhere',
      severity: Severity.INFO,
    };
  }
  return {
    message,
    hint: 'compare its selector with the labels of the pods, or remove the policy',
  };
}

/** Of a NetworkPolicy: the namespaces whose pods have the labels that it selects in its own. */
const podsElsewhere = (inventory: Inventory, policy: Policy): readonly string[] =>
  policy.tier !== Tier.NETWORK_POLICY || isEverything(policy)
    ? []
    : [
        ...new Set(
          inventory
            .podsOfPeer(policy, { kind: 'pods', namespaces: EVERYTHING, pods: policy.subject.pods })
            .map(({ namespace }) => namespace),
        ),
      ];

export const hostNetworkSelected: LintRule = {
  id: 'host-network-pod-selected',
  severity: Severity.WARNING,
  description:
    'A policy whose selector matches pods on the host network, where the API defines no effect',
  eachAlone: true,
  check: ({ policies, inventory }) =>
    policies.flatMap(policy => {
      const pods = inventory.subjectsOf(policy).filter(pod => pod.hostNetwork);
      if (pods.length === 0) return [];
      const [first] = pods;
      const more = pods.length === 1 ? '' : ` and ${pods.length - 1} more`;
      return {
        message: `${nameOfPolicy(policy)} selects \`${first?.namespace}/${first?.name}\`${more} on the host network: what it does to them is undefined`,
        policy,
        path: policy.tier === Tier.NETWORK_POLICY ? 'spec.podSelector' : 'spec.subject',
        hint: 'protect host network pods by a host firewall or your plugin’s host policies, and exclude them here',
      };
    }),
};
