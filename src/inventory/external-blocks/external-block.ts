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

/** Lengths of the prefixes that there are: read once in a statement. */
const LENGTHS = '(select array_agg(distinct masklen(cidr)) from external_block)';

/**
 * SQL: the name of the block that an external peer lies in, or null. The longest prefix wins; of the same block, the
 * name that the cluster itself gave. Blocks are looked up by their key, once for each length of prefixes: holding each peer
 * against each block took 50 ms a peer where there are 10,000.
 */
export const blockName = (peer: string): string => `(select b.name from external_block b
  where b.cluster_id in (${EVERY_CLUSTER}, ${peer}.cluster_id) and b.cidr = any(array(
    select network(set_masklen(${ADDRESS(peer)}, prefix.bits)) from unnest(${LENGTHS}) prefix (bits)
    where prefix.bits <= masklen(${ADDRESS(peer)})))
  order by masklen(b.cidr) desc, b.cluster_id desc limit 1)`;

/** SQL: the external peers `e` that lie in a block of these names; a `FROM` and a `WHERE` clause. */
export const peersInBlocks = (names: string): string => `from external_block n join peer e
    on e.kind = 'EXTERNAL' and ${ADDRESS('e')} <<= n.cidr and n.cluster_id in (${EVERY_CLUSTER}, e.cluster_id)
  where n.name = any(${names}) and ${blockName('e')} = n.name`;
