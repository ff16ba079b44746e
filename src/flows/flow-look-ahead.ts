import type { Peer } from '../inventory/peer.js';
import type { PeerStore, RowKey } from '../inventory/peer.store.js';
import { peerColumnsFor } from '../inventory/peer-columns.js';
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

const textOf = ({ clusterId, id }: RowKey): string => `${clusterId} ${id}`;

/** The ends of flows that a document asks for: one statement for all of them, none where it asks for none. */
export async function endsOf(
  peers: Pick<PeerStore, 'byIds'>,
  rows: Rows,
  { source, destination }: FlowLookAhead,
): Promise<(row: Rows[number]) => FlowEnds> {
  const keys = new Map<string, RowKey>();
  const add = (key: RowKey): void => void keys.set(textOf(key), key);
  for (const { clusterId, sourceId, destinationId } of rows) {
    if (source.size > 0) add({ clusterId, id: sourceId });
    if (destination.size > 0) add({ clusterId, id: destinationId });
  }
  if (keys.size === 0) return () => ({});
  const columns = peerColumnsFor(new Set([...source, ...destination]));
  const found = await peers.byIds([...keys.values()], columns);
  const byKey = new Map(
    found.map(peer => [textOf({ clusterId: peer.clusterId, id: peer.askedId }), peer] as const),
  );
  return ({ clusterId, sourceId, destinationId }) => {
    const sourcePeer = source.size > 0 && byKey.get(textOf({ clusterId, id: sourceId }));
    const destinationPeer =
      destination.size > 0 && byKey.get(textOf({ clusterId, id: destinationId }));
    return { ...(sourcePeer && { sourcePeer }), ...(destinationPeer && { destinationPeer }) };
  };
}
