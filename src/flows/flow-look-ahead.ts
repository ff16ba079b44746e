import type { Peer } from '../inventory/peer.js';
import type { PeerStore } from '../inventory/peer.store.js';
import { peerColumnsFor } from '../inventory/peer-columns.js';
import type { RowKey } from '../query/row-key.js';
import type { FlowView } from './flow-view.js';

/** What a document asks of the flows of a page, told before they are read. */
export type FlowLookAhead = {
  /** Tells one from another. */
  readonly key: string;
  /** Names of fields of the flows. */
  readonly fields: ReadonlySet<string>;
  /** Names of fields of either end; none where it is not selected. */
  readonly source: ReadonlySet<string>;
  readonly destination: ReadonlySet<string>;
  /** Whether a cursor of the page is asked for. */
  readonly isKeyed: boolean;
};

/** The ends of a flow that were looked ahead for. */
export type FlowEnds = { readonly sourcePeer?: Peer; readonly destinationPeer?: Peer };

type Rows = readonly Pick<FlowView, 'clusterId' | 'sourceId' | 'destinationId'>[];

/** Ids by cluster: a key of both would be a new text for each end of each row. */
function idsByCluster(
  rows: Rows,
  { source, destination }: FlowLookAhead,
): ReadonlyMap<number, ReadonlySet<string>> {
  const clusters = new Map<number, Set<string>>();
  for (const { clusterId, sourceId, destinationId } of rows) {
    const ids = clusters.get(clusterId) ?? new Set();
    clusters.set(clusterId, ids);
    if (source.size > 0) ids.add(sourceId);
    if (destination.size > 0) ids.add(destinationId);
  }
  return clusters;
}

const keysOf = (clusters: ReturnType<typeof idsByCluster>): readonly RowKey[] =>
  [...clusters].flatMap(([clusterId, ids]) => [...ids].map(id => ({ clusterId, id })));

/** The ends of flows that a document asks for: one statement for all of them, none where it asks for none. */
export async function endsOf(
  peers: Pick<PeerStore, 'byIds'>,
  rows: Rows,
  ahead: FlowLookAhead,
): Promise<(row: Rows[number]) => FlowEnds> {
  const { source, destination } = ahead;
  if (rows.length === 0 || source.size + destination.size === 0) return () => ({});
  const columns = peerColumnsFor(new Set([...source, ...destination]));
  const found = await peers.byIds(keysOf(idsByCluster(rows, ahead)), columns);
  const known = new Map<number, Map<string, Peer>>();
  for (const peer of found) {
    const ofCluster = known.get(peer.clusterId) ?? new Map<string, Peer>();
    known.set(peer.clusterId, ofCluster.set(peer.askedId, peer));
  }
  return ({ clusterId, sourceId, destinationId }) => {
    const ofCluster = known.get(clusterId);
    const sourcePeer = source.size > 0 && ofCluster?.get(sourceId);
    const destinationPeer = destination.size > 0 && ofCluster?.get(destinationId);
    return { ...(sourcePeer && { sourcePeer }), ...(destinationPeer && { destinationPeer }) };
  };
}
