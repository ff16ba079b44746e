/** Addresses outside that go by one name. */
export type ExternalBlock = {
  /** The same while the block has a name. */
  readonly id: string;
  readonly name: string;
  /** As Postgres writes it, without bits of a host. */
  readonly cidr: string;
  /** `EVERY_CLUSTER`: of all of them. */
  readonly clusterId: number;
};

/** Ids of clusters begin with 1. */
export const EVERY_CLUSTER = 0;

const ADDRESS = (peer: string): string => `coalesce(${peer}.address, ${peer}.cidr::inet)`;

/**
 * SQL: the name of the block that an external peer lies in, or null. The longest prefix wins; of the same block, the
 * name that the cluster itself gave.
 */
export const blockName = (peer: string): string => `(select b.name from external_block b
  where b.cluster_id in (${EVERY_CLUSTER}, ${peer}.cluster_id) and b.cidr >>= ${ADDRESS(peer)}
  order by masklen(b.cidr) desc, b.cluster_id desc limit 1)`;

/** SQL: the external peers `e` that lie in a block of these names; a `FROM` and a `WHERE` clause. */
export const peersInBlocks = (names: string): string => `from external_block n join peer e
    on e.kind = 'EXTERNAL' and ${ADDRESS('e')} <<= n.cidr and n.cluster_id in (${EVERY_CLUSTER}, e.cluster_id)
  where n.name = any(${names}) and ${blockName('e')} = n.name`;
