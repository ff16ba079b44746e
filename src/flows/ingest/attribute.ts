import { stableLabels } from '../../inventory/labels.js';
import { ownerOfPodName } from '../../inventory/owner.js';
import type { HeldAddress } from '../../inventory/peer-lookup.store.js';
import { canonicalAddress, canonicalCidr } from '../../netpol/index.js';
import { type ObservedPeer, PeerHint } from '../observation.js';
import { type Book, deploymentLabelled, deploymentNamed, holderAt, holdersAt } from './book.js';
import { type ClusterName, clusterNameIn } from './cluster-dns.js';
import { balancedBy, serviceKey } from './kept-services.js';
import {
  type Asked,
  freshDeployment,
  freshNode,
  freshOutside,
  holding,
  known,
  type Resolved,
  type Seen,
  unresolved,
} from './resolved.js';
import {
  apiServer,
  apiServerAt,
  behindNode,
  isApiServer,
  isServed,
  serviceAtAddress,
  serviceEnd,
} from './service-end.js';

/** One end of records, with what it takes to tell who it is. */
type End = {
  readonly observed: ObservedPeer;
  /** Of a destination whose port tells who answers; null: not asked. */
  readonly asked: Asked | null;
  readonly book: Book;
  readonly seen: Seen;
};

const podNamed = ({ book, seen, observed }: End, namespace: string, pod: string): Resolved => {
  const { labels, workload } = observed;
  const owned = book.ownerOfPod(namespace, pod);
  if (owned !== null) return { ...known(owned.peerId), runsOn: owned.node };
  const owner = workload ?? ownerOfPodName(pod, labels?.['pod-template-hash'] ?? null);
  const shown = deploymentNamed(book, namespace, owner);
  if (shown !== null) return known(shown.id);
  return freshDeployment({ ...seen, namespace, owner, labels });
};

/** The pod's name beats every label and address (docs/traps.md, T7). */
function podOf(end: End): Resolved {
  const { namespace, pod } = end.observed;
  if (namespace === null || pod === null)
    return unresolved(end.seen, { reason: 'POD_WITHOUT_NAMESPACE', name: pod });
  return podNamed(end, namespace, pod);
}

/** Identity labels win over the address, which behind an L7 proxy is the node's (docs/traps.md, T8). */
function workloadOf({ observed, book, seen }: End): Resolved {
  const { namespace, workload, labels } = observed;
  if (namespace === null)
    return unresolved(seen, { reason: 'NO_NAMESPACE', labels, name: workload?.name ?? null });
  if (workload !== null) {
    const shown = deploymentNamed(book, namespace, workload);
    if (shown !== null) return known(shown.id);
    return freshDeployment({ ...seen, namespace, owner: workload, labels });
  }
  const stable = stableLabels(labels ?? {}, 'Deployment');
  const labelled = deploymentLabelled(book, namespace, stable, seen.firstSeenAt);
  if (labelled !== null) return known(labelled);
  return unresolved(seen, { reason: 'LABELS_OF_NO_DEPLOYMENT', namespace, labels: stable });
}

const SINGLE = /^(.*)\/(?:32|128)$/;

/** The one address that an end is described by. */
export const addressOf = ({ ip, cidr }: Pick<ObservedPeer, 'ip' | 'cidr'>): string | null =>
  ip ?? (cidr === null ? null : (SINGLE.exec(cidr)?.[1] ?? null));

/** Who holds an address: pods before Services before nodes; at a node's, who answers at the port. */
function heldAt(end: End, address: string | null): Resolved | null {
  const { book, seen } = end;
  if (address === null) return null;
  const held = holderAt(book, address, seen.firstSeenAt);
  if (held === null)
    return isApiServer(book, address, seen.firstSeenAt) === true ? apiServer(seen) : null;
  return held.holder === 'SERVICE' ? atServed(end, address) : atHolder(end, held);
}

function atHolder({ book, seen, asked }: End, held: HeldAddress): Resolved | null {
  const holder = holding(held);
  return holder === null ? null : (behindNode(holder, asked, book, seen) ?? holder);
}

/**
 * A Service may have addresses of nodes, as external addresses or from a load balancer that runs on them (k3s): these are
 * the Service's at its ports alone, and whoever speaks from there is the node.
 */
function atServed(end: End, address: string): Resolved | null {
  const { book, seen, asked } = end;
  const all = holdersAt(book, address, seen.firstSeenAt);
  const keys = all.filter(({ holder }) => holder === 'SERVICE').map(({ holderName }) => holderName);
  const node = all.find(({ holder }) => holder !== 'SERVICE');
  return node === undefined || (asked !== null && isServed(keys, asked, book, seen.firstSeenAt))
    ? serviceAtAddress(keys, asked, book, seen)
    : atHolder(end, node);
}

/** A node may have more addresses of pods than anybody tells, such as that of its health check: it is the one whose pods have those beside it. */
function nodeOf(end: End): Resolved {
  const { observed, book, seen, asked } = end;
  if (observed.node !== null) {
    const node = freshNode(seen, observed.node);
    return behindNode(node, asked, book, seen) ?? node;
  }
  const { ip } = observed;
  const beside = ip === null ? null : book.gatewayBeside(ip);
  return (
    heldAt(end, ip) ?? heldAt(end, beside) ?? freshNode(seen, ip ?? observed.reserved ?? 'unnamed')
  );
}

function atClusterName(end: End, { target, isSure }: ClusterName): Resolved | null {
  if (target.kind === 'address') return byAddress(end, target.address);
  if (target.kind === 'pod') return podNamed(end, target.namespace, target.name);
  const { namespace, name } = target;
  const isKnown = end.book.services.services.has(serviceKey(namespace, name));
  return isSure || isKnown ? serviceEnd(target, end.asked, end.book, end.seen) : null;
}

/** The first name that the client looked up stands in the lists; the address stays the identity. */
function outside(end: End): Resolved {
  const { observed, seen } = end;
  const own = clusterNameIn(observed);
  const inside = own === null ? null : atClusterName(end, own);
  if (inside !== null) return inside;
  const balanced = balancedBy(end.book.services, observed.dnsNames);
  if (balanced.length > 0) return serviceAtAddress(balanced, end.asked, end.book, seen);
  const [dnsName] = observed.dnsNames;
  const shownAs = dnsName === undefined ? {} : { name: dnsName, dnsName };
  const address = canonicalAddress(addressOf(observed) ?? '');
  if (address !== null) return freshOutside(seen, { address }, shownAs);
  const cidr = canonicalCidr(observed.cidr ?? '');
  if (cidr !== null) return freshOutside(seen, { cidr }, shownAs);
  if (dnsName !== undefined) return freshOutside(seen, { dnsName });
  return freshOutside(seen, { entity: observed.reserved ?? 'world' });
}

/**
 * Who holds the address is that one: a node's is `world` after SNAT, and a ClusterIP before translation. Without one a Service may tell who was asked. An address of
 * the cluster that nobody holds does not name anybody outside (docs/traps.md, T9).
 */
function worldOf(end: End): Resolved {
  const { observed, asked, book, seen } = end;
  const address = addressOf(observed);
  if (address === null && observed.service !== null)
    return serviceEnd(observed.service, asked, book, seen);
  const held = heldAt(end, address);
  if (held !== null) return held;
  return address !== null && end.book.isClusterAddress(address)
    ? freshOutside(end.seen, { entity: 'world' })
    : outside(end);
}

const nobody = ({ seen, book }: End, address: string): Resolved =>
  unresolved(seen, {
    reason: book.isBlank ? 'INVENTORY_MISSING' : 'ADDRESS_OF_NOBODY_KNOWN',
    address,
  });

function byAddress(end: End, address: string): Resolved {
  const held = heldAt(end, address);
  if (held !== null) return held;
  return end.book.isClusterAddress(address)
    ? nobody(end, address)
    : freshOutside(end.seen, { address });
}

function unknownOf(end: End): Resolved {
  const address = addressOf(end.observed);
  const held = heldAt(end, address);
  if (held !== null) return held;
  return address !== null && end.book.isClusterAddress(address)
    ? nobody(end, address)
    : outside(end);
}

const unmanagedOf = (end: End): Resolved =>
  heldAt(end, end.observed.ip) ??
  unresolved(end.seen, { reason: 'UNMANAGED', address: end.observed.ip });

function serviceOf(end: End): Resolved {
  const { observed, asked, book, seen } = end;
  const { service } = observed;
  if (service !== null) return serviceEnd(service, asked, book, seen);
  return unknownOf(end);
}

/** One that no Endpoints name is known by its address; a managed control plane has its own. */
function apiServerOf({ observed, book, seen }: End): Resolved {
  const address = canonicalAddress(addressOf(observed) ?? '');
  if (address === null) return apiServer(seen);
  const isOutside = holderAt(book, address, seen.firstSeenAt) === null;
  return isOutside && isApiServer(book, address, seen.firstSeenAt) !== true
    ? apiServerAt(seen, address)
    : apiServer(seen);
}

/** A peer of another cluster of a mesh is outside of this one, known by its name. */
const elsewhere = ({ observed, seen }: End): Resolved => {
  const { pod, workload, labels } = observed;
  const owner =
    workload ?? (pod === null ? null : ownerOfPodName(pod, labels?.['pod-template-hash'] ?? null));
  const name = owner?.name ?? observed.ip ?? 'unknown';
  const entity = [observed.cluster, observed.namespace, name]
    .filter(part => part !== null)
    .join('/');
  return freshOutside(seen, { entity });
};

const BY_HINT: Readonly<Record<PeerHint, (end: End) => Resolved>> = {
  [PeerHint.POD]: podOf,
  [PeerHint.WORKLOAD]: workloadOf,
  [PeerHint.NODE]: nodeOf,
  [PeerHint.HOST]: nodeOf,
  [PeerHint.HEALTH]: nodeOf,
  [PeerHint.SERVICE]: serviceOf,
  [PeerHint.WORLD]: worldOf,
  [PeerHint.APISERVER]: apiServerOf,
  [PeerHint.INGRESS]: ({ observed, seen }) =>
    freshOutside(seen, { entity: observed.reserved ?? observed.kind }),
  [PeerHint.UNMANAGED]: unmanagedOf,
  [PeerHint.EXTERNAL]: unknownOf,
  [PeerHint.UNKNOWN]: unknownOf,
};

/**
 * Who an observed peer is, by pod name, then workload, then labels, then address, then reserved identity
 * (docs/traps.md, The order of attribution). `at` is the time of the records, ISO text.
 * @param asked the port that is asked of a destination, where that may tell who answers
 */
export function resolvePeer(
  observed: ObservedPeer,
  at: string,
  book: Book,
  asked: Asked | null,
): Resolved {
  const seen: Seen = { clusterId: book.clusterId, firstSeenAt: at };
  const end = { observed, asked, book, seen };
  return observed.cluster === null ? BY_HINT[observed.kind](end) : elsewhere(end);
}
