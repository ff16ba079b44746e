import { PeerKind } from '../../inventory/peer.js';
import { resolvePeer } from '../ingest/attribute.js';
import type { Book } from '../ingest/book.js';
import type { KeptCluster } from '../ingest/kept.js';
import type { Resolved } from '../ingest/resolved.js';
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

/** An end that nothing else is known of than before. */
export const unchanged = (id: string): Resolved => ({
  id,
  peer: null,
  reached: null,
  runsOn: null,
  isNode: null,
});

const isService = (name: string): boolean => name.startsWith('svc:');

/** An unresolved peer is worth it only where it names a Service, or where nothing was known of the cluster before. */
const isBetter = ({ reason }: OpenPeer, { peer }: Resolved): boolean =>
  peer?.kind !== PeerKind.UNRESOLVED || isService(peer.name) || reason === 'INVENTORY_MISSING';

const sameEnd = (one: Resolved, other: Resolved): boolean =>
  one.id === other.id &&
  one.reached?.port === other.reached?.port &&
  one.reached?.servicePort === other.reached?.servicePort;

/**
 * Who an end of an edge was by what is known now, where it was the same one for as long as the edge was seen; what became
 * another one in between stays what it is: the counts of an edge are not told apart by time.
 */
export function resolvedAll(
  kept: KeptCluster,
  book: Book,
  { peer, observed, edge, isAsked }: OpenEnd,
): Resolved {
  const doubt = doubtOf(kept, observed, { first: edge.firstSeen, last: edge.lastSeen });
  const asked = isAsked ? askedOf(doubt, edge, kept) : null;
  const [first, ...later] = [edge.firstSeen, ...(doubt?.cuts ?? [])].map(at =>
    resolvePeer(observed, timeText(at), book, asked),
  );
  if (first === undefined || first.id === peer.id) return unchanged(peer.id);
  const isOne = later.every(other => sameEnd(first, other));
  return isOne && isBetter(peer, first) ? first : unchanged(peer.id);
}
