import type { EntityManager } from 'typeorm';
import { type Caller, seesWhole } from '../../access/caller.js';
import { maskedPeers, maskedPeersOfLists, withItems } from '../../access/masked.js';
import { inClusters } from '../../access/visible.js';
import { int4, nullable, statement, text, uuid } from '../../database/row.js';
import { unnest } from '../../database/statement.js';
import { type Condition, EVERYTHING, sql, value } from '../../query/condition.js';
import { COUNTED } from '../../query/page.js';
import type { RowKey } from '../peer.store.js';
import { blockName, EVERY_CLUSTER, type ExternalBlock } from './external-block.js';

export type NamedBlock = Pick<ExternalBlock, 'name' | 'cidr'>;

export type BlockOfPeer = RowKey & { readonly name: string | null };

export type ExternalBlockStore = {
  /** Those of the cluster and of every cluster, or the latter alone; by name, then address. */
  list(clusterId: number | null): Promise<readonly ExternalBlock[]>;
  /** A block that has a name gets the new one. `clusterId` 0: of every cluster. */
  put(clusterId: number, blocks: readonly NamedBlock[]): Promise<void>;
  forgetAll(clusterId: number): Promise<void>;
  /** Of the cluster itself. */
  count(clusterId: number): Promise<number>;
  /** The block that each external peer lies in; peers that are not stored are left out. */
  ofPeers(keys: readonly RowKey[]): Promise<readonly BlockOfPeer[]>;
};

const STATEMENTS = {
  list: statement<ExternalBlock>('externalBlocks.list', {
    clusterId: int4,
    cidr: text,
    name: text,
  }),
  count: statement('externalBlocks.count', COUNTED),
  ofPeers: statement<BlockOfPeer>('externalBlocks.ofPeers', {
    clusterId: int4,
    id: uuid,
    name: nullable(text),
  }),
} as const;

/** Who sees some workloads only sees the blocks that these talk to. */
const isTalkedTo = (caller: Caller): Condition =>
  seesWhole(caller)
    ? EVERYTHING
    : sql`exists (select from talked_to p where p.address <<= b.cidr
        and b.cluster_id in (${String(EVERY_CLUSTER)}, p.cluster_id))`;

/** The addresses outside of the cluster that the caller's workloads talk to, found once for all blocks. */
const talkedTo = (caller: Caller): readonly Condition[] =>
  seesWhole(caller)
    ? []
    : [
        sql`talked_to as materialized (select p.cluster_id, p.address from peer p
          where ${inClusters(caller, 'p.cluster_id')} and p.kind = 'EXTERNAL' and p.address is not null)`,
      ];

export const externalBlockStore = (manager: EntityManager, caller: Caller): ExternalBlockStore => ({
  list: clusterId =>
    STATEMENTS.list.ask(
      manager,
      withItems(
        [...maskedPeersOfLists(caller), ...talkedTo(caller)],
        sql`select b.cluster_id as "clusterId", b.cidr::text, b.name from external_block b
        where b.cluster_id in (${String(EVERY_CLUSTER)}, ${value('int', clusterId ?? EVERY_CLUSTER)})
          and (b.cluster_id = ${String(EVERY_CLUSTER)} or ${inClusters(caller, 'b.cluster_id')}) and ${isTalkedTo(caller)}
        order by b.name collate "C", b.cidr, b.cluster_id`,
      ),
    ),
  put: async (clusterId, blocks) => {
    const { from, values } = unnest(
      blocks,
      'b',
      { cidr: ['cidr', row => row.cidr], name: ['text', row => row.name] },
      2,
    );
    await manager.query(
      `/* externalBlocks.put */ insert into external_block (cluster_id, cidr, name)
      select $1::int, b.cidr, b.name from ${from} order by b.cidr
      on conflict on constraint external_block_pkey do update set name = excluded.name`,
      [clusterId, ...values],
    );
  },
  forgetAll: async clusterId => {
    await manager.query(
      '/* externalBlocks.forgetAll */ delete from external_block where cluster_id = $1',
      [clusterId],
    );
  },
  count: async clusterId => {
    const { count } = await STATEMENTS.count.row(
      manager,
      'select count(*)::int as count from external_block where cluster_id = $1',
      [clusterId],
    );
    return count;
  },
  ofPeers: keys =>
    STATEMENTS.ofPeers.ask(
      manager,
      withItems(
        maskedPeers(caller),
        sql`select p.cluster_id as "clusterId", p.id, ${blockName('p')} as name
        from unnest(${value(
          'int[]',
          keys.map(({ clusterId }) => clusterId),
        )}, ${value(
          'uuid[]',
          keys.map(({ id }) => id),
        )})
          k (cluster_id, id) join peer p on p.cluster_id = k.cluster_id and p.id = k.id
        where ${inClusters(caller, 'p.cluster_id')}`,
      ),
    ),
});
