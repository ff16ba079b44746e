import type { Peer } from '../inventory/peer.js';

/** As lists show a peer; the same as `peerLabel` says in SQL. */
export const peerName = ({ kind, namespace, name }: Peer): string =>
  kind === 'DEPLOYMENT' ? `${namespace}/${name}` : `${kind}:${name}`;
