import { EntitySchema } from 'typeorm';

type StoredLabelSet = {
  readonly clusterId: number;
  readonly id: string;
  readonly labels: unknown;
  readonly ports: unknown;
  readonly hostNetwork: boolean;
};

const setKey = { primary: true, primaryKeyConstraintName: 'label_set_pkey' } as const;

export const LabelSetTable = new EntitySchema<StoredLabelSet>({
  name: 'label_set',
  columns: {
    clusterId: {
      ...setKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'label_set_cluster_fkey' },
    },
    id: { ...setKey, type: 'uuid' },
    labels: { type: 'jsonb' },
    ports: { type: 'jsonb' },
    hostNetwork: { type: 'boolean', name: 'host_network' },
  },
});

type DeploymentLabelSet = {
  readonly clusterId: number;
  readonly deploymentId: string;
  readonly labelSetId: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly toldUntil: string | null;
};

const key = { primary: true, primaryKeyConstraintName: 'deployment_label_set_pkey' } as const;

export const DeploymentLabelSetTable = new EntitySchema<DeploymentLabelSet>({
  name: 'deployment_label_set',
  columns: {
    clusterId: { ...key, type: 'int', name: 'cluster_id' },
    deploymentId: { ...key, type: 'uuid', name: 'deployment_id' },
    labelSetId: { ...key, type: 'uuid', name: 'label_set_id' },
    validFrom: { ...key, type: 'timestamptz', name: 'valid_from' },
    validTo: { type: 'timestamptz', name: 'valid_to', nullable: true },
    toldUntil: { type: 'timestamptz', name: 'told_until', nullable: true },
  },
  foreignKeys: [
    {
      target: 'peer',
      name: 'deployment_label_set_deployment_fkey',
      columnNames: ['clusterId', 'deploymentId'],
      referencedColumnNames: ['clusterId', 'id'],
    },
    {
      target: 'label_set',
      name: 'deployment_label_set_set_fkey',
      columnNames: ['clusterId', 'labelSetId'],
      referencedColumnNames: ['clusterId', 'id'],
    },
  ],
});
