import { EntitySchema } from 'typeorm';
import type { AlertAct } from './alert-act.js';
import type { AlertRuleDefinition } from './alert-rule.js';

export const AlertRuleTable = new EntitySchema<Omit<AlertRuleDefinition, 'shipped'>>({
  name: 'alert_rule',
  columns: {
    id: { type: 'uuid', primary: true, primaryKeyConstraintName: 'alert_rule_pkey' },
    name: { type: 'text' },
    description: { type: 'text' },
    criterion: { type: 'text' },
    severity: { type: 'text' },
    categories: { type: 'jsonb' },
    parameters: { type: 'jsonb' },
    scope: { type: 'jsonb' },
    exclusions: { type: 'jsonb' },
    enabled: { type: 'boolean' },
    enforcement: { type: 'text' },
    version: { type: 'int' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
    updatedBy: { type: 'text', name: 'updated_by' },
  },
  indices: [{ name: 'alert_rule_name', synchronize: false }],
});

const actionKey = { primary: true, primaryKeyConstraintName: 'alert_action_pkey' } as const;

export const AlertActionTable = new EntitySchema<AlertAct>({
  name: 'alert_action',
  columns: {
    clusterId: { ...actionKey, type: 'int', name: 'cluster_id' },
    id: { ...actionKey, type: 'uuid' },
    alertId: { type: 'uuid', name: 'alert_id' },
    kind: { type: 'text' },
    state: { type: 'text' },
    requestedAt: { type: 'timestamptz', name: 'requested_at' },
    decidedAt: { type: 'timestamptz', name: 'decided_at', nullable: true },
    decidedBy: { type: 'text', name: 'decided_by', nullable: true },
  },
  foreignKeys: [
    {
      target: 'alert',
      name: 'alert_action_alert_fkey',
      columnNames: ['clusterId', 'alertId'],
      referencedColumnNames: ['clusterId', 'id'],
      onDelete: 'CASCADE',
    },
  ],
  indices: [{ name: 'alert_action_alert', columns: ['clusterId', 'alertId'] }],
});
