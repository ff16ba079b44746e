import {
  externalPeer,
  inferredDeployment,
  nodePeer,
  type Unknown,
  unresolvedPeer,
} from '../../inventory/known-as.js';
import type { Peer } from '../../inventory/peer.js';
import type { HeldAddress } from '../../inventory/peer-lookup.store.js';
import type { FlowProtocol } from '../observation.js';

/** As Hubble names it. */
export const API_SERVER = 'kube-apiserver';

/** The port that records ask of a destination, as they tell it. */
export type Asked = {
  readonly port: number | null;
  readonly servicePort: number | null;
  readonly protocol: FlowProtocol;
};

/** Where an asked port leads. */
export type Reached = {
  /** The pod's; null: nothing tells it. */
  readonly port: number | null;
  /** The Service's before it. */
  readonly servicePort: number | null;
};

/** Who an observed peer is: a peer that is stored already, or one to be stored. */
export type Resolved = {
  readonly id: string;
  /** Null: the inventory has it. */
  readonly peer: Peer | null;
  /** Null: the port is the peer's own, as asked. */
  readonly reached: Reached | null;
  /** The node that it runs on; null: not known. */
  readonly runsOn: string | null;
  /** The node that it is. */
  readonly isNode: string | null;
};

/** `firstSeenAt`: the time of the records, ISO text. */
export type Seen = { readonly clusterId: number; readonly firstSeenAt: string };

const PLAIN = { reached: null, runsOn: null, isNode: null } as const;

export const known = (id: string): Resolved => ({ ...PLAIN, id, peer: null });
const fresh = (peer: Peer): Resolved => ({ ...PLAIN, id: peer.id, peer });

export const freshDeployment = (seen: Parameters<typeof inferredDeployment>[0]): Resolved =>
  fresh(inferredDeployment(seen));

export const freshNode = (seen: Seen, name: string): Resolved => ({
  ...fresh(nodePeer(seen, name)),
  isNode: name,
});

/** What is outside; `shownAs` is a name that the list shows in the place of an address. */
export const freshOutside = (
  seen: Seen,
  outside: Parameters<typeof externalPeer>[1],
  shownAs: Partial<Pick<Peer, 'name' | 'dnsName' | 'entity'>> = {},
): Resolved => fresh({ ...externalPeer(seen, outside), ...shownAs });

export const unresolved = (
  seen: Seen,
  unknown: Partial<Unknown> & { readonly reason: string },
): Resolved =>
  fresh(
    unresolvedPeer(seen, { address: null, namespace: null, labels: null, name: null, ...unknown }),
  );

/** Whoever holds an address by itself: a pod or a node. */
export function holding({ peerId, holder, node }: HeldAddress): Resolved | null {
  if (peerId === null || holder === 'SERVICE') return null;
  const isPod = holder === 'POD';
  return { ...known(peerId), runsOn: isPod ? node : null, isNode: isPod ? null : node };
}
