import { dnsNameOf } from '../../netpol/index.js';
import {
  type ObservedPeer,
  PeerHint,
  type ServiceName,
  type WorkloadName,
} from '../observation.js';
import { listOf, objectOf, textOf } from './coerce.js';
import {
  type Book,
  foreignCluster,
  type KnownPod,
  labelsOf,
  learnHome,
  type PodFacts,
  workloadOf,
} from './hubble-book.js';
import type { HubbleEndpoint } from './hubble-flow.js';
import { isReservedIdentity, type LabelSet, reservedKindOf } from './hubble-labels.js';
import { faultOfPeer } from './name-fault.js';
import { type LearningPeer, newPeer } from './peer.js';

/** One end of a flow with what the flow says of it elsewhere. */
export type Side = {
  readonly endpoint: HubbleEndpoint;
  readonly ip: string | null;
  readonly names: unknown;
  readonly service: unknown;
  /** Name of the node that reported. */
  readonly node: string | null;
  /** True for a destination on a port of the Kubernetes API. */
  readonly isApiPort: boolean;
};

/** Fills what earlier records of the pod did not tell. */
const fill = (peer: LearningPeer, labels: LabelSet, workload: WorkloadName | null): void => {
  peer.labels ??= labels.labels;
  peer.namespaceLabels ??= labels.namespaceLabels;
  peer.workload ??= workload;
};

const newPod = (side: Side, pod: string, labels: LabelSet, cluster: string | null): LearningPeer =>
  newPeer(PeerHint.POD, {
    namespace: textOf(side.endpoint.namespace) ?? labels.namespace,
    pod,
    ip: side.ip,
    cluster,
    workload: workloadOf(side.endpoint),
    labels: labels.labels,
    namespaceLabels: labels.namespaceLabels,
  });

/** A relabelled pod is another object from now on; what was seen before keeps its labels. */
const isRelabelled = (facts: PodFacts, labels: LabelSet): boolean =>
  facts.labels !== null && labels.labels !== null && facts.labels !== labels;

/** A pod by its name, which beats `reserved:world` beside it; its labels come from any record of the stream. */
const learnedPod = (book: Book, side: Side, pod: string): ObservedPeer => {
  const { endpoint } = side;
  const labels = labelsOf(book, endpoint);
  learnHome(book, endpoint, labels);
  const namespace = textOf(endpoint.namespace) ?? labels.namespace;
  const cluster = foreignCluster(book, endpoint, labels);
  const told = newPod(side, pod, labels, cluster);
  if (faultOfPeer(told) !== null) return told;
  const key = `${cluster ?? ''}/${namespace ?? ''}/${pod}`;
  let facts = book.pods.get(key);
  if (facts === undefined || isRelabelled(facts, labels)) {
    facts = { labels: null, peer: told };
    book.pods.set(key, facts);
    book.size++;
  }
  if (labels.labels !== null) facts.labels = labels;
  fill(facts.peer, labels, workloadOf(endpoint));
  const { peer } = facts;
  book.known.set(pod, {
    peer,
    namespace: endpoint.namespace,
    identity: endpoint.identity,
    cluster: endpoint.cluster_name,
  });
  return peer;
};

/**
 * An identity is its namespace too, so that is compared only where the record gives a reserved one. A
 * record that may tell labels or an owner that are not known yet is read in full.
 */
const isKnownPod = (known: KnownPod, endpoint: HubbleEndpoint): boolean => {
  const { peer } = known;
  const { identity, namespace, workloads } = endpoint;
  const isSame =
    known.identity === identity
      ? identity !== undefined
      : isReservedIdentity(identity) && known.namespace === namespace;
  if (known.cluster !== endpoint.cluster_name) return false;
  return isSame && peer.labels !== null && (peer.workload !== null || workloads === undefined);
};

const podPeer = (book: Book, side: Side, pod: string): ObservedPeer => {
  const known = book.known.get(pod);
  return known !== undefined && isKnownPod(known, side.endpoint)
    ? known.peer
    : learnedPod(book, side, pod);
};

/** The one object of a label set and a key. */
const intern = (
  book: Book,
  labels: LabelSet,
  key: string,
  make: () => ObservedPeer,
): ObservedPeer => {
  let peers = book.peers.get(labels);
  if (peers === undefined) {
    peers = new Map();
    book.peers.set(labels, peers);
  }
  const known = peers.get(key);
  if (known !== undefined) return known;
  const peer = make();
  peers.set(key, peer);
  book.size++;
  return peer;
};

/**
 * A workload without a pod's name: by its owner (aggregated records), or by its identity's labels.
 * Behind the L7 proxy the address is the node's, so it is left out.
 */
const workloadPeer = (book: Book, { endpoint }: Side, labels: LabelSet): ObservedPeer => {
  const namespace = textOf(endpoint.namespace) ?? labels.namespace;
  const cluster = foreignCluster(book, endpoint, labels);
  const workload = workloadOf(endpoint);
  const key = `${cluster ?? ''}/${namespace ?? ''}/${workload?.kind ?? ''}/${workload?.name ?? ''}`;
  return intern(book, labels, key, () =>
    newPeer(PeerHint.WORKLOAD, {
      namespace,
      workload,
      cluster,
      labels: labels.labels,
      namespaceLabels: labels.namespaceLabels,
    }),
  );
};

const serviceOf = (value: unknown): ServiceName | null => {
  const service = objectOf(value);
  const name = textOf(service?.['name']);
  return name === null ? null : { namespace: textOf(service?.['namespace']) ?? 'default', name };
};

const NO_NAMES: readonly string[] = [];

const namesOf = (names: unknown, labels: LabelSet): readonly string[] => {
  const told = listOf(names);
  if (told.length === 0 && labels.dnsNames.length === 0) return NO_NAMES;
  const all = [...told.filter(name => typeof name === 'string'), ...labels.dnsNames];
  return [...new Set(all.map(dnsNameOf))].toSorted();
};

const addressKind = (
  labels: LabelSet,
  service: ServiceName | null,
  isApiPort: boolean,
): { readonly kind: PeerHint; readonly reserved: string | null } => {
  const reserved = reservedKindOf(labels, isApiPort);
  const name = reserved?.reserved ?? null;
  if (service !== null) return { kind: PeerHint.SERVICE, reserved: name };
  if (labels.cidr !== null && (reserved === null || reserved.kind === PeerHint.WORLD))
    return { kind: PeerHint.EXTERNAL, reserved: name };
  return reserved ?? { kind: PeerHint.UNKNOWN, reserved: null };
};

/** What is no pod and no workload: nodes, services, addresses outside, addresses not known. */
const addressPeer = (book: Book, side: Side, labels: LabelSet): ObservedPeer => {
  const service = serviceOf(side.service);
  const dnsNames = namesOf(side.names, labels);
  const namespace = textOf(side.endpoint.namespace);
  const { kind, reserved } = addressKind(labels, service, side.isApiPort);
  // The node that reports has many addresses and one name.
  const node = kind === PeerHint.HOST ? side.node : null;
  const ip = node === null ? side.ip : null;
  const key = `${kind}|${node ?? ip ?? ''}|${service?.namespace ?? namespace ?? ''}/${service?.name ?? ''}|${dnsNames.join(',')}`;
  return intern(book, labels, key, () =>
    newPeer(kind, { namespace, ip, cidr: labels.cidr, dnsNames, node, service, reserved }),
  );
};

/** Kubernetes labels beat the address, but not the identity of a node, which may carry the node's labels. */
const isWorkload = (labels: LabelSet): boolean => {
  if (labels.labels === null) return false;
  const kind = reservedKindOf(labels, false)?.kind;
  return kind === undefined || kind === PeerHint.UNMANAGED || kind === PeerHint.WORLD;
};

/** The peer of one end: pod name, then workload, then labels, then reserved identity, then address. */
export const peerOf = (book: Book, side: Side): ObservedPeer => {
  const { endpoint } = side;
  const pod = endpoint.pod_name;
  if (typeof pod === 'string' && pod !== '') return podPeer(book, side, pod);
  const labels = labelsOf(book, endpoint);
  learnHome(book, endpoint, labels);
  if (isWorkload(labels) || workloadOf(endpoint) !== null) return workloadPeer(book, side, labels);
  return addressPeer(book, side, labels);
};

/** True when nothing says who the peer is. */
export const isNobody = ({ kind, ip, node, reserved }: ObservedPeer): boolean =>
  kind === PeerHint.UNKNOWN && ip === null && node === null && reserved === null;

/** The same peer with the names that its client had looked up. */
export const withNames = (
  book: Book,
  peer: ObservedPeer,
  names: readonly string[],
): ObservedPeer => {
  let variants = book.named.get(peer);
  if (variants === undefined) {
    variants = new Map();
    book.named.set(peer, variants);
  }
  const key = names.join(',');
  const known = variants.get(key);
  if (known !== undefined) return known;
  const dnsNames = [...new Set([...peer.dnsNames, ...names])].toSorted();
  const named = { ...peer, dnsNames };
  variants.set(key, named);
  book.size++;
  return named;
};
