import type { EntityManager } from 'typeorm';
import { json, jsonb, nullable, statement, text, uuid } from '../database/row.js';
import { unnest } from '../database/statement.js';
import type { AlertSeverity } from './alert.js';
import type { VolumeHour } from './volume-hours.js';
import { PUT_VOLUME_FLOWS, PUT_VOLUMES, SUM_VOLUMES, VOLUMES } from './volume-text.js';

/** What a deployment moved to and from a group of peers outside, by the hour. */
export type Volume = {
  readonly deploymentId: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly label: string;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly namespaceLabels: Readonly<Record<string, string>> | null;
  readonly groupKind: string;
  readonly groupKey: string;
  /** Until when the baseline has learned: what was moved before is what it knows. ISO text. */
  readonly learnedAt: string;
  /** In the order of time. */
  readonly hours: readonly VolumeHour[];
};

/** A volume that was unusual, and the alert that it is. */
export type Exfiltration = Volume & {
  readonly alertId: string;
  readonly groupName: string;
  /** Its unusual hours, ISO text. */
  readonly unusual: readonly string[];
  readonly line: string;
  readonly why: string;
  readonly rank: number;
  readonly ruleId: string;
  readonly severity: AlertSeverity;
  readonly category: string;
};

/** A flow in an hour; ISO text. */
export type FlowHourKey = { readonly flowId: string; readonly hour: string };

export type VolumeStore = {
  /** The groups of these flows that moved so many bytes in one of these hours, with their hours of 14 days. */
  volumes(
    clusterId: number,
    touched: readonly FlowHourKey[],
    atLeast: number,
  ): Promise<readonly Volume[]>;
  /** Writes their alerts from what is stored of their hours: the same however often it is done. */
  putVolumes(clusterId: number, found: readonly Exfiltration[]): Promise<void>;
};

const FOUND = statement<Volume>('alertVolumes.volumes', {
  deploymentId: uuid,
  namespace: nullable(text),
  name: text,
  label: text,
  labels: nullable(jsonb<Readonly<Record<string, string>>>()),
  namespaceLabels: nullable(jsonb<Readonly<Record<string, string>>>()),
  learnedAt: text,
  groupKind: text,
  groupKey: text,
  hours: json<readonly VolumeHour[]>(),
});

const exfiltrationRows = (rows: readonly Exfiltration[]) =>
  unnest(
    rows,
    'o',
    {
      id: ['uuid', row => row.deploymentId],
      kind: ['text', row => row.groupKind],
      key: ['text', row => row.groupKey],
      alert_id: ['uuid', row => row.alertId],
      group_name: ['text', row => row.groupName],
      hours: ['jsonb', row => JSON.stringify(row.unusual)],
      line: ['text', row => row.line],
      why: ['text', row => row.why],
      rank: ['smallint', row => row.rank],
      rule_id: ['uuid', row => row.ruleId],
      severity: ['text', row => row.severity],
      category: ['text', row => row.category],
    },
    2,
  );

export const volumeStore = (manager: EntityManager): VolumeStore => ({
  volumes: (clusterId, touched, atLeast) => {
    const keys = [touched.map(({ flowId }) => flowId), touched.map(({ hour }) => hour)];
    return FOUND.rows(manager, VOLUMES, [clusterId, ...keys, atLeast]);
  },
  putVolumes: async (clusterId, found) => {
    const { from, values } = exfiltrationRows(found);
    for (const step of [PUT_VOLUMES, PUT_VOLUME_FLOWS, SUM_VOLUMES])
      await manager.query(`/* alertVolumes.put */ ${step(from)}`, [clusterId, ...values]);
  },
});
