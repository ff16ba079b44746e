import { type Cni, CniFeature, differs, ignores, tiers, unknown } from './cni-difference.js';

const CILIUM_KCNP = 'Cilium, pull request 47227 (page “Network Policy”)';
const CILIUM_RANGES = 'Cilium, release notes of 1.16.0-rc.1 and issue 28684';
const AKS_CILIUM = 'AKS, “Configure Azure CNI Powered by Cilium”';
const ON_CILIUM = 'Google Cloud, “GKE Dataplane V2”, and Cilium, “Layer 3 Policies”';

export const CILIUM: Cni = {
  name: 'cilium',
  aliases: [],
  ipBlockPods: 'never',
  differences: [
    ignores(
      CniFeature.V1ALPHA1_TIERS,
      'of the admin tiers it implements ClusterNetworkPolicy alone',
      'Cilium, issue 23380 and pull request 47227',
    ),
    ignores(
      CniFeature.CLUSTER_POLICY,
      'it is off unless `k8sClusterNetworkPolicy.enabled` is set, which versions from 1.20 have',
      CILIUM_KCNP,
    ),
    ignores(
      CniFeature.BLOCK_ON_NODES,
      'nodes are not matched by their address unless `policy-cidr-match-mode: nodes` is set',
      'Cilium, “Layer 3 Policies”',
    ),
    differs(
      CniFeature.BLOCK_ON_PODS,
      'pods are not matched by their address unless `policy-cidr-match-mode: pods` is set, which versions from 1.20 have',
      'Cilium, “Layer 3 Policies” and pull request 45194',
    ),
    ignores(
      CniFeature.SCTP,
      'it is off unless `sctp.enabled` is set; then the port of a Service has to be its target port',
      'Cilium, “SCTP support (beta)”',
    ),
    differs(
      CniFeature.END_PORT,
      'versions from 1.16 implement it; earlier ones ignore it, or the whole policy',
      `${CILIUM_RANGES}, pull request 28704`,
    ),
  ],
};

/** AKS sets Cilium up, and lets nobody change those settings. */
export const AZURE_CILIUM: Cni = {
  name: 'azure-cilium',
  aliases: ['aks-cilium'],
  ipBlockPods: 'never',
  differences: [
    ignores(
      CniFeature.BLOCK_ON_NODES,
      'nodes are not matched by their address, and no setting changes it',
      AKS_CILIUM,
    ),
    differs(
      CniFeature.BLOCK_ON_PODS,
      'pods are not matched by their address, and no setting changes it',
      AKS_CILIUM,
    ),
    ...tiers(unknown, 'it is not among the features that AKS lists', AKS_CILIUM),
    differs(
      CniFeature.END_PORT,
      'Cilium implements it from 1.16, which clusters of Kubernetes 1.31 and later have',
      `${AKS_CILIUM}, and ${CILIUM_RANGES}`,
    ),
  ],
};

/** Built on Cilium; which of Cilium's settings GKE changes no source says. */
export const GKE: Cni = {
  name: 'gke-dataplane-v2',
  // Not `gke`: clusters without Dataplane V2 have Calico (“GKE Dataplane V2”).
  aliases: ['dataplane-v2'],
  ipBlockPods: 'never',
  differences: [
    ignores(
      CniFeature.BLOCK_ON_NODES,
      'it is built on Cilium, which by default does not match nodes by their address',
      ON_CILIUM,
    ),
    differs(
      CniFeature.BLOCK_ON_PODS,
      'it is built on Cilium, which by default does not match pods by their address',
      ON_CILIUM,
    ),
    ...tiers(
      unknown,
      'it is built on Cilium, which implements ClusterNetworkPolicy alone, from 1.20, and has it off by default',
      CILIUM_KCNP,
    ),
    unknown(
      CniFeature.END_PORT,
      'it is built on Cilium, which implements it from 1.16',
      CILIUM_RANGES,
    ),
  ],
};
