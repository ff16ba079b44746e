import type { EntityManager } from 'typeorm';

export type ClusterRangeStore = {
  /** Where the cluster's pods and Services have their addresses: the /16 (IPv6: /64) around each. */
  ofCluster(clusterId: number): Promise<readonly string[]>;
};

export const clusterRangeStore = (manager: EntityManager): ClusterRangeStore => ({
  ofCluster: async clusterId => {
    const rows: readonly { range: string }[] = await manager.query(
      `/* clusterRanges.ofCluster */
      select distinct network(set_masklen(address, case family(address) when 4 then 16 else 64 end))::text as range
      from address_book where cluster_id = $1 and holder <> 'NODE'`,
      [clusterId],
    );
    return rows.map(({ range }) => range);
  },
});
