import { EntitySchema } from 'typeorm';
import type { Cluster } from './cluster.js';
import type { ClusterRange } from './cluster-range.js';

/** `deletedAt`: it is being deleted; nobody sees it any more, and its name is free. */
type ClusterRow = Cluster & { readonly deletedAt: string | null };

export const ClusterTable = new EntitySchema<ClusterRow>({
  name: 'cluster',
  columns: {
    id: { type: 'int', primary: true, primaryKeyConstraintName: 'cluster_pkey' },
    name: { type: 'text' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    lastImportAt: { type: 'timestamptz', name: 'last_import_at', nullable: true },
    lastIngestAt: { type: 'timestamptz', name: 'last_ingest_at', nullable: true },
    newestObservationAt: { type: 'timestamptz', name: 'newest_observation_at', nullable: true },
    verdictEpoch: { type: 'bigint', name: 'verdict_epoch', default: 0 },
    factsVersion: { type: 'bigint', name: 'facts_version', default: 1 },
    policiesVersion: { type: 'bigint', name: 'policies_version', default: 1 },
    pendingEpoch: { type: 'bigint', name: 'pending_epoch', nullable: true },
    retentionDays: { type: 'int', name: 'retention_days', nullable: true },
    rollUpDays: { type: 'int', name: 'roll_up_days', nullable: true },
    rolledUntil: { type: 'timestamptz', name: 'rolled_until', nullable: true },
    forgottenUntil: { type: 'timestamptz', name: 'forgotten_until', nullable: true },
    settingsVersion: { type: 'int', name: 'settings_version', default: 0 },
    deletedAt: { type: 'timestamptz', name: 'deleted_at', nullable: true },
  },
  uniques: [{ name: 'cluster_name_key', columns: ['name'] }],
});

type DeletedCluster = {
  readonly id: number;
  readonly name: string;
  readonly deletedAt: string;
};

/** Ids that no cluster gets again. */
export const DeletedClusterTable = new EntitySchema<DeletedCluster>({
  name: 'deleted_cluster',
  columns: {
    id: { type: 'int', primary: true, primaryKeyConstraintName: 'deleted_cluster_pkey' },
    name: { type: 'text' },
    deletedAt: { type: 'timestamptz', name: 'deleted_at' },
  },
});

type ClusterSetting = {
  readonly clusterId: number;
  readonly name: string;
  readonly value: unknown;
};

const settingKey = { primary: true, primaryKeyConstraintName: 'cluster_setting_pkey' } as const;

export const ClusterSettingTable = new EntitySchema<ClusterSetting>({
  name: 'cluster_setting',
  columns: {
    clusterId: {
      ...settingKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'cluster_setting_cluster_fkey' },
    },
    name: { ...settingKey, type: 'text' },
    value: { type: 'jsonb' },
  },
});

type InventoryImport = {
  readonly clusterId: number;
  readonly key: string;
  readonly contentHash: string;
  readonly recordedAt: string;
  readonly outcome: unknown;
};

const importKey = { primary: true, primaryKeyConstraintName: 'inventory_import_pkey' } as const;

export const InventoryImportTable = new EntitySchema<InventoryImport>({
  name: 'inventory_import',
  columns: {
    clusterId: {
      ...importKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'inventory_import_cluster_fkey' },
    },
    key: { ...importKey, type: 'text' },
    contentHash: { type: 'text', name: 'content_hash' },
    recordedAt: { type: 'timestamptz', name: 'recorded_at' },
    outcome: { type: 'jsonb' },
  },
});

const rangeKey = { primary: true, primaryKeyConstraintName: 'cluster_range_pkey' } as const;

export const ClusterRangeTable = new EntitySchema<ClusterRange & { readonly clusterId: number }>({
  name: 'cluster_range',
  columns: {
    clusterId: {
      ...rangeKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'cluster_range_cluster_fkey' },
    },
    cidr: { ...rangeKey, type: 'cidr' },
    source: { ...rangeKey, type: 'text' },
  },
});
