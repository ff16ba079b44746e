import type { EntityManager } from 'typeorm';
import { type Caller, seesEverything, seesWhole } from '../../access/caller.js';
import { maskedPeers, maskedPeersOfLists, withItems } from '../../access/masked.js';
import { inClusters, wholly } from '../../access/visible.js';
import { type Columns, int4, nullable, statement, text, uuid } from '../../database/row.js';
import { unnest } from '../../database/statement.js';
import { and, type Condition, EVERYTHING, sql, value } from '../../query/condition.js';
import {
  COUNTED,
  cursorColumn,
  KEYED,
  type Keyed,
  LARGEST_COUNT,
  type PageRequest,
} from '../../query/page.js';
import type { RowKey } from '../../query/row-key.js';
import { blockName, EVERY_CLUSTER, type ExternalBlock } from './external-block.js';

export type NamedBlock = Pick<ExternalBlock, 'name' | 'cidr'>;

export type BlockOfPeer = RowKey & { readonly name: string | null };

export type ExternalBlockStore = {
  /** Those of the cluster and of every cluster, or the latter alone; by name, then address. */
  list(clusterId: number | null): Promise<readonly ExternalBlock[]>;
  /** @param filter over `external_block` b, of those that the caller sees */
  page(filter: Condition, request: PageRequest): Promise<readonly (ExternalBlock & Keyed)[]>;
  count(filter: Condition): Promise<number>;
  byIds(keys: readonly RowKey[]): Promise<readonly ExternalBlock[]>;
  /** Of those that the filter finds, so many that the caller may delete at most, by name. */
  deletable(filter: Condition, most: number): Promise<readonly RowKey[]>;
  /** Those that the caller may delete; answers how many went. */
  remove(keys: readonly RowKey[]): Promise<number>;
  /** A block that has a name gets the new one. `clusterId` 0: of every cluster. */
  put(clusterId: number, blocks: readonly NamedBlock[]): Promise<void>;
  forgetAll(clusterId: number): Promise<void>;
  /** Of the cluster itself. */
  countOf(clusterId: number): Promise<number>;
  /** The block that each external peer lies in; peers that are not stored are left out. */
  ofPeers(keys: readonly RowKey[]): Promise<readonly BlockOfPeer[]>;
};

const BLOCK: Columns<ExternalBlock> = { clusterId: int4, id: uuid, cidr: text, name: text };

const COLUMNS = 'b.cluster_id as "clusterId", b.id, b.cidr::text, b.name';

const STATEMENTS = {
  list: statement<ExternalBlock>('externalBlocks.list', BLOCK),
  page: statement<ExternalBlock & Keyed>('externalBlocks.page', { ...BLOCK, ...KEYED }),
  byIds: statement<ExternalBlock>('externalBlocks.byIds', BLOCK),
  deletable: statement<RowKey>('externalBlocks.deletable', { clusterId: int4, id: uuid }),
  remove: statement('externalBlocks.remove', COUNTED),
  count: statement('externalBlocks.count', COUNTED),
  countOf: statement('externalBlocks.countOf', COUNTED),
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

const isSeen = (caller: Caller): Condition =>
  sql`(b.cluster_id = ${String(EVERY_CLUSTER)} or ${inClusters(caller, 'b.cluster_id')}) and ${isTalkedTo(caller)}`;

/** A statement over the blocks `b` that a caller sees. */
const ofSeen = (caller: Caller, statement: Condition): Condition =>
  withItems([...maskedPeersOfLists(caller), ...talkedTo(caller)], statement);

/** What holds for every cluster is for who sees them all, what holds for one for who sees it wholly. */
const isOwn = (caller: Caller): Condition =>
  seesEverything(caller) ? EVERYTHING : wholly(caller, 'b.cluster_id');

const named = (keys: readonly RowKey[]): Condition =>
  sql`unnest(${value(
    'int[]',
    keys.map(({ clusterId }) => clusterId),
  )}, ${value(
    'uuid[]',
    keys.map(({ id }) => id),
  )}) k (cluster_id, id)`;

const lists = (manager: EntityManager, caller: Caller) => ({
  page: (filter: Condition, request: PageRequest) =>
    STATEMENTS.page.ask(
      manager,
      ofSeen(
        caller,
        sql`select ${COLUMNS}${cursorColumn(request)} from external_block b
        where ${and([isSeen(caller), filter, ...request.conditions])} ${request.orderBy} limit ${String(request.fetch)}`,
      ),
    ),
  count: async (filter: Condition) => {
    const counted = sql`select count(*)::int as count from (select 1 from external_block b
      where ${and([isSeen(caller), filter])} limit ${String(LARGEST_COUNT + 1)}) counted`;
    const [row] = await STATEMENTS.count.ask(manager, ofSeen(caller, counted));
    return row?.count ?? 0;
  },
  byIds: (keys: readonly RowKey[]) =>
    STATEMENTS.byIds.ask(
      manager,
      ofSeen(
        caller,
        sql`select ${COLUMNS} from ${named(keys)} join external_block b on b.cluster_id = k.cluster_id and b.id = k.id
        where ${isSeen(caller)}`,
      ),
    ),
});

const deletions = (manager: EntityManager, caller: Caller) => ({
  deletable: (filter: Condition, most: number) =>
    STATEMENTS.deletable.ask(
      manager,
      sql`select b.cluster_id as "clusterId", b.id from external_block b where ${and([isOwn(caller), filter])}
      order by b.name collate "C", b.cidr, b.cluster_id limit ${String(Math.trunc(most))}`,
    ),
  remove: async (keys: readonly RowKey[]) => {
    const [row] = await STATEMENTS.remove.ask(
      manager,
      sql`with gone as (delete from external_block b using ${named(keys)}
        where b.cluster_id = k.cluster_id and b.id = k.id and ${isOwn(caller)} returning 1)
      select count(*)::int as count from gone`,
    );
    return row?.count ?? 0;
  },
});

export const externalBlockStore = (manager: EntityManager, caller: Caller): ExternalBlockStore => ({
  ...lists(manager, caller),
  ...deletions(manager, caller),
  list: clusterId =>
    STATEMENTS.list.ask(
      manager,
      ofSeen(
        caller,
        sql`select ${COLUMNS} from external_block b
        where b.cluster_id in (${String(EVERY_CLUSTER)}, ${value('int', clusterId ?? EVERY_CLUSTER)}) and ${isSeen(caller)}
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
      `/* externalBlocks.put */ insert into external_block (cluster_id, id, cidr, name)
      select $1::int, gen_random_uuid(), b.cidr, b.name from ${from} order by b.cidr
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
  countOf: async clusterId => {
    const { count } = await STATEMENTS.countOf.row(
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
