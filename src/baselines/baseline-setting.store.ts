import type { EntityManager } from 'typeorm';
import { type Caller, seesNamespace } from '../access/caller.js';
import { bool, int4, nullable, oneOf, statement, text } from '../database/row.js';
import { dateTimeText } from '../query/date-time.js';
import { BaselineLearning, isSet, RelearnOn, type SettingsRow } from './baseline-settings.js';

type OfCluster = SettingsRow & { readonly clusterId: number };

export type BaselineSettingStore = {
  /** What was set in a cluster, the widest place first; places where all was taken back are among them. */
  ofCluster(clusterId: number): Promise<readonly SettingsRow[]>;
  /** The places where something is set, without namespaces that the caller does not wholly see. */
  shown(clusterId: number): Promise<readonly SettingsRow[]>;
  ofClusters(clusterIds: readonly number[]): Promise<readonly OfCluster[]>;
  /** Writes what is set at a place, over what was. */
  put(clusterId: number, row: SettingsRow): Promise<void>;
};

const OF_CLUSTERS = statement<OfCluster>('baselineSettings.ofClusters', {
  clusterId: int4,
  namespace: text,
  deployment: text,
  observationHours: nullable(int4),
  quietHours: nullable(int4),
  minEvents: nullable(int4),
  learning: nullable(oneOf(BaselineLearning)),
  lockWhenStable: nullable(bool),
  relearnOn: nullable(oneOf(RelearnOn)),
  relearnHours: nullable(int4),
  decayDays: nullable(int4),
  staleDays: nullable(int4),
  version: int4,
  updatedAt: text,
  updatedBy: text,
});

const PUT = `/* baselineSettings.put */
  insert into baseline_setting (cluster_id, namespace, deployment, observation_hours, quiet_hours, min_events, learning,
    lock_when_stable, relearn_on, relearn_hours, decay_days, stale_days, updated_at, updated_by, version)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
  on conflict (cluster_id, namespace, deployment) do update set observation_hours = excluded.observation_hours,
    quiet_hours = excluded.quiet_hours, min_events = excluded.min_events, learning = excluded.learning,
    lock_when_stable = excluded.lock_when_stable, relearn_on = excluded.relearn_on, relearn_hours = excluded.relearn_hours,
    decay_days = excluded.decay_days, stale_days = excluded.stale_days, updated_at = excluded.updated_at,
    updated_by = excluded.updated_by, version = excluded.version`;

const ofClusters = (manager: EntityManager, clusterIds: readonly number[]) =>
  OF_CLUSTERS.rows(
    manager,
    `select s.cluster_id as "clusterId", s.namespace, s.deployment, s.observation_hours as "observationHours", s.quiet_hours as "quietHours",
        s.min_events as "minEvents", s.learning, s.lock_when_stable as "lockWhenStable", s.relearn_on as "relearnOn",
        s.relearn_hours as "relearnHours", s.decay_days as "decayDays", s.stale_days as "staleDays", s.version,
        ${dateTimeText('s.updated_at')} as "updatedAt", s.updated_by as "updatedBy"
      from baseline_setting s where s.cluster_id = any($1::int[]) order by s.cluster_id, s.namespace, s.deployment`,
    [clusterIds],
  );

export const baselineSettingStore = (
  manager: EntityManager,
  caller: Caller,
): BaselineSettingStore => ({
  shown: async clusterId =>
    (await ofClusters(manager, [clusterId])).filter(
      row => isSet(row) && (row.namespace === '' || seesNamespace(caller, row.namespace)),
    ),
  ofClusters: clusterIds => ofClusters(manager, clusterIds),
  ofCluster: clusterId => ofClusters(manager, [clusterId]),
  put: async (clusterId, row) => {
    await manager.query(PUT, [
      clusterId,
      row.namespace,
      row.deployment,
      row.observationHours,
      row.quietHours,
      row.minEvents,
      row.learning,
      row.lockWhenStable,
      row.relearnOn,
      row.relearnHours,
      row.decayDays,
      row.staleDays,
      row.updatedAt,
      row.updatedBy,
      row.version,
    ]);
  },
});
