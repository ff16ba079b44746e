import { EntitySchema } from 'typeorm';
import type { Alert } from './alert.js';
import type { AlertComment } from './comment.js';

const primaryKey = { primary: true, primaryKeyConstraintName: 'alert_pkey' } as const;

const ofPeer = (name: string, column: 'deploymentId' | 'peerId') => ({
  target: 'peer',
  name,
  columnNames: ['clusterId', column],
  referencedColumnNames: ['clusterId', 'id'],
});

const ofAlert = (name: string) => ({
  target: 'alert',
  name,
  columnNames: ['clusterId', 'alertId'],
  referencedColumnNames: ['clusterId', 'id'],
  onDelete: 'CASCADE' as const,
});

/** `flowCount` is counted. */
type AlertRow = Omit<Alert, 'flowCount'> & {
  readonly rank: number;
  /** Goes up when it opens and when it is resolved. */
  readonly event: number;
  readonly why: string;
};

export const AlertTable = new EntitySchema<AlertRow>({
  name: 'alert',
  columns: {
    clusterId: {
      ...primaryKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'alert_cluster_fkey' },
    },
    id: { ...primaryKey, type: 'uuid' },
    rule: { type: 'text' },
    category: { type: 'text' },
    severity: { type: 'text' },
    state: { type: 'text' },
    deploymentId: { type: 'uuid', name: 'deployment_id', nullable: true },
    peerId: { type: 'uuid', name: 'peer_id', nullable: true },
    flowId: { type: 'uuid', name: 'flow_id', nullable: true },
    namespace: { type: 'text', nullable: true },
    subjectId: { type: 'uuid', name: 'subject_id', nullable: true },
    message: { type: 'text' },
    occurrences: { type: 'bigint' },
    firstOccurredAt: { type: 'timestamptz', name: 'first_occurred_at' },
    lastOccurredAt: { type: 'timestamptz', name: 'last_occurred_at' },
    resolvedAt: { type: 'timestamptz', name: 'resolved_at', nullable: true },
    resolution: { type: 'text', nullable: true },
    rank: { type: 'smallint', default: 0 },
    rules: { type: 'text', array: true, default: () => "'{}'" },
    ruleIds: { type: 'uuid', array: true, name: 'rule_ids', default: () => "'{}'" },
    groupKind: { type: 'text', name: 'group_kind', default: 'PEER' },
    groupName: { type: 'text', name: 'group_name', default: '' },
    passed: { type: 'bigint', default: 0 },
    why: { type: 'text', default: '' },
    snoozedUntil: { type: 'timestamptz', name: 'snoozed_until', nullable: true },
    resolvedBy: { type: 'text', name: 'resolved_by', nullable: true },
    changedAt: { type: 'timestamptz', name: 'changed_at', default: () => 'now()' },
    event: { type: 'int', default: 0 },
    leadId: { type: 'uuid', name: 'lead_id', nullable: true },
  },
  foreignKeys: [
    ofPeer('alert_deployment_fkey', 'deploymentId'),
    ofPeer('alert_peer_fkey', 'peerId'),
  ],
  indices: [
    { name: 'alert_last_occurred', synchronize: false },
    { name: 'alert_deployment', columns: ['clusterId', 'deploymentId', 'rank', 'id'] },
    { name: 'alert_lead', synchronize: false },
    { name: 'alert_namespace', synchronize: false },
    { name: 'alert_changed', columns: ['clusterId', 'changedAt'] },
  ],
});

/** What a flow added to an alert. */
type AlertMatch = {
  readonly clusterId: number;
  readonly alertId: string;
  readonly flowId: string;
  readonly rules: readonly string[];
  readonly events: string;
  readonly passed: string;
  readonly firstOccurredAt: string;
  readonly lastOccurredAt: string;
};

const matchKey = { primary: true, primaryKeyConstraintName: 'alert_match_pkey' } as const;

export const AlertMatchTable = new EntitySchema<AlertMatch>({
  name: 'alert_match',
  columns: {
    clusterId: { ...matchKey, type: 'int', name: 'cluster_id' },
    alertId: { ...matchKey, type: 'uuid', name: 'alert_id' },
    flowId: { ...matchKey, type: 'uuid', name: 'flow_id' },
    rules: { type: 'text', array: true },
    events: { type: 'bigint' },
    passed: { type: 'bigint' },
    firstOccurredAt: { type: 'timestamptz', name: 'first_occurred_at' },
    lastOccurredAt: { type: 'timestamptz', name: 'last_occurred_at' },
  },
  foreignKeys: [ofAlert('alert_match_alert_fkey')],
  indices: [{ name: 'alert_match_flow', columns: ['clusterId', 'flowId'] }],
});

const commentKey = { primary: true, primaryKeyConstraintName: 'alert_comment_pkey' } as const;

export const AlertCommentTable = new EntitySchema<AlertComment>({
  name: 'alert_comment',
  columns: {
    clusterId: { ...commentKey, type: 'int', name: 'cluster_id' },
    id: { ...commentKey, type: 'uuid' },
    alertId: { type: 'uuid', name: 'alert_id' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    author: { type: 'text' },
    text: { type: 'text' },
  },
  foreignKeys: [ofAlert('alert_comment_alert_fkey')],
  indices: [{ name: 'alert_comment_alert', columns: ['clusterId', 'alertId'] }],
});
