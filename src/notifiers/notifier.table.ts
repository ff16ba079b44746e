import { EntitySchema } from 'typeorm';
import type { Notifier } from './notifier.js';

export const NotifierTable = new EntitySchema<Notifier>({
  name: 'notifier',
  columns: {
    id: { type: 'uuid', primary: true, primaryKeyConstraintName: 'notifier_pkey' },
    name: { type: 'text' },
    kind: { type: 'text' },
    config: { type: 'jsonb' },
    secret: { type: 'text', nullable: true },
    minSeverity: { type: 'text', name: 'min_severity' },
    rules: { type: 'text', array: true, nullable: true },
    clusters: { type: 'text', array: true, nullable: true },
    enabled: { type: 'boolean' },
    failures: { type: 'int', default: 0 },
    lastError: { type: 'text', name: 'last_error', nullable: true },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
    updatedBy: { type: 'text', name: 'updated_by' },
  },
  indices: [{ name: 'notifier_name', synchronize: false }],
});

type NotificationRow = {
  readonly clusterId: number;
  readonly id: string;
  readonly notifierId: string;
  readonly alertId: string;
  readonly event: number;
  readonly kind: string;
  readonly state: string;
  readonly attempts: number;
  readonly nextAt: string;
  readonly leaseUntil: string | null;
  readonly lastError: string | null;
  readonly createdAt: string;
  readonly sentAt: string | null;
};

const key = { primary: true, primaryKeyConstraintName: 'notification_pkey' } as const;

export const NotificationTable = new EntitySchema<NotificationRow>({
  name: 'notification',
  columns: {
    clusterId: { ...key, type: 'int', name: 'cluster_id' },
    id: { ...key, type: 'uuid' },
    notifierId: { type: 'uuid', name: 'notifier_id' },
    alertId: { type: 'uuid', name: 'alert_id' },
    event: { type: 'int' },
    kind: { type: 'text' },
    state: { type: 'text' },
    attempts: { type: 'int', default: 0 },
    nextAt: { type: 'timestamptz', name: 'next_at' },
    leaseUntil: { type: 'timestamptz', name: 'lease_until', nullable: true },
    lastError: { type: 'text', name: 'last_error', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    sentAt: { type: 'timestamptz', name: 'sent_at', nullable: true },
  },
  uniques: [
    { name: 'notification_event_key', columns: ['clusterId', 'notifierId', 'alertId', 'event'] },
  ],
  foreignKeys: [
    {
      target: 'alert',
      name: 'notification_alert_fkey',
      columnNames: ['clusterId', 'alertId'],
      referencedColumnNames: ['clusterId', 'id'],
      onDelete: 'CASCADE',
    },
  ],
  indices: [{ name: 'notification_due', synchronize: false }],
});
