import { type DeclaredServicePort, podPortOf } from '../../inventory/address.js';
import {
  externalPeer,
  inferredDeployment,
  nodePeer,
  type Unknown,
  unresolvedPeer,
} from '../../inventory/known-as.js';
import { stableLabels } from '../../inventory/labels.js';
import { ownerOfPodName } from '../../inventory/owner.js';
import type { Peer } from '../../inventory/peer.js';
import { canonicalAddress, canonicalCidr } from '../../netpol/index.js';
import { type ObservedPeer, PeerHint } from '../observation.js';
import { type Book, deploymentLabelled, deploymentNamed, holderAt } from './book.js';

/** Who an observed peer is: a peer that is stored already, or one to be stored. */
export type Resolved = {
  readonly id: string;
  /** Null: the inventory has it. */
  readonly peer: Peer | null;
  /** Where the peer is a Service's deployment: how its ports become pod ports. */
  readonly servicePorts: readonly DeclaredServicePort[] | null;
  /** The node that it runs on; null: not known. */
  readonly runsOn: string | null;
  /** The node that it is. */
  readonly isNode: string | null;
};

type Seen = { readonly clusterId: number; readonly firstSeenAt: string };

const NOWHERE = { servicePorts: null, runsOn: null, isNode: null } as const;
const known = (id: string): Resolved => ({ ...NOWHERE, id, peer: null });
const fresh = (peer: Peer): Resolved => ({ ...NOWHERE, id: peer.id, peer });
const freshNode = (seen: Seen, name: string): Resolved => ({
  ...fresh(nodePeer(seen, name)),
  isNode: name,
});

const unresolved = (
  seen: Seen,
  unknown: Partial<Unknown> & { readonly reason: string },
): Resolved =>
  fresh(unresolvedPeer(seen, { address: null, namespace: null, labels: null, ...unknown }));

/** The pod's name beats every label and address (docs/traps.md, T7). */
function podOf(observed: ObservedPeer, book: Book, seen: Seen): Resolved {
  const { namespace, pod, labels, workload } = observed;
  if (namespace === null || pod === null) return unresolved(seen, { reason: 'POD_WITHOUT_NAME' });
  const owned = book.ownerOfPod(namespace, pod);
  if (owned !== null) return { ...known(owned.peerId), runsOn: owned.node };
  const owner = workload ?? ownerOfPodName(pod, labels?.['pod-template-hash'] ?? null);
  const shown = deploymentNamed(book, namespace, owner.name);
  if (shown !== null) return known(shown.id);
  return fresh(inferredDeployment({ ...seen, namespace, owner, labels }));
}

/** Identity labels win over the address, which behind an L7 proxy is the node's (docs/traps.md, T8). */
function workloadOf(observed: ObservedPeer, book: Book, seen: Seen): Resolved {
  const { namespace, workload, labels } = observed;
  if (namespace === null) return unresolved(seen, { reason: 'NO_NAMESPACE', labels });
  if (workload !== null) {
    const shown = deploymentNamed(book, namespace, workload.name);
    if (shown !== null) return known(shown.id);
    return fresh(inferredDeployment({ ...seen, namespace, owner: workload, labels }));
  }
  const stable = stableLabels(labels ?? {}, 'Deployment');
  const labelled = deploymentLabelled(book, namespace, stable);
  if (labelled !== null) return known(labelled.id);
  return unresolved(seen, { reason: 'LABELS_OF_NO_DEPLOYMENT', namespace, labels: stable });
}

function holderOf(address: string | null, book: Book, at: string): Resolved | null {
  const held = address === null ? null : holderAt(book, address, at);
  if (held === null || held.peerId === null) return null;
  const { peerId: id, ports: servicePorts, holder, node } = held;
  const isNode = holder === 'NODE' || holder === 'GATEWAY';
  return {
    id,
    peer: null,
    servicePorts,
    runsOn: holder === 'POD' ? node : null,
    isNode: isNode ? node : null,
  };
}

function nodeOf(observed: ObservedPeer, book: Book, seen: Seen): Resolved {
  if (observed.node !== null) return freshNode(seen, observed.node);
  const held = holderOf(observed.ip, book, seen.firstSeenAt);
  if (held !== null && held.servicePorts === null) return held;
  return freshNode(seen, observed.ip ?? observed.reserved ?? 'unnamed');
}

const SINGLE = /^(.*)\/(?:32|128)$/;

/** The one address that an end is described by. */
export const addressOf = ({ ip, cidr }: Pick<ObservedPeer, 'ip' | 'cidr'>): string | null =>
  ip ?? (cidr === null ? null : (SINGLE.exec(cidr)?.[1] ?? null));

/** The first name that the client looked up stands in the lists; the address stays the identity. */
function outside(observed: ObservedPeer, seen: Seen): Resolved {
  const [dnsName] = observed.dnsNames;
  const named = (peer: Peer): Resolved =>
    fresh(dnsName === undefined ? peer : { ...peer, name: dnsName, dnsName });
  const address = canonicalAddress(addressOf(observed) ?? '');
  if (address !== null) return named(externalPeer(seen, { address }));
  const cidr = canonicalCidr(observed.cidr ?? '');
  if (cidr !== null) return named(externalPeer(seen, { cidr }));
  if (dnsName !== undefined) return fresh(externalPeer(seen, { dnsName }));
  return fresh(externalPeer(seen, { entity: observed.reserved ?? 'world' }));
}

/**
 * Who holds the address is that one: a node's is `world` after SNAT, and a ClusterIP before translation. An address of
 * the cluster that nobody holds does not name anybody outside (docs/traps.md, T9).
 */
function worldOf(observed: ObservedPeer, book: Book, seen: Seen): Resolved {
  const address = addressOf(observed);
  const held = holderOf(address, book, seen.firstSeenAt);
  if (held !== null) return held;
  return address !== null && book.isClusterAddress(address)
    ? fresh(externalPeer(seen, { entity: 'world' }))
    : outside(observed, seen);
}

function unknownOf(observed: ObservedPeer, book: Book, seen: Seen): Resolved {
  const address = addressOf(observed);
  const held = holderOf(address, book, seen.firstSeenAt);
  if (held !== null) return held;
  if (address !== null && book.isClusterAddress(address)) {
    return unresolved(seen, { reason: 'ADDRESS_OF_NOBODY_KNOWN', address });
  }
  return outside(observed, seen);
}

const unmanagedOf = (observed: ObservedPeer, book: Book, seen: Seen): Resolved =>
  holderOf(observed.ip, book, seen.firstSeenAt) ??
  unresolved(seen, { reason: 'UNMANAGED', address: observed.ip });

function serviceOf(observed: ObservedPeer, book: Book, seen: Seen): Resolved {
  const held = holderOf(observed.ip, book, seen.firstSeenAt);
  if (held !== null) return held;
  const { service } = observed;
  const namespace = service?.namespace ?? observed.namespace;
  const shown =
    service === null || namespace === null ? null : deploymentNamed(book, namespace, service.name);
  if (shown !== null) return known(shown.id);
  return unresolved(seen, {
    reason: `SERVICE_WITHOUT_BACKEND ${service?.name ?? ''}`.trim(),
    address: observed.ip,
    namespace,
  });
}

/** A peer of another cluster of a mesh is outside of this one, known by its name. */
const elsewhere = (observed: ObservedPeer, seen: Seen): Resolved => {
  const name = observed.workload?.name ?? observed.pod ?? observed.ip ?? 'unknown';
  const entity = [observed.cluster, observed.namespace, name]
    .filter(part => part !== null)
    .join('/');
  return fresh(externalPeer(seen, { entity }));
};

/**
 * Who an observed peer is, by pod name, then workload, then labels, then address, then reserved identity
 * (docs/traps.md, The order of attribution). `at` is the time of the observation, ISO text.
 */
export function resolvePeer(observed: ObservedPeer, at: string, book: Book): Resolved {
  const seen: Seen = { clusterId: book.clusterId, firstSeenAt: at };
  if (observed.cluster !== null) return elsewhere(observed, seen);
  switch (observed.kind) {
    case PeerHint.POD:
      return podOf(observed, book, seen);
    case PeerHint.WORKLOAD:
      return workloadOf(observed, book, seen);
    case PeerHint.NODE:
    case PeerHint.HOST:
    case PeerHint.HEALTH:
      return nodeOf(observed, book, seen);
    case PeerHint.SERVICE:
      return serviceOf(observed, book, seen);
    case PeerHint.WORLD:
      return worldOf(observed, book, seen);
    case PeerHint.APISERVER:
    case PeerHint.INGRESS:
      return fresh(externalPeer(seen, { entity: observed.reserved ?? observed.kind }));
    case PeerHint.UNMANAGED:
      return unmanagedOf(observed, book, seen);
    case PeerHint.EXTERNAL:
    case PeerHint.UNKNOWN:
      return unknownOf(observed, book, seen);
  }
}

/** An end that is known: how its ports are told. */
export type PortsOf = Pick<Resolved, 'servicePorts'> & { readonly ports: Peer['ports'] };

/** The pod's port behind a Service's port; null where no declared port tells. */
export function podPort(
  servicePort: number | null,
  protocol: string,
  { servicePorts, ports }: PortsOf,
): number | null {
  const declared = servicePorts?.find(
    port => port.port === servicePort && port.protocol === protocol,
  );
  return declared === undefined ? null : podPortOf(declared, ports ?? []);
}
