import type { Column } from '../brand.js';
import { type Direction, type Policy, Tier } from '../policy.js';
import type { ClassId } from './class-id.js';
import { blocksOf, type CompiledRule, type RuleMaker } from './compiled-rule.js';
import type { PodIndex } from './pod-index.js';

/** A policy with its subjects and rules resolved on the facts. */
export type CompiledPolicy = {
  readonly policy: Policy;
  /** Sorted classes; in the admin tiers without hostNetwork pods (row 26). */
  readonly subjects: Column<ClassId>;
  /** Null: nothing to say in this direction. */
  readonly rules: Readonly<Record<Direction, readonly CompiledRule[] | null>>;
  /** It names a block of IPv6 addresses. */
  readonly namesV6: boolean;
};

/** An admin tier's policy isolates nobody: without rules it says nothing. */
const rulesOf = (policy: Policy, rules: Policy['ingress'], make: RuleMaker) =>
  rules === null || (rules.length === 0 && policy.tier !== Tier.NETWORK_POLICY)
    ? null
    : rules.map(rule => make(policy, rule));

/** No block is read where none of their texts has a colon. */
const mayNameV6 = ({ ingress, egress }: Policy): boolean =>
  [...(ingress ?? []), ...(egress ?? [])].some(({ peers }) =>
    peers?.some(
      peer =>
        (peer.kind === 'ip-block' &&
          [peer.cidr, ...peer.except].some(cidr => cidr.includes(':'))) ||
        (peer.kind === 'networks' && peer.cidrs.some(cidr => cidr.includes(':'))),
    ),
  );

export function compilePolicy(index: PodIndex, make: RuleMaker, policy: Policy): CompiledPolicy {
  const { namespaces, pods } = policy.subject;
  const selected = index.select(namespaces, policy.namespace ?? 'default', pods);
  return {
    policy,
    subjects:
      policy.tier === Tier.NETWORK_POLICY
        ? selected
        : selected.filter(id => index.classes[id]?.hostNetwork !== true),
    rules: {
      INGRESS: rulesOf(policy, policy.ingress, make),
      EGRESS: rulesOf(policy, policy.egress, make),
    },
    namesV6: mayNameV6(policy) && blocksOf(policy).some(({ v6 }) => v6.length > 0),
  };
}

const TIERS: readonly Tier[] = [Tier.ADMIN, Tier.NETWORK_POLICY, Tier.BASELINE];

/** Before zero: `one` decides first. NetworkPolicies have no order among them. */
export const byRank = (
  { policy: one }: CompiledPolicy,
  { policy: other }: CompiledPolicy,
): number =>
  TIERS.indexOf(one.tier) - TIERS.indexOf(other.tier) ||
  (one.tier === Tier.NETWORK_POLICY ? 0 : one.priority - other.priority);

/**
 * Row 23: admin tier, NetworkPolicies, baseline tier; within the two others by priority, the lower one
 * first. Row 33: equal priorities in the order of the input.
 */
export const inOrder = (policies: readonly CompiledPolicy[]): readonly CompiledPolicy[] =>
  [...policies].sort(byRank);

/** All that decides for a subject in one direction: the rules of the policies that select it, in order. */
export type Program = {
  readonly policies: readonly CompiledPolicy[];
  /** Admin rules first, then NetworkPolicy's, then baseline's. */
  readonly rules: readonly CompiledRule[];
  readonly adminEnd: number;
  readonly networkEnd: number;
  /** Places of the rules that tell no ordinary pod from the rest. */
  readonly ofAll: readonly number[];
  /** "A pod is isolated if any NetworkPolicy selects it" in this direction. */
  readonly isolated: boolean;
  /** Some policy of any tier selects the subject in this direction. */
  readonly governed: boolean;
  readonly usesIpBlocks: boolean;
  /** The answer for a pod depends on its address, whatever the mode. */
  readonly usesNetworks: boolean;
  readonly usesNames: boolean;
  /** Some rule selects nodes. */
  readonly usesNodes: boolean;
  readonly usesDomains: boolean;
};

/** It tells no ordinary pod from the rest. */
export const isOfAll = ({ everyone, allPods }: CompiledRule): boolean => everyone || allPods;

export function programOf(policies: readonly CompiledPolicy[], direction: Direction): Program {
  const rulesIn = (tier: Tier) =>
    policies
      .filter(({ policy }) => policy.tier === tier)
      .flatMap(({ rules }) => rules[direction] ?? []);
  const admin = rulesIn(Tier.ADMIN);
  const network = rulesIn(Tier.NETWORK_POLICY);
  const rules = [...admin, ...network, ...rulesIn(Tier.BASELINE)];
  return {
    policies,
    rules,
    adminEnd: admin.length,
    networkEnd: admin.length + network.length,
    ofAll: rules.flatMap((rule, place) => (isOfAll(rule) ? place : [])),
    isolated: policies.some(({ policy }) => policy.tier === Tier.NETWORK_POLICY),
    governed: policies.length > 0,
    usesIpBlocks: rules.some(({ ipBlocks }) => ipBlocks.length > 0),
    usesNetworks: rules.some(({ networks }) => networks.length > 0),
    usesNames: rules.some(({ named }) => named.length > 0),
    usesNodes: rules.some(({ nodes }) => nodes.length > 0),
    usesDomains: rules.some(({ domains }) => domains.length > 0),
  };
}
