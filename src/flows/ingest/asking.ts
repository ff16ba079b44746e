import { type ObservedPeer, PeerHint } from '../observation.js';
import { addressOf } from './attribute.js';
import { clusterNameIn, type DnsTarget } from './cluster-dns.js';
import type { KeptCluster } from './kept.js';
import { balancedBy } from './kept-services.js';

/** Kinds of peers that are told by their address, where nothing else tells. */
const BY_ADDRESS: ReadonlySet<PeerHint> = new Set([
  PeerHint.NODE,
  PeerHint.HOST,
  PeerHint.HEALTH,
  PeerHint.SERVICE,
  PeerHint.EXTERNAL,
  PeerHint.WORLD,
  PeerHint.APISERVER,
  PeerHint.UNMANAGED,
  PeerHint.UNKNOWN,
]);

const NODES: ReadonlySet<PeerHint> = new Set([PeerHint.NODE, PeerHint.HOST, PeerHint.HEALTH]);

/** The address that the book is asked about for this peer; null: it is not asked. */
export const askedAddress = (peer: ObservedPeer): string | null =>
  peer.cluster === null && BY_ADDRESS.has(peer.kind) ? addressOf(peer) : null;

/** Where a source says that a node has an address of pods, that of the node beside it; null: it says none, or no such node is known. */
export function gatewayOf(kept: KeptCluster, peer: ObservedPeer): string | null {
  if (!NODES.has(peer.kind) || peer.node !== null || kept.ranges === null) return null;
  const address = askedAddress(peer);
  return address === null ? null : kept.ranges.gatewayBeside(address);
}

/** What a name of the cluster's own DNS leads to, where nothing better tells who a peer is. */
export const namedTarget = (peer: ObservedPeer): DnsTarget | null =>
  peer.dnsNames.length > 0 && peer.cluster === null && BY_ADDRESS.has(peer.kind)
    ? (clusterNameIn(peer)?.target ?? null)
    : null;

/** Told by its labels alone, so that any deployment of its namespace may change who it is. */
export const isByLabels = ({ kind, cluster, workload, namespace }: ObservedPeer): boolean =>
  kind === PeerHint.WORKLOAD && cluster === null && workload === null && namespace !== null;

/** Whether Services may have a part in who this is. */
export const asksServices = (peer: ObservedPeer): boolean =>
  peer.cluster === null && BY_ADDRESS.has(peer.kind);

const heldBy = (kept: KeptCluster, address: string | null, ...holders: readonly string[]) =>
  address !== null &&
  (kept.holdings.get(address) ?? []).some(({ holder }) => holders.includes(holder));

/** Services by whose load balancer's name a peer is known. */
const balanced = ({ services }: KeptCluster, peer: ObservedPeer): readonly string[] =>
  services === null || !asksServices(peer) ? [] : balancedBy(services, peer.dnsNames);

/** `namespace/name` of the Services that a peer may be. */
export function askedServices(kept: KeptCluster, peer: ObservedPeer): readonly string[] {
  const address = askedAddress(peer);
  const target = namedTarget(peer);
  const held = address === null ? [] : (kept.holdings.get(address) ?? []);
  return [
    ...(peer.service === null ? [] : [`${peer.service.namespace}/${peer.service.name}`]),
    ...(target?.kind === 'service' ? [`${target.namespace}/${target.name}`] : []),
    ...balanced(kept, peer),
    ...held.filter(({ holder }) => holder === 'SERVICE').map(({ holderName }) => holderName),
  ];
}

/** A node, whose ports may lead to others. */
export const mayBeNode = (kept: KeptCluster, peer: ObservedPeer): boolean =>
  (peer.cluster === null && NODES.has(peer.kind)) ||
  heldBy(kept, askedAddress(peer), 'NODE', 'TUNNEL', 'GATEWAY');

/** Neither the time nor anything but its description tells who a peer is. */
export function isTimeless(kept: KeptCluster, peer: ObservedPeer): boolean {
  if (peer.service !== null || peer.kind === PeerHint.APISERVER) return false;
  if (namedTarget(peer) !== null || gatewayOf(kept, peer) !== null) return false;
  if (balanced(kept, peer).length > 0) return false;
  const address = askedAddress(peer);
  if (address === null) return true;
  return (
    kept.holdings.get(address)?.length === 0 && kept.services?.apiAddresses.has(address) !== true
  );
}
