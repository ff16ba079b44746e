import {
  byAddress,
  type Cni,
  CniFeature,
  differs,
  ignores,
  tiers,
  unknown,
} from './cni-difference.js';

const AKS_POLICIES = 'AKS, “Secure pod traffic with network policies”';
const KUBE_ROUTER = 'kube-router, pkg/controllers/netpol/policy.go';

export const CALICO: Cni = {
  name: 'calico',
  // “Install Calico for policy and flannel (aka Canal)”; “GKE Dataplane V2”: the dataplane before it is Calico.
  aliases: ['canal', 'gke-calico'],
  ipBlockPods: 'by-address',
  differences: [
    byAddress('Calico, libcalico-go/lib/backend/k8s/conversion/conversion.go'),
    differs(
      CniFeature.V1ALPHA1_TIERS,
      'versions from 3.29 implement it, until 3.32 leaves it out',
      'Calico, release notes of 3.29.0 and issue 10745',
    ),
    differs(
      CniFeature.CLUSTER_POLICY,
      'versions from 3.32 implement it',
      'network-policy-api, pull request 376 (page “Implementations”)',
    ),
  ],
};

export const ANTREA: Cni = {
  name: 'antrea',
  aliases: [],
  ipBlockPods: 'by-address',
  differences: [
    byAddress('Antrea, issue 1764'),
    ignores(
      CniFeature.V1ALPHA1_TIERS,
      'it is off unless the feature gate `AdminNetworkPolicy` is set, which versions from 1.13 have',
      'Antrea, “AdminNetworkPolicy API Support in Antrea”',
    ),
    ignores(
      CniFeature.CLUSTER_POLICY,
      'it is off unless the feature gate `ClusterNetworkPolicy` is set, which versions from 2.7 have',
      'Antrea, “ClusterNetworkPolicy API Support in Antrea”',
    ),
  ],
};

export const OVN: Cni = {
  name: 'ovn-kubernetes',
  // Red Hat, “Understanding network policy APIs”: OVN-Kubernetes in OpenShift implements them.
  aliases: ['ovnkubernetes', 'ovn', 'openshift'],
  ipBlockPods: 'by-address',
  differences: [
    byAddress('OVN-Kubernetes, “NetworkPolicy”'),
    unknown(
      CniFeature.CLUSTER_POLICY,
      'its documentation tells of AdminNetworkPolicy and BaselineAdminNetworkPolicy alone',
      'OVN-Kubernetes, “AdminNetworkPolicy”',
    ),
  ],
};

export const AWS: Cni = {
  name: 'aws-vpc-cni',
  aliases: ['vpc-cni', 'amazon-vpc-cni', 'aws', 'eks'],
  ipBlockPods: 'by-address',
  differences: [
    byAddress('amazon-network-policy-controller-k8s, pkg/resolvers/endpoints.go'),
    differs(
      CniFeature.SERVICE_PORT,
      'egress is judged by the Service’s own address and port, and both ports are required to be the same',
      'Amazon EKS User Guide, “Limit Pod traffic with Kubernetes network policies”, and the controller’s pull request 210',
    ),
    unknown(
      CniFeature.V1ALPHA1_TIERS,
      'its documentation tells of a ClusterNetworkPolicy alone',
      'AWS Containers Blog, “Amazon EKS introduces enhanced network policy capabilities”',
    ),
    ignores(
      CniFeature.CLUSTER_POLICY,
      'its ClusterNetworkPolicy is a kind of its own, not that of `policy.networking.k8s.io`',
      'amazon-network-policy-controller-k8s, pkg/resolvers/clusternetworkpolicy_resolver.go',
    ),
  ],
};

export const AZURE: Cni = {
  name: 'azure',
  // Not `azure-cni`: Azure CNI runs with Azure NPM, Calico or Cilium (AKS_POLICIES).
  aliases: ['azure-npm'],
  ipBlockPods: 'by-address',
  differences: [
    byAddress('Azure NPM, npm/pkg/controlplane/translation/translatePolicy.go'),
    ...tiers(ignores, 'it implements NetworkPolicy alone', AKS_POLICIES),
    ...[CniFeature.SCTP, CniFeature.NAMED_PORT, CniFeature.BLOCK_EXCEPT].map(feature =>
      differs(feature, 'it is not supported on Windows nodes', AKS_POLICIES),
    ),
  ],
};

export const ROUTER: Cni = {
  name: 'kube-router',
  aliases: [],
  ipBlockPods: 'by-address',
  differences: [
    byAddress(KUBE_ROUTER),
    ...tiers(ignores, 'it implements NetworkPolicy alone', KUBE_ROUTER),
    unknown(
      CniFeature.SCTP,
      'the issue that asks for it is open, while the code passes the protocol on',
      `kube-router, issue 1019, and ${KUBE_ROUTER}`,
    ),
  ],
};

export const FLANNEL: Cni = {
  name: 'flannel',
  aliases: [],
  ipBlockPods: 'never',
  differences: [
    ignores(
      CniFeature.ANY_POLICY,
      'it implements none, unless `netpol.enabled` installs kube-network-policies beside it (from 0.25.5)',
      'flannel, “Network policy controller”',
    ),
  ],
};
