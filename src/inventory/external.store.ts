import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { maskedPeers, withItems } from '../access/masked.js';
import { inClusters } from '../access/visible.js';
import { statement } from '../database/row.js';
import { type Condition, sql, value } from '../query/condition.js';
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

/** Looked up by `peer_label` before the rows are masked: of masked ones no index knows the label. */
const named = (clusterId: number, labels: readonly string[]): Condition =>
  sql`outside_named as materialized (select n.label, found.id from unnest(${value('text[]', labels)}) n (label)
    cross join lateral (select p.id from peer p where p.cluster_id = ${value('int', clusterId)}
      and ${peerLabel('p')} = n.label and p.alias_of is null offset 0) found)`;

export const externalStore = (manager: EntityManager, caller: Caller): ExternalStore => {
  return {
    externalsNamed: (clusterId, names, limit) => {
      const labels = names.map(name => labelOutside(name.toLowerCase()));
      const asked = withItems(
        [named(clusterId, labels), ...maskedPeers(caller)],
        sql`select found.* from (select distinct label from outside_named) n
        cross join lateral (select ${peerColumns('p')} from peer p
          where p.cluster_id = ${value('int', clusterId)}
            and p.id = any(array(select o.id from outside_named o where o.label = n.label))
            and ${peerLabel('p')} = n.label and ${inClusters(caller, 'p.cluster_id')}
          order by p.id limit ${value('int', limit)}) found`,
      );
      return NAMED.rows(manager, asked.sql, asked.values);
    },
  };
};
