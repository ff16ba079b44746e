import type { Modes } from './verdict.js';

/** Something that a policy may use and that network plugins treat in ways of their own. */
export const CniFeature = {
  ANY_POLICY: 'any policy',
  ADMIN_TIERS: 'policies of the admin tiers',
  SCTP: 'SCTP',
  END_PORT: '`endPort`',
  BLOCK_ON_NODES: 'an ipBlock on nodes',
  BLOCK_ON_PODS: 'an ipBlock on pods',
  SERVICE_PORT: 'a Service whose port is not its target port',
} as const;
export type CniFeature = (typeof CniFeature)[keyof typeof CniFeature];

export type CniDifference = {
  readonly feature: CniFeature;
  /** What happens there, as the end of "…: ". */
  readonly effect: string;
  /** The policy does not hold as it is written. */
  readonly isIgnored: boolean;
};

/** What a network plugin does where the API leaves it open, or does not do. */
export type Cni = {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Whether an ipBlock matches pods by their address (row 11). */
  readonly ipBlockPods: Modes['ipBlockPods'];
  readonly differences: readonly CniDifference[];
};

const ignores = (feature: CniFeature, effect: string): CniDifference => ({
  feature,
  effect,
  isIgnored: true,
});

const differs = (feature: CniFeature, effect: string): CniDifference => ({
  feature,
  effect,
  isIgnored: false,
});

const BY_ADDRESS = differs(
  CniFeature.BLOCK_ON_PODS,
  'pods in the block are matched by their address',
);
const NO_ADMIN_TIERS = ignores(CniFeature.ADMIN_TIERS, 'they are not implemented');

/** Cilium: "CIDR rules do not apply to traffic where both sides of the connection are either managed by Cilium or use an IP address belonging to a node in the cluster". */
const OF_CILIUM: readonly CniDifference[] = [
  NO_ADMIN_TIERS,
  ignores(
    CniFeature.BLOCK_ON_NODES,
    'nodes are not matched by their address unless `policy-cidr-match-mode: nodes` is set',
  ),
  differs(CniFeature.BLOCK_ON_PODS, 'pods are never matched by their address'),
];

/**
 * What plugins say of themselves in their documentation: flannel "is focused on networking; for network policy, other
 * projects can be used"; Cilium's pages on policies and on SCTP, and its issue 23380; kube-router's issue 1019; GKE's
 * and Azure's pages on limits; Amazon's "the service port must match the container port". Nothing is said here of what
 * is not documented.
 */
export const CNIS: readonly Cni[] = [
  {
    name: 'calico',
    aliases: ['canal', 'gke-calico'],
    ipBlockPods: 'by-address',
    differences: [BY_ADDRESS],
  },
  {
    name: 'cilium',
    aliases: [],
    ipBlockPods: 'never',
    differences: [
      ...OF_CILIUM,
      ignores(CniFeature.SCTP, 'it is off unless `sctp.enabled` is set'),
      ignores(CniFeature.END_PORT, 'it is ignored before version 1.16'),
    ],
  },
  { name: 'antrea', aliases: [], ipBlockPods: 'by-address', differences: [BY_ADDRESS] },
  {
    name: 'ovn-kubernetes',
    aliases: ['ovnkubernetes', 'ovn', 'openshift'],
    ipBlockPods: 'by-address',
    differences: [BY_ADDRESS],
  },
  {
    name: 'aws-vpc-cni',
    aliases: ['vpc-cni', 'amazon-vpc-cni', 'aws', 'eks'],
    ipBlockPods: 'by-address',
    differences: [
      BY_ADDRESS,
      differs(
        CniFeature.SERVICE_PORT,
        'clients that go by the Service are matched only where both ports are the same',
      ),
    ],
  },
  {
    name: 'azure',
    aliases: ['azure-npm', 'azure-cni'],
    ipBlockPods: 'by-address',
    differences: [BY_ADDRESS, NO_ADMIN_TIERS],
  },
  {
    name: 'azure-cilium',
    aliases: ['aks-cilium'],
    ipBlockPods: 'never',
    differences: OF_CILIUM,
  },
  {
    name: 'gke-dataplane-v2',
    aliases: ['gke', 'dataplane-v2'],
    ipBlockPods: 'never',
    differences: [
      ...OF_CILIUM,
      ignores(CniFeature.END_PORT, 'it may not take effect, and the first port alone is opened'),
    ],
  },
  {
    name: 'kube-router',
    aliases: [],
    ipBlockPods: 'by-address',
    differences: [BY_ADDRESS, NO_ADMIN_TIERS, ignores(CniFeature.SCTP, 'it is not implemented')],
  },
  {
    name: 'flannel',
    aliases: [],
    ipBlockPods: 'never',
    differences: [ignores(CniFeature.ANY_POLICY, 'it implements none')],
  },
];

/** By name or alias, in any case; null for one that is not known. */
export function cniNamed(name: string): Cni | null {
  const wanted = name.toLowerCase();
  return CNIS.find(cni => cni.name === wanted || cni.aliases.includes(wanted)) ?? null;
}
