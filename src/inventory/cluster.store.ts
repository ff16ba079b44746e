import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import { type Columns, int4, int8, jsonb, nullable, statement, text } from '../database/row.js';
import { buildWhere, type Condition, condition } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import {
  COUNTED,
  countText,
  cursorColumn,
  KEYED,
  type Keyed,
  type PageRequest,
} from '../query/page.js';
import type { Cluster } from './cluster.js';
import { smallestFree } from './identity.js';

export type ClusterCounts = {
  readonly clusterId: number;
  readonly namespaces: number;
  readonly deployments: number;
  readonly pods: number;
  readonly services: number;
  readonly nodes: number;
};

/** A stored answer to an import with an idempotency key. */
type KeyedImport = { readonly contentHash: string; readonly outcome: unknown };

export type ClusterStore = {
  byName(name: string): Promise<Cluster | null>;
  byIds(ids: readonly number[]): Promise<readonly Cluster[]>;
  /** @param filter over `cluster` c */
  page(filter: Condition, request: PageRequest): Promise<readonly (Cluster & Keyed)[]>;
  count(filter: Condition): Promise<number>;
  /** Of what has not ended. */
  countsOf(ids: readonly number[]): Promise<readonly ClusterCounts[]>;
  /**
   * The cluster of that name; made now where there is none. Wants a transaction.
   * @param at time of creation
   */
  ensure(name: string, at: string): Promise<Cluster>;
  /** Imports into one cluster wait for each other until their transactions end. */
  lockImports(clusterId: number): Promise<void>;
  imported(clusterId: number, observedAt: string): Promise<void>;
  keyedImport(clusterId: number, key: string): Promise<KeyedImport | null>;
  keepImport(clusterId: number, key: string, kept: KeyedImport): Promise<void>;
};

const CLUSTER: Columns<Cluster> = {
  id: int4,
  name: text,
  createdAt: text,
  lastImportAt: nullable(text),
  lastIngestAt: nullable(text),
  newestObservationAt: nullable(text),
  factsVersion: int8,
  policiesVersion: int8,
  verdictEpoch: int8,
  pendingEpoch: nullable(int8),
  retentionDays: nullable(int4),
};

const STATEMENTS = {
  byName: statement('clusters.byName', CLUSTER),
  byIds: statement('clusters.byIds', CLUSTER),
  page: statement<Cluster & Keyed>('clusters.page', { ...CLUSTER, ...KEYED }),
  count: statement('clusters.count', COUNTED),
  countsOf: statement<ClusterCounts>('clusters.countsOf', {
    clusterId: int4,
    namespaces: int4,
    deployments: int4,
    pods: int4,
    services: int4,
    nodes: int4,
  }),
  ids: statement('clusters.ids', { id: int4 }),
  keyedImport: statement<KeyedImport>('clusters.keyedImport', {
    contentHash: text,
    outcome: jsonb<unknown>(),
  }),
} as const;

const COLUMNS = `c.id, c.name, ${dateTimeText('c.created_at')} as "createdAt",
  ${dateTimeText('c.last_import_at')} as "lastImportAt", ${dateTimeText('c.last_ingest_at')} as "lastIngestAt",
  ${dateTimeText('c.newest_observation_at')} as "newestObservationAt", c.verdict_epoch as "verdictEpoch",
  c.facts_version as "factsVersion", c.policies_version as "policiesVersion",
  c.pending_epoch as "pendingEpoch", c.retention_days as "retentionDays"`;

// Any two numbers that nothing else in the database locks.
const LOCK_OF_NAMES = 727_001;
export const LOCK_OF_IMPORTS = 727_002;

const COUNTS = `select c.id as "clusterId",
    (select count(*)::int from namespace n where n.cluster_id = c.id and n.ended_at is null) as namespaces,
    (select count(*)::int from peer p where p.cluster_id = c.id and p.kind = 'DEPLOYMENT' and p.alias_of is null
      and p.ended_at is null) as deployments,
    (select count(*)::int from pod where pod.cluster_id = c.id and pod.ended_at is null) as pods,
    (select count(*)::int from service s where s.cluster_id = c.id and s.ended_at is null) as services,
    (select count(*)::int from peer p where p.cluster_id = c.id and p.kind = 'NODE' and p.alias_of is null
      and p.ended_at is null) as nodes
  from cluster c where c.id = any($1::int[])`;

/** Reads of one caller. */
const clusterReads = (manager: EntityManager, seen: string) => ({
  byName: async (name: string): Promise<Cluster | null> => {
    const [row = null] = await STATEMENTS.byName.rows(
      manager,
      `select ${COLUMNS} from cluster c where c.name = $1 and ${seen}`,
      [name],
    );
    return row;
  },
  byIds: (ids: readonly number[]): Promise<readonly Cluster[]> =>
    STATEMENTS.byIds.rows(
      manager,
      `select ${COLUMNS} from cluster c where c.id = any($1::int[]) and ${seen}`,
      [ids],
    ),
  page: (filter: Condition, request: PageRequest): Promise<readonly (Cluster & Keyed)[]> => {
    const { sql, values } = buildWhere([condition(seen), filter, ...request.conditions]);
    return STATEMENTS.page.rows(
      manager,
      `select ${COLUMNS}${cursorColumn(request)} from cluster c
      ${sql} ${request.orderBy} limit ${request.fetch}`,
      values,
    );
  },
  count: async (filter: Condition): Promise<number> => {
    const { sql, values } = buildWhere([condition(seen), filter]);
    const row = await STATEMENTS.count.row(manager, countText(`from cluster c ${sql}`), values);
    return row.count;
  },
  countsOf: (ids: readonly number[]): Promise<readonly ClusterCounts[]> =>
    STATEMENTS.countsOf.rows(manager, `${COUNTS} and ${seen}`, [ids]),
});

const ensure =
  (manager: EntityManager, reads: Pick<ClusterStore, 'byName'>) =>
  async (name: string, at: string): Promise<Cluster> => {
    const known = await reads.byName(name);
    if (known !== null) return known;
    await manager.query('/* clusters.lockNames */ select pg_advisory_xact_lock($1)', [
      LOCK_OF_NAMES,
    ]);
    const rows = await STATEMENTS.ids.rows(manager, 'select id from cluster', []);
    const id = smallestFree(rows.map(row => row.id));
    await manager.query(
      `/* clusters.add */ insert into cluster (id, name, created_at) values ($1, $2, $3)
      on conflict (name) do nothing`,
      [id, name, at],
    );
    const made = await reads.byName(name);
    if (made === null) throw new Error(`cluster \`${name}\` is not visible to its caller`);
    return made;
  };

export const clusterStore = (manager: EntityManager, caller: Caller): ClusterStore => {
  const reads = clusterReads(manager, visible(caller, { clusterId: 'c.id', namespace: null }));
  return {
    ...reads,
    ensure: ensure(manager, reads),
    lockImports: async clusterId => {
      await manager.query('/* clusters.lockImports */ select pg_advisory_xact_lock($1, $2)', [
        LOCK_OF_IMPORTS,
        clusterId,
      ]);
    },
    imported: async (clusterId, observedAt) => {
      await manager.query(
        `/* clusters.imported */ update cluster set last_import_at = greatest(last_import_at, $2::timestamptz)
        where id = $1`,
        [clusterId, observedAt],
      );
    },
    keyedImport: async (clusterId, key) => {
      const [row = null] = await STATEMENTS.keyedImport.rows(
        manager,
        `select content_hash as "contentHash", outcome from inventory_import
        where cluster_id = $1 and key = $2`,
        [clusterId, key],
      );
      return row;
    },
    keepImport: async (clusterId, key, { contentHash, outcome }) => {
      await manager.query(
        `/* clusters.keepImport */ insert into inventory_import (cluster_id, key, content_hash, recorded_at, outcome)
        values ($1, $2, $3, now(), $4)`,
        [clusterId, key, contentHash, JSON.stringify(outcome)],
      );
    },
  };
};
