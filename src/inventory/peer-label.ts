import type { Peer } from './peer.js';

/** As lists show a peer; the same as `peerLabel` says in SQL. */
export const peerName = ({ kind, namespace, name }: Peer): string =>
  kind === 'DEPLOYMENT' ? `${namespace}/${name}` : `${kind}:${name}`;

/** What the list shows of a peer: SQL over the alias of a `peer` row, in the words of the index `peer_label`. */
export const peerLabel = (alias: string): string => `(case ${alias}.kind
  when 'DEPLOYMENT' then ${alias}.namespace || '/' || ${alias}.name
  when 'EXTERNAL' then 'EXTERNAL:' || ${alias}.name
  when 'NODE' then 'NODE:' || ${alias}.name
  else 'UNRESOLVED:' || ${alias}.name end)`;
