import { formatPeerText, type PeerText } from '../netpol/index.js';
import type { Peer, PeerKind } from './peer.js';

const TEXT_KINDS = {
  DEPLOYMENT: 'named',
  EXTERNAL: 'external',
  NODE: 'node',
  UNRESOLVED: 'unresolved',
  MASKED: 'unresolved',
} as const satisfies Record<PeerKind, PeerText['kind']>;

/** As lists show a peer, and as questions take it; the same as `peerLabel` says in SQL. */
export const peerName = ({
  kind,
  namespace,
  name,
}: Pick<Peer, 'kind' | 'namespace' | 'name'>): string =>
  formatPeerText({ kind: TEXT_KINDS[kind], namespace, name, ofKind: null });

/** What the list shows of a peer: SQL over the alias of a `peer` row, in the words of the index `peer_label`. */
export const peerLabel = (alias: string): string => `(case ${alias}.kind
  when 'DEPLOYMENT' then ${alias}.namespace || '/' || ${alias}.name
  when 'EXTERNAL' then 'EXTERNAL:' || ${alias}.name
  when 'NODE' then 'NODE:' || ${alias}.name
  else 'UNRESOLVED:' || ${alias}.name end)`;
