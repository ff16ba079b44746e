import type { Peer } from '../../inventory/peer.js';
import type { PeerStore } from '../../inventory/peer.store.js';
import type { ObservedPeer } from '../observation.js';
import { timeText } from '../time.js';
import { isByLabels, isTimeless } from './asking.js';
import { resolvePeer } from './attribute.js';
import { type Book, sameLabels } from './book.js';
import type { KeptCluster, KnownLabels, KnownPeer } from './kept.js';
import { type BookStores, bookOf, loadKept } from './load-kept.js';
import type { ObservedEdges, SeenPeer } from './observed-edges.js';
import type { Resolved } from './resolved.js';
import { splitEnds } from './split-ends.js';

export type AttributionStores = BookStores & {
  readonly peers: BookStores['peers'] & Pick<PeerStore, 'ensure' | 'byIds'>;
};

/** One end of a chunk, by whom the store knows. */
export type KnownEnd = Pick<Resolved, 'reached' | 'runsOn' | 'isNode'> & {
  readonly peer: KnownPeer;
};

/** Who the ends of chunks are. */
export type Attribution = {
  /** The chunks, with each end split where it is another's by time or port. */
  readonly chunks: readonly ObservedEdges[];
  /** For each of them, in the order of its `ends`. */
  readonly ends: readonly (readonly KnownEnd[])[];
  /** Whether labels or ports of the inventory are others now. */
  readonly changed: boolean;
  /** Keeps what was learned; to be called when the transaction has been committed. */
  readonly commit: () => void;
};

type SettledEnd = {
  readonly kept: KeptCluster;
  readonly labels: SeenPeer['labels'];
  readonly workload: SeenPeer['workload'];
  readonly resolved: Resolved;
};

/** Ends of one stream whose resolution depends neither on the time nor on what flows teach. */
export type SettledEnds = Map<ObservedPeer, SettledEnd>;

/** The reader makes its peers anew at so many, too. */
const MOST_ENDS = 200_000;

const isSettled = (ends: SettledEnds, kept: KeptCluster, seen: SeenPeer): boolean => {
  const known = ends.get(seen.peer);
  return (
    seen.asked === null &&
    known?.kept === kept &&
    known.labels === seen.labels &&
    known.workload === seen.workload
  );
};

/** As the reader knew it when the chunk ended. */
const observedOf = ({ peer, labels, workload }: SeenPeer): ObservedPeer =>
  peer.labels === labels && peer.workload === workload ? peer : { ...peer, labels, workload };

/** The ends that are not settled, each once, however many chunks have it. */
function openEnds(
  settled: SettledEnds,
  kept: KeptCluster,
  chunks: readonly ObservedEdges[],
): readonly ObservedPeer[] {
  const latest = new Map<ObservedPeer, SeenPeer>();
  const open: ObservedPeer[] = [];
  for (const { ends } of chunks)
    for (const seen of ends) {
      const known = latest.get(seen.peer);
      if (known?.labels === seen.labels && known.workload === seen.workload) continue;
      latest.set(seen.peer, seen);
      if (!isSettled(settled, kept, seen)) open.push(observedOf(seen));
    }
  return open;
}

/** What one transaction learns. */
type Learning = {
  readonly kept: KeptCluster;
  readonly settled: SettledEnds;
  /** Peers to be stored, by id. */
  readonly wanted: Map<string, Peer>;
  /** The earliest time of each that is wanted. */
  readonly earliest: Map<string, number>;
  /** Deployments whose labels chunks before this one have told. */
  readonly taught: Map<string, Peer>;
};

/** Before everything that can be observed. */
const EVER = { validFrom: '0001-01-01T00:00:00.000000Z', validTo: null } as const;

const labelsOf = (peer: Peer): readonly KnownLabels[] => {
  const { id: peerId, name, labels, ports } = peer;
  const namespace = peer.namespace ?? '';
  return peer.kind !== 'DEPLOYMENT' || labels === null
    ? []
    : [{ ...EVER, peerId, namespace, name, labels, ports, stable: labels }];
};

/** Pods whose labels flows tell are known to records that carry labels alone: few chunks have any, and only they ask. */
function withLabels(book: Book, told: ReadonlyMap<string, Peer>): Book {
  if (told.size === 0) return book;
  let byNamespace: ReadonlyMap<string, readonly KnownLabels[]> | null = null;
  const fresh = (namespace: string): readonly KnownLabels[] => {
    byNamespace ??= Map.groupBy([...told.values()].flatMap(labelsOf), one => one.namespace);
    return byNamespace.get(namespace) ?? [];
  };
  return {
    ...book,
    labelsIn: namespace => [...book.labelsIn(namespace), ...fresh(namespace)],
  };
}

const isNews = (known: KnownPeer | undefined, peer: Peer, at: number): boolean =>
  known === undefined ||
  at < known.firstSeen ||
  (peer.labels !== null && peer.labels !== known.labels && !sameLabels(known.labels, peer.labels));

type Found = { readonly seen: SeenPeer; readonly resolved: Resolved };

/** The peers of a chunk that must be stored: of several that are one, the first that has labels, or the last. */
function newsOf({ kept, earliest }: Learning, found: readonly Found[]): ReadonlyMap<string, Peer> {
  const news = new Map<string, Peer>();
  for (const { seen, resolved } of found) {
    const { peer, id } = resolved;
    if (peer === null || !isNews(kept.peers.get(id), peer, seen.earliest)) continue;
    earliest.set(id, Math.min(earliest.get(id) ?? seen.earliest, seen.earliest));
    const known = news.get(id);
    if (known === undefined || known.labels === null) news.set(id, peer);
  }
  return news;
}

function want({ wanted, taught }: Learning, news: ReadonlyMap<string, Peer>): void {
  for (const [id, peer] of news) {
    const before = wanted.get(id);
    const labels = peer.labels ?? before?.labels ?? null;
    wanted.set(id, before === undefined ? peer : { ...before, labels });
    if (peer.kind === 'DEPLOYMENT' && labels !== null) taught.set(id, { ...peer, labels });
  }
}

function resolveSeen({ kept, settled }: Learning, seen: SeenPeer, book: Book): Found {
  if (isSettled(settled, kept, seen)) {
    const known = settled.get(seen.peer) as SettledEnd;
    return { seen, resolved: known.resolved };
  }
  const observed = observedOf(seen);
  const { labels, workload, asked } = seen;
  const resolved = resolvePeer(observed, timeText(seen.earliest), book, asked);
  if (asked === null && isTimeless(kept, observed))
    settled.set(seen.peer, { kept, labels, workload, resolved });
  return { seen, resolved };
}

/** Resolves the ends of one chunk: first those that speak for themselves, then those that only have labels. */
function resolveChunk(learning: Learning, { ends }: ObservedEdges): readonly Found[] {
  const book = withLabels(bookOf(learning.kept), learning.taught);
  const byLabels = ends.filter(seen => isByLabels(observedOf(seen)));
  const found = ends.map(seen =>
    isByLabels(observedOf(seen)) ? null : resolveSeen(learning, seen, book),
  );
  const news = newsOf(
    learning,
    found.filter(one => one !== null),
  );
  const whole = byLabels.length === 0 ? book : withLabels(book, news);
  const all = ends.map(
    (seen, place): Found =>
      found[place] ?? {
        seen,
        resolved: resolvePeer(observedOf(seen), timeText(seen.earliest), whole, seen.asked),
      },
  );
  want(learning, byLabels.length === 0 ? news : newsOf(learning, all));
  return all;
}

const numberOf = ({ numbers }: KeptCluster, id: string): number => {
  const known = numbers.get(id);
  if (known !== undefined) return known;
  numbers.set(id, numbers.size);
  return numbers.size - 1;
};

/** Stores what is wanted, and asks who the ids are that are not known yet. */
async function settle(
  { peers }: AttributionStores,
  { kept, wanted, earliest }: Learning,
  ids: ReadonlySet<string>,
): Promise<{ readonly changed: readonly string[]; readonly fresh: Map<string, KnownPeer> }> {
  const { clusterId } = kept;
  const rows = [...wanted].map(([id, peer]) => ({
    ...peer,
    firstSeenAt: timeText(earliest.get(id) ?? 0),
  }));
  const changed = rows.length === 0 ? [] : await peers.ensure(clusterId, rows);
  const unknown = [...ids].filter(id => !kept.peers.has(id));
  const found =
    unknown.length === 0 ? [] : await peers.byIds(unknown.map(id => ({ clusterId, id })));
  const asked = new Map(found.map(peer => [peer.askedId, peer]));
  const fresh = new Map<string, KnownPeer>();
  for (const id of [...unknown, ...wanted.keys()]) {
    const known = kept.peers.get(id);
    const row = asked.get(id);
    const own = known?.id ?? row?.id ?? id;
    fresh.set(id, {
      number: numberOf(kept, own),
      id: own,
      namespace: known?.namespace ?? row?.namespace ?? wanted.get(id)?.namespace ?? null,
      ports: known?.ports ?? row?.ports ?? null,
      firstSeen: Math.min(earliest.get(id) ?? Infinity, known?.firstSeen ?? Infinity),
      labels: wanted.get(id)?.labels ?? known?.labels ?? null,
    });
  }
  return { changed, fresh };
}

/**
 * Takes chunks to known ends, each as if those before it were stored already; stores the peers that are new, and
 * follows aliases. Asks the store only what was never asked of this version of the inventory.
 */
export async function attribute(
  stores: AttributionStores,
  kept: KeptCluster,
  settled: SettledEnds,
  chunks: readonly ObservedEdges[],
): Promise<Attribution> {
  if (settled.size > MOST_ENDS) settled.clear();
  await loadKept(stores, kept, openEnds(settled, kept, chunks));
  const learning: Learning = {
    kept,
    settled,
    wanted: new Map(),
    earliest: new Map(),
    taught: new Map(),
  };
  const split = chunks.map(chunk => splitEnds(chunk, kept));
  const found = split.map(chunk => resolveChunk(learning, chunk));
  const ids = new Set(found.flatMap(ends => ends.map(({ resolved }) => resolved.id)));
  const { changed, fresh } = await settle(stores, learning, ids);
  const endOf = ({ resolved: { id, reached, runsOn, isNode } }: Found): KnownEnd => {
    const peer = fresh.get(id) ?? kept.peers.get(id);
    if (peer === undefined) throw new Error(`peer \`${id}\` was not asked for`);
    return { peer, reached, runsOn, isNode };
  };
  return {
    chunks: split,
    ends: found.map(ends => ends.map(endOf)),
    changed: changed.length > 0,
    commit: () => {
      kept.changes += 1;
      for (const [id, peer] of fresh) kept.peers.set(id, peer);
      for (const id of changed) {
        const namespace = learning.wanted.get(id)?.namespace ?? '';
        kept.deployments.delete(namespace);
        kept.labelled.delete(namespace);
      }
    },
  };
}
