import { EntitySchema } from 'typeorm';
import type { Alert } from './alert.js';

const primaryKey = { primary: true, primaryKeyConstraintName: 'alert_pkey' } as const;

const ofPeer = (name: string, column: 'deploymentId' | 'peerId') => ({
  target: 'peer',
  name,
  columnNames: ['clusterId', column],
  referencedColumnNames: ['clusterId', 'id'],
});

export const AlertTable = new EntitySchema<Alert>({
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
    deploymentId: { type: 'uuid', name: 'deployment_id' },
    peerId: { type: 'uuid', name: 'peer_id' },
    flowId: { type: 'uuid', name: 'flow_id' },
    message: { type: 'text' },
    occurrences: { type: 'bigint' },
    firstOccurredAt: { type: 'timestamptz', name: 'first_occurred_at' },
    lastOccurredAt: { type: 'timestamptz', name: 'last_occurred_at' },
    resolvedAt: { type: 'timestamptz', name: 'resolved_at', nullable: true },
    resolution: { type: 'text', nullable: true },
  },
  foreignKeys: [
    ofPeer('alert_deployment_fkey', 'deploymentId'),
    ofPeer('alert_peer_fkey', 'peerId'),
  ],
  indices: [{ name: 'alert_last_occurred', synchronize: false }],
});
