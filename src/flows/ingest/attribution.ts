import type { Peer } from '../../inventory/peer.js';
import type { PeerStore } from '../../inventory/peer.store.js';
import { isNewName, namedAs, withFirstName } from '../names/shown-name.js';
import type { ObservedPeer } from '../observation.js';
import { timeText } from '../time.js';
import { isByLabels, isTimeless } from './asking.js';
import { addressOf, resolvePeer } from './attribute.js';
import type { Book } from './book.js';
import type { KeptCluster, KnownLabels, KnownPeer } from './kept.js';
import { type BookStores, bookOf, loadKept } from './load-kept.js';
import type { ObservedEdges, SeenPeer } from './observed-edges.js';
import { type Resolved, unresolved } from './resolved.js';
import { placeOf } from './settled-class.js';
import { splitEnds } from './split-ends.js';
import { keepTold, labelsTold, type Telling, tell, toldRows } from './told-labels.js';

export type AttributionStores = BookStores & {
  readonly peers: BookStores['peers'] & Pick<PeerStore, 'ensure' | 'byIds' | 'tellLabelSets'>;
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
    seen.between === null &&
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
  /** Labels of pods that this transaction was told. */
  readonly telling: Telling;
};

/** Pods whose labels flows tell are known to records that carry labels alone: few chunks have any, and only they ask. */
function withTold(book: Book, telling: Telling): Book {
  if (telling.size === 0) return book;
  let told: ReturnType<typeof labelsTold> | null = null;
  const fresh = (namespace: string): readonly KnownLabels[] => {
    told ??= labelsTold(telling);
    return told.get(namespace) ?? [];
  };
  return {
    ...book,
    labelsIn: namespace => [...book.labelsIn(namespace), ...fresh(namespace)],
  };
}

const isNews = (known: KnownPeer | undefined, at: number, peer: Peer): boolean =>
  known === undefined || at < known.firstSeen || isNewName(known, peer);

type Found = { readonly seen: SeenPeer; readonly resolved: Resolved };

/** Notes the peers of a chunk that must be stored, each with labels where one of its records has some. */
function want({ kept, wanted, earliest, telling }: Learning, found: readonly Found[]): void {
  for (const { seen, resolved } of found) {
    const { peer, id } = resolved;
    if (peer === null) continue;
    tell(telling, kept.toldLabels, peer, seen);
    if (!isNews(kept.peers.get(id), seen.earliest, peer)) continue;
    earliest.set(id, Math.min(earliest.get(id) ?? seen.earliest, seen.earliest));
    const known = wanted.get(id);
    if (known === undefined || known.labels === null) wanted.set(id, withFirstName(peer, known));
  }
}

const changedHands = (kept: KeptCluster, { peer, earliest }: SeenPeer, between: string) =>
  unresolved(
    { clusterId: kept.clusterId, firstSeenAt: timeText(earliest) },
    { reason: `ADDRESS_CHANGED_HANDS ${between}`, address: addressOf(peer) },
  );

function resolveSeen({ kept, settled }: Learning, seen: SeenPeer, book: Book): Found {
  if (isSettled(settled, kept, seen)) {
    const known = settled.get(seen.peer) as SettledEnd;
    return { seen, resolved: known.resolved };
  }
  const observed = observedOf(seen);
  const { labels, workload, asked, between } = seen;
  if (between !== null) return { seen, resolved: changedHands(kept, seen, between) };
  const resolved = resolvePeer(observed, timeText(seen.earliest), book, asked);
  if (asked === null && isTimeless(kept, observed))
    settled.set(seen.peer, { kept, labels, workload, resolved });
  return { seen, resolved };
}

/** Resolves the ends of one chunk: first those that speak for themselves, then those that only have labels. */
function resolveChunk(learning: Learning, { ends }: ObservedEdges): readonly Found[] {
  const { kept, telling } = learning;
  const book = withTold(bookOf(kept), telling);
  const found = ends.map(seen =>
    isByLabels(observedOf(seen)) ? null : resolveSeen(learning, seen, book),
  );
  want(
    learning,
    found.filter(one => one !== null),
  );
  if (!found.includes(null)) return found as readonly Found[];
  const whole = withTold(bookOf(kept), telling);
  const all = ends.map(
    (seen, place): Found =>
      found[place] ?? {
        seen,
        resolved: resolvePeer(observedOf(seen), timeText(seen.earliest), whole, seen.asked),
      },
  );
  want(
    learning,
    all.filter((_, place) => found[place] === null),
  );
  return all;
}

const numberOf = ({ numbers }: KeptCluster, id: string): number => {
  const known = numbers.get(id);
  if (known !== undefined) return known;
  numbers.set(id, numbers.size);
  return numbers.size - 1;
};

type Before = {
  readonly known: KnownPeer | undefined;
  readonly row: Peer | undefined;
  readonly wanted: Peer | undefined;
};

function knownAs(
  kept: KeptCluster,
  id: string,
  earliest: number,
  { known, row, wanted }: Before,
): KnownPeer {
  const own = known?.id ?? row?.id ?? id;
  return {
    number: numberOf(kept, own),
    id: own,
    namespace: (known ?? row ?? wanted)?.namespace ?? null,
    ports: known?.ports ?? row?.ports ?? null,
    place: known?.place ?? placeOf(row ?? wanted),
    ...namedAs(known ?? row ?? null, wanted),
    firstSeen: Math.min(earliest, known?.firstSeen ?? Infinity),
  };
}

/** Stores what is wanted, and asks who the ids are that are not known yet. */
async function settle(
  { peers }: AttributionStores,
  { kept, wanted, earliest, telling }: Learning,
  ids: ReadonlySet<string>,
): Promise<{ readonly changed: readonly string[]; readonly fresh: Map<string, KnownPeer> }> {
  const { clusterId } = kept;
  const rows = [...wanted].map(([id, peer]) => ({
    ...peer,
    firstSeenAt: timeText(earliest.get(id) ?? 0),
  }));
  const stored = rows.length === 0 ? [] : await peers.ensure(clusterId, rows);
  const told = telling.size === 0 ? [] : await peers.tellLabelSets(clusterId, toldRows(telling));
  const changed = [...stored, ...told];
  const unknown = [...ids].filter(id => !kept.peers.has(id));
  const found =
    unknown.length === 0 ? [] : await peers.byIds(unknown.map(id => ({ clusterId, id })));
  const asked = new Map(found.map(peer => [peer.askedId, peer]));
  const fresh = new Map<string, KnownPeer>();
  for (const id of [...unknown, ...wanted.keys()]) {
    const before = { known: kept.peers.get(id), row: asked.get(id), wanted: wanted.get(id) };
    fresh.set(id, knownAs(kept, id, earliest.get(id) ?? Infinity, before));
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
    telling: new Map(),
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
      keepTold(kept.toldLabels, learning.telling);
      const taught = [...learning.telling.values()].map(({ peer }) => peer);
      for (const { id, namespace } of changed.length === 0
        ? []
        : [...learning.wanted.values(), ...taught]) {
        if (namespace === null || !changed.includes(id)) continue;
        kept.deployments.delete(namespace);
        kept.labelled.delete(namespace);
      }
    },
  };
}
