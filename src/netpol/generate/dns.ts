import { METADATA_ADDRESSES } from '../addresses/metadata.js';
import type { Facts, PodFact } from '../facts.js';
import { METADATA_NAME } from '../labels.js';
import { Direction } from '../policy.js';
import type { Problem } from '../problem.js';
import { bothProtocols, DNS_PORT } from './dns-ports.js';
import { type PeerDraft, type PortDraft, type RuleDraft, RuleOrigin } from './draft.js';
import type { ObservedFlow } from './evidence.js';
import { DnsPeers } from './options.js';
import {
  addressPeer,
  blockPeer,
  compareAddresses,
  namespacePeer,
  peersOfPod,
  type Surroundings,
} from './surroundings.js';
import { warning } from './warning.js';

/** NodeLocal DNSCache listens there on every node. */
export const NODE_LOCAL_DNS = '169.254.20.10';
/** GKE's metadata server, which is the resolver of Cloud DNS too. */
const CLOUD_DNS = '169.254.169.254';

/** Where the cluster's DNS is not known: what kubeadm, kOps, EKS, GKE and AKS all run. */
const USUAL_DNS: PeerDraft = {
  kind: 'pods',
  namespaceLabels: { [METADATA_NAME]: 'kube-system' },
  podLabels: { 'k8s-app': 'kube-dns' },
};

export const ALL_NAMESPACES: PeerDraft = { kind: 'namespace', namespaceLabels: {} };

const isNodeLocalDns = ({ hostNetwork, labels, workload, addresses }: PodFact): boolean =>
  addresses.includes(NODE_LOCAL_DNS) ||
  (hostNetwork &&
    [labels['k8s-app'], workload.name].some(name => /^node-?local-?dns/.test(name ?? '')));

const isGke = ({ nodes }: Facts): boolean =>
  nodes.some(({ labels }) =>
    Object.keys(labels).some(key => key.startsWith('cloud.google.com/gke')),
  );

/** Resolvers of nodes and clouds. */
export const isResolver = (address: string): boolean =>
  address.startsWith('169.254.') || METADATA_ADDRESSES.has(address);

const askedResolvers = (flows: readonly ObservedFlow[]): readonly string[] =>
  flows.flatMap(({ destination, port }) =>
    port === DNS_PORT && destination.kind === 'address' && isResolver(destination.address)
      ? [destination.address]
      : [],
  );

/** Resolvers at addresses of their own, which the inventory or the flows show; in numeric order. */
export function resolversOf(facts: Facts, flows: readonly ObservedFlow[]): readonly string[] {
  const shown = [
    ...(facts.pods.some(isNodeLocalDns) ? [NODE_LOCAL_DNS] : []),
    ...(isGke(facts) ? [CLOUD_DNS] : []),
  ];
  return [...new Set([...shown, ...askedResolvers(flows)])].toSorted(compareAddresses);
}

const portsOf = (pods: readonly PodFact[], { dnsPorts }: Surroundings): readonly PortDraft[] =>
  [...new Set(pods.flatMap(dnsPorts))].toSorted((one, other) => one - other).flatMap(bothProtocols);

const unknownDns = (): Problem =>
  warning(
    'DNS_UNKNOWN',
    'the DNS of this cluster is not known; egress goes to pods labelled `k8s-app: kube-dns` in `kube-system`, port 53',
    'import the pods and Services of kube-system, then generate again',
  );

function peersFor(
  subject: PodFact,
  pods: readonly PodFact[],
  around: Surroundings,
): readonly PeerDraft[] {
  switch (around.options.dnsPeers) {
    case DnsPeers.ALL_NAMESPACES:
      return [ALL_NAMESPACES];
    case DnsPeers.NAMESPACE:
      return pods.map(({ namespace }) => namespacePeer(namespace));
    case DnsPeers.PODS:
      return pods.flatMap(pod => peersOfPod(subject, pod, around, Direction.EGRESS));
  }
}

const distinct = (peers: readonly PeerDraft[]): readonly PeerDraft[] => [
  ...new Map(peers.map(peer => [JSON.stringify(peer), peer])).values(),
];

const dnsDraft = (peers: readonly PeerDraft[], ports: readonly PortDraft[]): RuleDraft => ({
  direction: Direction.EGRESS,
  origin: RuleOrigin.DNS,
  title: 'DNS',
  peers,
  ports,
  evidence: null,
});

const samePorts = (one: readonly PortDraft[], other: readonly PortDraft[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/**
 * What every policy that isolates egress opens for DNS: without it nothing resolves. Two rules where pods and resolvers
 * at addresses listen on different ports.
 */
export function dnsDrafts(
  subject: PodFact,
  resolvers: readonly string[],
  around: Surroundings,
): { readonly drafts: readonly RuleDraft[]; readonly problems: readonly Problem[] } {
  const { dns: pods, options } = around;
  const found = distinct(peersFor(subject, pods, around));
  const outside = distinct([
    ...resolvers.map(addressPeer),
    ...options.dnsBlocks.toSorted(compareAddresses).map(blockPeer),
  ]);
  const isUnknown = found.length === 0 && outside.length === 0;
  const peers = isUnknown ? [USUAL_DNS] : found;
  const ports =
    pods.length > 0 && found.length > 0 ? portsOf(pods, around) : bothProtocols(DNS_PORT);
  const isOne = samePorts(ports, bothProtocols(DNS_PORT));
  const drafts = isOne
    ? [dnsDraft([...peers, ...outside], ports)]
    : [dnsDraft(peers, ports), dnsDraft(outside, bothProtocols(DNS_PORT))];
  return {
    drafts: drafts.filter(draft => draft.peers.length > 0),
    problems: isUnknown ? [unknownDns()] : [],
  };
}

/**
 * Who serves DNS is open to all: to pods without a policy too, and to host processes, which ask from the addresses of
 * their nodes.
 */
export const dnsServerDraft = (pod: PodFact, around: Surroundings): RuleDraft => ({
  direction: Direction.INGRESS,
  origin: RuleOrigin.DNS_SERVER,
  title: 'everybody who asks DNS',
  peers: [ALL_NAMESPACES, ...around.nodes[Direction.INGRESS]],
  ports: portsOf([pod], around),
  evidence: null,
});
