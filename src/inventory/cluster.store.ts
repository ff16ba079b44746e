import type { EntityManager } from 'typeorm';
import { type Caller, seesWhole } from '../access/caller.js';
import {
  inClusters,
  visible,
  visibleNamespace,
  visibleWorkload,
  wholly,
} from '../access/visible.js';
import { type Columns, int4, int8, jsonb, nullable, statement, text } from '../database/row.js';
import { buildWhere, type Condition, EVERYTHING, sql, value } from '../query/condition.js';
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
  /** Of all, at most a thousand, in their order. */
  names(): Promise<readonly string[]>;
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
  /** The version of the cluster's settings; changes of them wait until the transaction ends. */
  holdSettings(clusterId: number): Promise<number>;
  settingsChanged(clusterId: number): Promise<void>;
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
  rollUpDays: nullable(int4),
  rolledUntil: nullable(text),
  forgottenUntil: nullable(text),
  settingsVersion: int4,
};

const STATEMENTS = {
  byName: statement('clusters.byName', CLUSTER),
  names: statement('clusters.names', { name: text }),
  byIds: statement('clusters.byIds', CLUSTER, { keepsPlan: true }),
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
  holdSettings: statement('clusters.holdSettings', { version: int4 }),
  nextId: statement('clusters.nextId', { id: int4 }),
  keyedImport: statement<KeyedImport>('clusters.keyedImport', {
    contentHash: text,
    outcome: jsonb<unknown>(),
  }),
} as const;

const COLUMNS = `c.id, c.name, ${dateTimeText('c.created_at')} as "createdAt",
  ${dateTimeText('c.last_import_at')} as "lastImportAt", ${dateTimeText('c.last_ingest_at')} as "lastIngestAt",
  ${dateTimeText('c.newest_observation_at')} as "newestObservationAt", c.verdict_epoch as "verdictEpoch",
  c.facts_version as "factsVersion", c.policies_version as "policiesVersion",
  c.pending_epoch as "pendingEpoch", c.retention_days as "retentionDays",
  c.roll_up_days as "rollUpDays", ${dateTimeText('c.rolled_until')} as "rolledUntil",
  ${dateTimeText('c.forgotten_until')} as "forgottenUntil",
  c.settings_version as "settingsVersion"`;

// Any two numbers that nothing else in the database locks.
const LOCK_OF_NAMES = 727_001;
export const LOCK_OF_IMPORTS = 727_002;

const podsOf = (caller: Caller): Condition =>
  seesWhole(caller)
    ? EVERYTHING
    : sql`exists (select from peer p where p.cluster_id = pod.cluster_id and p.id = pod.deployment_id
        and ${visibleWorkload(caller, 'p')})`;

/** Of what the caller sees. */
const counts = (caller: Caller, ids: readonly number[]): Condition =>
  sql`select c.id as "clusterId",
    (select count(*)::int from namespace n where n.cluster_id = c.id and n.ended_at is null
      and ${visibleNamespace(caller, 'n')}) as namespaces,
    (select count(*)::int from peer p where p.cluster_id = c.id and p.kind = 'DEPLOYMENT' and p.alias_of is null
      and p.ended_at is null and ${visibleWorkload(caller, 'p')}) as deployments,
    (select count(*)::int from pod where pod.cluster_id = c.id and pod.ended_at is null and ${podsOf(caller)}) as pods,
    (select count(*)::int from service s where s.cluster_id = c.id and s.ended_at is null
      and ${visible(caller, { clusterId: 's.cluster_id', namespace: 's.namespace' })}) as services,
    (select count(*)::int from peer p where p.cluster_id = c.id and p.kind = 'NODE' and p.alias_of is null
      and p.ended_at is null and ${wholly(caller, 'p.cluster_id')}) as nodes
  from cluster c where c.id = any(${value('int[]', ids)}) and ${inClusters(caller, 'c.id')}`;

/** Reads of one caller. */
const clusterReads = (manager: EntityManager, caller: Caller, seen: Condition) => ({
  byName: async (name: string): Promise<Cluster | null> => {
    const asked = sql`select ${COLUMNS} from cluster c where c.name = ${value('text', name)} and ${seen}`;
    const [row = null] = await STATEMENTS.byName.rows(manager, asked.sql, asked.values);
    return row;
  },
  names: async (): Promise<readonly string[]> => {
    const asked = sql`select c.name from cluster c where ${seen} order by c.name limit 1000`;
    const rows = await STATEMENTS.names.rows(manager, asked.sql, asked.values);
    return rows.map(({ name }) => name);
  },
  byIds: (ids: readonly number[]): Promise<readonly Cluster[]> => {
    const asked = sql`select ${COLUMNS} from cluster c where c.id = any(${value('int[]', ids)}) and ${seen}`;
    return STATEMENTS.byIds.rows(manager, asked.sql, asked.values);
  },
  page: (filter: Condition, request: PageRequest): Promise<readonly (Cluster & Keyed)[]> => {
    const { sql: where, values } = buildWhere([seen, filter, ...request.conditions]);
    return STATEMENTS.page.rows(
      manager,
      `select ${COLUMNS}${cursorColumn(request)} from cluster c
      ${where} ${request.orderBy} limit ${request.fetch}`,
      values,
    );
  },
  count: async (filter: Condition): Promise<number> => {
    const { sql: where, values } = buildWhere([seen, filter]);
    const row = await STATEMENTS.count.row(manager, countText(`from cluster c ${where}`), values);
    return row.count;
  },
  countsOf: (ids: readonly number[]): Promise<readonly ClusterCounts[]> => {
    const asked = counts(caller, ids);
    return STATEMENTS.countsOf.rows(manager, asked.sql, asked.values);
  },
});

const ensure =
  (manager: EntityManager, reads: Pick<ClusterStore, 'byName'>) =>
  async (name: string, at: string): Promise<Cluster> => {
    const known = await reads.byName(name);
    if (known !== null) return known;
    await manager.query('/* clusters.lockNames */ select pg_advisory_xact_lock($1)', [
      LOCK_OF_NAMES,
    ]);
    const { id } = await STATEMENTS.nextId.row(
      manager,
      `select coalesce(max(x.id), 0) + 1 as id
      from (select id from cluster union all select id from deleted_cluster) x`,
      [],
    );
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
  const reads = clusterReads(manager, caller, inClusters(caller, 'c.id'));
  return {
    ...reads,
    ensure: ensure(manager, reads),
    lockImports: async clusterId => {
      await manager.query('/* clusters.lockImports */ select pg_advisory_xact_lock($1, $2)', [
        LOCK_OF_IMPORTS,
        clusterId,
      ]);
    },
    holdSettings: async clusterId => {
      const row = await STATEMENTS.holdSettings.row(
        manager,
        'select settings_version as version from cluster where id = $1 for no key update',
        [clusterId],
      );
      return row.version;
    },
    settingsChanged: async clusterId => {
      await manager.query(
        '/* clusters.settingsChanged */ update cluster set settings_version = settings_version + 1 where id = $1',
        [clusterId],
      );
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
