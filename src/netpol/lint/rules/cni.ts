import { type Policy, Protocol, Tier } from '../../policy.js';
import { Severity } from '../../problem.js';
import { type LintRule, nameOfPolicy } from '../rule.js';
import { ruleSitesOf } from '../site.js';

/** Something that a policy may use, and that a plugin may not know. */
type Feature = {
  readonly name: string;
  readonly isUsed: (policy: Policy) => boolean;
};

const ANY_POLICY: Feature = { name: 'any policy', isUsed: () => true };

const ADMIN_TIERS: Feature = {
  name: 'policies of the admin tiers',
  isUsed: ({ tier }) => tier !== Tier.NETWORK_POLICY,
};

const SCTP: Feature = {
  name: 'SCTP',
  isUsed: policy =>
    ruleSitesOf(policy).some(({ rule }) =>
      rule.ports?.some(({ protocol }) => protocol === Protocol.SCTP),
    ),
};

/**
 * What plugins say of themselves: flannel "is focused on networking; for network policy, other
 * projects can be used"; Cilium's table of missing features and its issue 23380; kube-router's
 * issue 1019. Only what is documented stands here: of other plugins nothing is said.
 */
const IGNORED: Readonly<Record<string, readonly Feature[]>> = {
  flannel: [ANY_POLICY],
  cilium: [ADMIN_TIERS, SCTP],
  'kube-router': [ADMIN_TIERS, SCTP],
};

export const ignoredByPlugin: LintRule = {
  id: 'ignored-by-plugin',
  severity: Severity.ERROR,
  description: 'A policy that uses what the cluster’s network plugin ignores',
  check: ({ policies, options }) => {
    const features = IGNORED[options.cni?.toLowerCase() ?? ''] ?? [];
    return policies.flatMap(policy =>
      features
        .filter(({ isUsed }) => isUsed(policy))
        .map(({ name }) => ({
          message: `${nameOfPolicy(policy)} has no or only partial effect: \`${options.cni}\` does not implement ${name} unless configured to`,
          policy,
          hint: 'use a plugin that implements it, or express the policy without it',
        })),
    );
  },
};
