import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { maskedPeers, withItems } from '../access/masked.js';
import { inClusters } from '../access/visible.js';
import { statement } from '../database/row.js';
import { sql, value } from '../query/condition.js';
import { type Peer, PeerKind } from './peer.js';
import { PEER, peerColumns } from './peer-columns.js';
import { peerLabel, peerName } from './peer-label.js';

export type ExternalStore = {
  /**
   * What is outside of a cluster under these names, an address, CIDR, DNS name or entity as lists show it; a name in
   * lower case where it is written otherwise. Several addresses may share a DNS name: the first `limit` of each name.
   */
  externalsNamed(
    clusterId: number,
    names: readonly string[],
    limit: number,
  ): Promise<readonly Peer[]>;
};

const NAMED = statement('peers.externalsNamed', PEER);

const labelOutside = (name: string): string =>
  peerName({ kind: PeerKind.EXTERNAL, namespace: null, name });

export const externalStore = (manager: EntityManager, caller: Caller): ExternalStore => {
  return {
    externalsNamed: (clusterId, names, limit) => {
      const labels = value(
        'text[]',
        names.map(name => labelOutside(name.toLowerCase())),
      );
      const asked = withItems(
        maskedPeers(caller),
        sql`select found.* from unnest(${labels}) n (label)
        cross join lateral (select ${peerColumns('p')} from peer p
          where p.cluster_id = ${value('int', clusterId)} and ${peerLabel('p')} = n.label and p.alias_of is null
            and ${inClusters(caller, 'p.cluster_id')}
          order by p.id limit ${value('int', limit)}) found`,
      );
      return NAMED.rows(manager, asked.sql, asked.values);
    },
  };
};
