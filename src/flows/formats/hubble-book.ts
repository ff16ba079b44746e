import { clusterNameFault } from '../../inventory/cluster-name.js';
import type { ClusterNames, ObservedPeer, WorkloadName } from '../observation.js';
import { listOf, numberOf, objectOf, textOf } from './coerce.js';
import type { HubbleEndpoint } from './hubble-flow.js';
import { type LabelSet, parseLabels, reservedNameOf } from './hubble-labels.js';
import type { LearningPeer } from './peer.js';

/** What a stream has told of one pod; `ip` of its peer is the first that was seen. */
export type PodFacts = { labels: LabelSet | null; readonly peer: LearningPeer };

/** The last peer of a pod's name: the hot path finds it with two comparisons. */
export type KnownPod = {
  readonly peer: LearningPeer;
  readonly namespace: unknown;
  readonly identity: unknown;
  readonly cluster: unknown;
};

/** What the records of one reporting cluster have told so far. */
export type Book = {
  /** Name of the cluster that reports; null while no record has told it. */
  home: string | null;
  /** What ends of that cluster are said to be in: a cluster that was renamed has two names. */
  readonly homeNames: Set<string>;
  /** Clusters of ends, while nothing tells which one reports. */
  readonly undecided: Set<string>;
  readonly known: Map<string, KnownPod>;
  readonly pods: Map<string, PodFacts>;
  readonly identities: Map<number, LabelSet>;
  readonly labelSets: Map<string, LabelSet>;
  readonly peers: Map<LabelSet, Map<string, ObservedPeer>>;
  readonly named: Map<ObservedPeer, Map<string, ObservedPeer>>;
  /** How many peers are held; the reader starts a new book when they are too many. */
  size: number;
};

export const newBook = (home: string | null): Book => ({
  home,
  homeNames: new Set(),
  undecided: new Set(),
  known: new Map(),
  pods: new Map(),
  identities: new Map(),
  labelSets: new Map(),
  peers: new Map(),
  named: new Map(),
  size: 0,
});

const NO_LABELS: LabelSet = parseLabels([]);

const isSame = (one: readonly string[], other: readonly unknown[]): boolean => {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
};

const internLabels = (book: Book, raw: readonly unknown[]): LabelSet => {
  const texts = raw.filter(label => typeof label === 'string');
  const key = texts.join('\n');
  const known = book.labelSets.get(key);
  if (known !== undefined) return known;
  const labels = parseLabels(texts);
  book.labelSets.set(key, labels);
  return labels;
};

/** Labels of an identity whose own were masked: reserved by its number, or as another record told. */
const labelsOfIdentity = (book: Book, identity: number): LabelSet => {
  const reserved = reservedNameOf(identity);
  if (reserved !== null) return internLabels(book, [`reserved:${reserved}`]);
  return book.identities.get(identity) ?? NO_LABELS;
};

/**
 * The labels of an endpoint, parsed once an identity. An identity is the number of a label set within
 * one mesh, but files of several clusters may be joined: the labels are compared before they are trusted.
 */
export const labelsOf = (book: Book, endpoint: HubbleEndpoint): LabelSet => {
  const identity = numberOf(endpoint.identity);
  const raw = listOf(endpoint.labels);
  if (raw.length === 0) return identity === null ? NO_LABELS : labelsOfIdentity(book, identity);
  const known = identity === null ? undefined : book.identities.get(identity);
  if (known !== undefined && isSame(known.raw, raw)) return known;
  const labels = internLabels(book, raw);
  if (identity !== null && !labels.isFaulty) book.identities.set(identity, labels);
  return labels;
};

export const workloadOf = (endpoint: HubbleEndpoint): WorkloadName | null => {
  const first = objectOf(listOf(endpoint.workloads)[0]);
  const name = textOf(first?.['name']);
  const kind = textOf(first?.['kind']);
  return name === null || kind === null ? null : { kind, name };
};

/** Cluster of an endpoint: its own field, or the label where that is empty. */
const clusterOf = (endpoint: HubbleEndpoint, labels: LabelSet): string | null =>
  textOf(endpoint.cluster_name) ?? labels.cluster;

/** An endpoint with a local id is on the node that reports, so its cluster is the one that reports. */
const isLocal = ({ ID }: HubbleEndpoint): boolean => (numberOf(ID) ?? 0) > 0;

const learnName = (book: Book, name: string | null): void => {
  if (name === null || clusterNameFault(name) !== null) return;
  book.home ??= name;
  book.homeNames.add(name);
};

export const learnHome = (book: Book, endpoint: HubbleEndpoint, labels: LabelSet): void => {
  if (isLocal(endpoint)) learnName(book, clusterOf(endpoint, labels));
};

/** Where ids are masked: a packet is seen at the end that is on the node, coming to it or leaving it. */
const localAt = (point: string): 'source' | 'destination' | null => {
  if (point === 'TO_ENDPOINT') return 'destination';
  return point === 'FROM_ENDPOINT' ? 'source' : null;
};

/** Learns the home of a book that has none yet, before the ends are told apart by it. */
export const learnHomeOf = (
  book: Book,
  ends: Readonly<Record<'source' | 'destination', HubbleEndpoint>>,
  point: string,
): void => {
  for (const end of [ends.source, ends.destination]) learnHome(book, end, labelsOf(book, end));
  const local = localAt(point);
  if (book.home !== null || local === null) return;
  learnName(book, clusterOf(ends[local], labelsOf(book, ends[local])));
};

/** Null where the endpoint is in the cluster that reports, or nothing says otherwise. */
export const foreignCluster = (
  book: Book,
  endpoint: HubbleEndpoint,
  labels: LabelSet,
): string | null => {
  if (isLocal(endpoint)) return null;
  const cluster = clusterOf(endpoint, labels);
  if (book.home === null) {
    if (cluster !== null) book.undecided.add(cluster);
    return null;
  }
  return cluster === book.home || (cluster !== null && book.homeNames.has(cluster))
    ? null
    : cluster;
};

const several = (names: ReadonlySet<string>): readonly string[] =>
  names.size > 1 ? [...names] : [];

const sortedOnce = (names: readonly string[]): readonly string[] => [...new Set(names)].toSorted();

/** Names that do not agree; null: all do. */
export function disagreeing(books: readonly Book[]): ClusterNames | null {
  const own = books.flatMap(({ home, homeNames }) =>
    home === null ? [] : several(new Set([home, ...homeNames])),
  );
  const undecided = books.flatMap(one => (one.home === null ? several(one.undecided) : []));
  if (own.length === 0 && undecided.length === 0) return null;
  return { own: sortedOnce(own), undecided: sortedOnce(undecided) };
}
