import { EntitySchema } from 'typeorm';
import type { Notifier } from './notifier.js';

type NotifierRow = Notifier & {
  /** Until then one process sends for it. */
  readonly leaseUntil: string | null;
  /** Name of its session. */
  readonly leaseHolder: string | null;
  /** Nothing is sent before. */
  readonly notBefore: string | null;
  readonly testedAt: string | null;
};

export const NotifierTable = new EntitySchema<NotifierRow>({
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
    version: { type: 'int', default: 1 },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
    updatedBy: { type: 'text', name: 'updated_by' },
    leaseUntil: { type: 'timestamptz', name: 'lease_until', nullable: true },
    leaseHolder: { type: 'text', name: 'lease_holder', nullable: true },
    notBefore: { type: 'timestamptz', name: 'not_before', nullable: true },
    maxPerHour: { type: 'int', name: 'max_per_hour', nullable: true },
    digest: { type: 'boolean' },
    oldSecret: { type: 'text', name: 'old_secret', nullable: true },
    oldSecretUntil: { type: 'timestamptz', name: 'old_secret_until', nullable: true },
    testedAt: { type: 'timestamptz', name: 'tested_at', nullable: true },
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
  readonly lastError: string | null;
  readonly createdAt: string;
  readonly sentAt: string | null;
  /** The message that told it, of it alone or of many. */
  readonly messageId: string | null;
  /** What the target calls it: the key of an issue. */
  readonly ref: string | null;
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
    lastError: { type: 'text', name: 'last_error', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    sentAt: { type: 'timestamptz', name: 'sent_at', nullable: true },
    messageId: { type: 'uuid', name: 'message_id', nullable: true },
    ref: { type: 'text', nullable: true },
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
  indices: [
    { name: 'notification_due', synchronize: false },
    { name: 'notification_sent', synchronize: false },
    { name: 'notification_message', synchronize: false },
    { name: 'notification_alert', columns: ['clusterId', 'alertId'] },
  ],
});
