import { cniNamed } from '../../cni.js';
import { type CniDifference, CniFeature, CniTreatment } from '../../cni-difference.js';
import { type Policy, Protocol, Tier } from '../../policy.js';
import { Severity } from '../../problem.js';
import type { Remark } from '../finding.js';
import { type LintContext, type LintRule, nameOfPolicy } from '../rule.js';
import { ruleSitesOf } from '../site.js';

const portsOf = (policy: Policy) => ruleSitesOf(policy).flatMap(({ rule }) => rule.ports ?? []);

const blocksOf = (policy: Policy) =>
  ruleSitesOf(policy)
    .flatMap(({ rule }) => rule.peers ?? [])
    .filter(peer => peer.kind === 'ip-block');

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
  [CniFeature.V1ALPHA1_TIERS]: ({ kind, tier }) =>
    tier !== Tier.NETWORK_POLICY && kind !== 'ClusterNetworkPolicy',
  [CniFeature.CLUSTER_POLICY]: ({ kind }) => kind === 'ClusterNetworkPolicy',
  [CniFeature.SCTP]: policy => portsOf(policy).some(({ protocol }) => protocol === Protocol.SCTP),
  [CniFeature.END_PORT]: policy =>
    portsOf(policy).some(
      port =>
        port.kind === 'range' && port.from < port.to && !(port.from === 1 && port.to === 65_535),
    ),
  [CniFeature.NAMED_PORT]: policy => portsOf(policy).some(({ kind }) => kind === 'named'),
  [CniFeature.BLOCK_EXCEPT]: policy => blocksOf(policy).some(({ except }) => except.length > 0),
  [CniFeature.BLOCK_ON_NODES]: policy => blocksOf(policy).length > 0,
  [CniFeature.BLOCK_ON_PODS]: policy => blocksOf(policy).length > 0,
  [CniFeature.SERVICE_PORT]: (policy, context) => isMapped(context, policy),
};

type Words = {
  readonly message: (policy: string, cni: string, difference: CniDifference) => string;
  readonly hint: string;
};

const WORDS: Readonly<Record<CniTreatment, Words>> = {
  [CniTreatment.IGNORES]: {
    message: (policy, cni, { feature, effect }) =>
      `${policy} has no or only partial effect: \`${cni}\` treats ${feature} in its own way: ${effect}`,
    hint: 'use a plugin that implements it, or express the policy without it',
  },
  [CniTreatment.DIFFERS]: {
    message: (policy, cni, { feature, effect }) =>
      `${policy} uses ${feature}, where \`${cni}\` differs from others: ${effect}`,
    hint: 'keep it in mind, and do not rely on it where the plugin may change',
  },
  [CniTreatment.UNKNOWN]: {
    message: (policy, cni, { feature, effect }) =>
      `${policy} uses ${feature}, and it is not known what \`${cni}\` does with it: ${effect}`,
    hint: 'try it in a cluster before you rely on it',
  },
};

const remarks = (context: LintContext, treatments: readonly CniTreatment[]): readonly Remark[] => {
  const cni = cniNamed(context.options.cni ?? '');
  if (cni === null) return [];
  return context.policies.flatMap(policy =>
    cni.differences
      .filter(({ treatment }) => treatments.includes(treatment))
      .filter(({ feature }) => USES[feature](policy, context))
      .map(difference => {
        const { message, hint } = WORDS[difference.treatment];
        return { message: message(nameOfPolicy(policy), cni.name, difference), policy, hint };
      }),
  );
};

export const ignoredByPlugin: LintRule = {
  id: 'ignored-by-plugin',
  severity: Severity.ERROR,
  description: 'A policy that uses what the cluster’s network plugin ignores',
  check: context => remarks(context, [CniTreatment.IGNORES]),
};

export const pluginDiffers: LintRule = {
  id: 'plugin-differs',
  severity: Severity.INFO,
  description:
    'A policy that uses what network plugins treat differently, and what the cluster’s does, as far as it is known',
  check: context => remarks(context, [CniTreatment.DIFFERS, CniTreatment.UNKNOWN]),
};
