import type { EntityManager } from 'typeorm';
import { int4, statement, text, texts } from '../database/row.js';

/** Written as SQL takes them. */
export type ClusterTableName = { readonly name: string; readonly parents: readonly string[] };

export type ClusterDeletionStore = {
  /**
   * From the end of the transaction on nobody sees the cluster, nobody writes to it, and its name is free.
   * Wants `clusters.lockImports`; waits for those who hold its flows. False: it was marked before.
   */
  mark(clusterId: number, name: string): Promise<boolean>;
  /** Those that are marked and that no job is taking away. */
  left(kind: string): Promise<readonly number[]>;
  /** Tables and partitions with rows of clusters, what refers to others first. */
  tables(): Promise<readonly string[]>;
  /** Answers how many rows went, so many at most. */
  removeFrom(table: string, clusterId: number, most: number): Promise<number>;
  /** The row of the cluster itself: nothing may refer to it any more. */
  remove(clusterId: number): Promise<void>;
  /** Until the end of the transaction, nobody can refer to the cluster. */
  lock(clusterId: number): Promise<void>;
};

const STATEMENTS = {
  mark: statement('clusterDeletions.mark', { id: int4 }),
  left: statement('clusterDeletions.left', { id: int4 }),
  tables: statement<ClusterTableName>('clusterDeletions.tables', { name: text, parents: texts }),
} as const;

/** No cluster can have a name with a backslash (`clusterNameFault`). */
const MARK = `with marked as (
    update cluster set name = '\\' || id, deleted_at = now() where id = $1 and deleted_at is null returning id)
  insert into deleted_cluster (id, name, deleted_at) select id, $2, now() from marked returning id`;

const LEFT = `select c.id from cluster c where c.deleted_at is not null and not exists (
    select from job j where j.cluster_id = c.id and j.kind = $1 and j.finished_at is null)
  order by c.id`;

const TABLES = `select format('%I', c.relname) as name, array(
    select format('%I', p.relname) from pg_constraint k join pg_class p on p.oid = k.confrelid
    where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as parents
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'cluster_id'
  where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace order by c.relname`;

/** What refers to others before them. */
export function childrenFirst(tables: readonly ClusterTableName[]): readonly string[] {
  const parents = new Map(tables.map(table => [table.name, table.parents]));
  const seen = new Set<string>();
  const order: string[] = [];
  const visit = (name: string): void => {
    const above = parents.get(name);
    if (above === undefined || seen.has(name)) return;
    seen.add(name);
    for (const parent of above) visit(parent);
    order.push(name);
  };
  for (const { name } of tables) visit(name);
  return order.toReversed();
}

export const clusterDeletionStore = (manager: EntityManager): ClusterDeletionStore => ({
  mark: async (clusterId, name) =>
    (await STATEMENTS.mark.rows(manager, MARK, [clusterId, name])).length > 0,
  left: async kind => (await STATEMENTS.left.rows(manager, LEFT, [kind])).map(({ id }) => id),
  tables: async () => childrenFirst(await STATEMENTS.tables.rows(manager, TABLES, [])),
  removeFrom: async (table, clusterId, most) => {
    const [, count] = await manager.query(
      `/* clusterDeletions.removeFrom */ delete from ${table} where ctid = any(array(
        select ctid from ${table} where cluster_id = $1 limit $2))`,
      [clusterId, most],
    );
    return count;
  },
  remove: async clusterId => {
    await manager.query('/* clusterDeletions.remove */ delete from cluster where id = $1', [
      clusterId,
    ]);
  },
  lock: async clusterId => {
    await manager.query(
      '/* clusterDeletions.lock */ select from cluster where id = $1 for update',
      [clusterId],
    );
  },
});
