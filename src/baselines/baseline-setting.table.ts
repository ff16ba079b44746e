import { EntitySchema } from 'typeorm';
import type { SettingsRow } from './baseline-settings.js';

type Row = SettingsRow & { readonly clusterId: number };

const key = { primary: true, primaryKeyConstraintName: 'baseline_setting_pkey' } as const;

export const BaselineSettingTable = new EntitySchema<Row>({
  name: 'baseline_setting',
  columns: {
    clusterId: {
      ...key,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'baseline_setting_cluster_fkey' },
    },
    namespace: { ...key, type: 'text' },
    deployment: { ...key, type: 'text' },
    observationHours: { type: 'int', name: 'observation_hours', nullable: true },
    quietHours: { type: 'int', name: 'quiet_hours', nullable: true },
    minEvents: { type: 'int', name: 'min_events', nullable: true },
    learning: { type: 'text', nullable: true },
    lockWhenStable: { type: 'boolean', name: 'lock_when_stable', nullable: true },
    relearnOn: { type: 'text', name: 'relearn_on', nullable: true },
    relearnHours: { type: 'int', name: 'relearn_hours', nullable: true },
    decayDays: { type: 'int', name: 'decay_days', nullable: true },
    staleDays: { type: 'int', name: 'stale_days', nullable: true },
    version: { type: 'int', default: 1 },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
    updatedBy: { type: 'text', name: 'updated_by' },
  },
});

type Progress = {
  readonly clusterId: number;
  readonly coveredHours: string;
  readonly advancedAt: string;
};

/** How much was covered when the baselines of a cluster were last advanced. */
export const BaselineProgressTable = new EntitySchema<Progress>({
  name: 'baseline_progress',
  columns: {
    clusterId: {
      primary: true,
      primaryKeyConstraintName: 'baseline_progress_pkey',
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'baseline_progress_cluster_fkey' },
    },
    coveredHours: { type: 'bigint', name: 'covered_hours' },
    advancedAt: { type: 'timestamptz', name: 'advanced_at' },
  },
});
