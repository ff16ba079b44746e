import type { EntityManager } from 'typeorm';
import { statement, text } from '../../database/row.js';

export type ClusterRangeStore = {
  /** Where the cluster's pods and Services have their addresses: the /16 (IPv6: /64) around each. */
  ofCluster(clusterId: number): Promise<readonly string[]>;
};

const OF_CLUSTER = statement('clusterRanges.ofCluster', { range: text });

/** A load balancer's public address has neighbours that are nobody's of the cluster. */
const PRIVATE = `array['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']::inet[]`;

export const clusterRangeStore = (manager: EntityManager): ClusterRangeStore => ({
  ofCluster: async clusterId => {
    const rows = await OF_CLUSTER.rows(
      manager,
      `select distinct network(set_masklen(address, case family(address) when 4 then 16 else 64 end))::text as range
      from address_book
      where cluster_id = $1 and (holder = 'POD' or holder = 'SERVICE' and address <<= any(${PRIVATE}))`,
      [clusterId],
    );
    return rows.map(({ range }) => range);
  },
});
