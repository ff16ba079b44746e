import { PeerKind } from '../../inventory/peer.js';
import { resolvePeer } from '../ingest/attribute.js';
import { type Book, holdersAt } from '../ingest/book.js';
import type { KeptCluster } from '../ingest/kept.js';
import { type Resolved, unresolved } from '../ingest/resolved.js';
import { askedOf, doubtOf } from '../ingest/split-ends.js';
import type { ObservedPeer } from '../observation.js';
import { timeText } from '../time.js';
import type { OpenEdge } from './open-edge.store.js';
import type { OpenPeer } from './open-end.js';

/** An end of a stored edge, and how a record would name it. */
export type OpenEnd = {
  readonly peer: OpenPeer;
  readonly observed: ObservedPeer;
  readonly edge: OpenEdge;
  /** It is asked at the edge's port. */
  readonly isAsked: boolean;
};

/** Who an end of an edge was at each time of it, by what is known now. Times in microseconds. */
export type EndInTime = {
  /** When it may have become another one, sorted. */
  readonly cuts: readonly number[];
  readonly at: (time: number) => Resolved;
  /** Who it is where it was several in turn at these times, and nothing tells which of them. */
  readonly among: (times: readonly number[]) => Resolved;
};

/** An end that nothing else is known of than before. */
export const unchanged = (id: string): Resolved => ({
  id,
  peer: null,
  reached: null,
  runsOn: null,
  isNode: null,
});

export const always = (id: string): EndInTime => ({
  cuts: [],
  at: () => unchanged(id),
  among: () => unchanged(id),
});

const isService = (name: string): boolean => name.startsWith('svc:');

/** An unresolved peer is worth it only where it names a Service, or where nothing was known of the cluster before. */
const isBetter = ({ reason }: OpenPeer, { peer }: Resolved): boolean =>
  peer?.kind !== PeerKind.UNRESOLVED || isService(peer.name) || reason === 'INVENTORY_MISSING';

export const sameEnd = (one: Resolved, other: Resolved): boolean =>
  one.id === other.id &&
  one.reached?.port === other.reached?.port &&
  one.reached?.servicePort === other.reached?.servicePort;

/** Who had an address at these times, in turn. */
function namesOf(book: Book, address: string, times: readonly number[]): string {
  const names = times.map(at => holdersAt(book, address, timeText(at))[0]?.holderName ?? 'nobody');
  return [...new Set(names)].join(', ');
}

/** Only an address is known to have been somebody's in turn; any other end stays what it is. */
function changedHands(book: Book, { peer, edge }: OpenEnd, times: readonly number[]): Resolved {
  if (peer.kind !== PeerKind.UNRESOLVED || peer.address === null) return unchanged(peer.id);
  const reason = `ADDRESS_CHANGED_HANDS ${namesOf(book, peer.address, times)}`;
  const seen = { clusterId: book.clusterId, firstSeenAt: timeText(edge.firstSeen) };
  return unresolved(seen, { reason, address: peer.address });
}

/** @param book what is known of the peers that are asked about */
export function endInTime(kept: KeptCluster, book: Book, end: OpenEnd): EndInTime {
  const { peer, observed, edge, isAsked } = end;
  const doubt = doubtOf(kept, observed, { first: edge.firstSeen, last: edge.lastSeen });
  const asked = isAsked ? askedOf(doubt, edge, kept) : null;
  const at = (time: number): Resolved => {
    const found = resolvePeer(observed, timeText(time), book, asked);
    return found.id !== peer.id && isBetter(peer, found) ? found : unchanged(peer.id);
  };
  return {
    cuts: doubt?.cuts ?? [],
    at,
    among: times => {
      const [first = unchanged(peer.id), ...others] = times.map(at);
      return others.every(other => sameEnd(first, other)) ? first : changedHands(book, end, times);
    },
  };
}
