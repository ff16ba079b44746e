import { CLUSTER } from '../database/statement.js';
/** Whether an end of a flow is this peer, in the words of the indexes `flow_source` and `flow_destination`. */
export const ofPeer = (end: string, peer: string): string =>
  `uuid_hash(${end}) = uuid_hash(${peer}) and ${end} = ${peer}`;

/** Whether the peer `p` is one of these ends of some flow: looked up for each peer (`offset 0`), nearly always in the index alone. */
export const hasFlows = (ends: readonly ('source' | 'destination')[]): string =>
  `(${ends
    .map(
      end =>
        `exists (select from flow where cluster_id = p.cluster_id and ${ofPeer(`${end}_id`, 'p.id')} offset 0)`,
    )
    .join(' or ')})`;

/**
 * `FROM` item `f`: the flows at either end of the peers, each once, with their `place` in the table. An index on a hash
 * of the peer's id finds them.
 * @param peers a table `k` with the column `id`; its cluster is `$1`
 */
export const flowsOfPeers = (peers: string): string => `(
  select distinct on (f.id) f.* from ${peers} cross join lateral (
    select *, ctid as place from flow where cluster_id = ${CLUSTER} and ${ofPeer('source_id', 'k.id')}
    union all
    select *, ctid as place from flow where cluster_id = ${CLUSTER} and ${ofPeer('destination_id', 'k.id')} offset 0) f) f`;
