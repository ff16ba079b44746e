import { CniFeature, cniNamed } from '../../cni.js';
import { type Peer, type Policy, Protocol, Tier } from '../../policy.js';
import { Severity } from '../../problem.js';
import type { Remark } from '../finding.js';
import { type LintContext, type LintRule, nameOfPolicy } from '../rule.js';
import { ruleSitesOf } from '../site.js';

const hasPort = (
  policy: Policy,
  isMeant: (port: { from: number; to: number }) => boolean,
): boolean =>
  ruleSitesOf(policy).some(({ rule }) =>
    rule.ports?.some(port => port.kind === 'range' && isMeant(port)),
  );

const blocksOf = (policy: Policy): readonly Peer[] =>
  ruleSitesOf(policy)
    .flatMap(({ rule }) => rule.peers ?? [])
    .filter(({ kind }) => kind === 'ip-block');

/** A port that clients of a Service ask for under another number. */
const isMapped = ({ facts, inventory }: LintContext, policy: Policy): boolean => {
  const pods = new Set(inventory.subjectsOf(policy).map(({ namespace }) => namespace));
  return facts.services
    .filter(({ namespace }) => pods.has(namespace))
    .some(({ ports }) => ports.some(({ port, targetPort }) => targetPort !== port));
};

/** Whether a policy uses what a plugin treats in its own way. */
const USES: Readonly<Record<CniFeature, (policy: Policy, context: LintContext) => boolean>> = {
  [CniFeature.ANY_POLICY]: () => true,
  [CniFeature.ADMIN_TIERS]: ({ tier }) => tier !== Tier.NETWORK_POLICY,
  [CniFeature.SCTP]: policy =>
    ruleSitesOf(policy).some(({ rule }) =>
      rule.ports?.some(({ protocol }) => protocol === Protocol.SCTP),
    ),
  [CniFeature.END_PORT]: policy =>
    hasPort(policy, ({ from, to }) => from < to && !(from === 1 && to === 65_535)),
  [CniFeature.BLOCK_ON_NODES]: policy => blocksOf(policy).length > 0,
  [CniFeature.BLOCK_ON_PODS]: policy => blocksOf(policy).length > 0,
  [CniFeature.SERVICE_PORT]: (policy, context) => isMapped(context, policy),
};

const remarks = (context: LintContext, isIgnored: boolean): readonly Remark[] => {
  const cni = cniNamed(context.options.cni ?? '');
  return context.policies.flatMap(policy =>
    (cni?.differences ?? [])
      .filter(each => each.isIgnored === isIgnored && USES[each.feature](policy, context))
      .map(({ feature, effect }) => ({
        message: isIgnored
          ? `${nameOfPolicy(policy)} has no or only partial effect: \`${cni?.name}\` treats ${feature} in its own way: ${effect}`
          : `${nameOfPolicy(policy)} uses ${feature}, where \`${cni?.name}\` differs from others: ${effect}`,
        policy,
        hint: isIgnored
          ? 'use a plugin that implements it, or express the policy without it'
          : 'keep it in mind, and do not rely on it where the plugin may change',
      })),
  );
};

export const ignoredByPlugin: LintRule = {
  id: 'ignored-by-plugin',
  severity: Severity.ERROR,
  description: 'A policy that uses what the cluster’s network plugin ignores',
  check: context => remarks(context, true),
};

export const pluginDiffers: LintRule = {
  id: 'plugin-differs',
  severity: Severity.INFO,
  description:
    'A policy that uses what network plugins treat differently, and what the cluster’s does',
  check: context => remarks(context, false),
};
