import { EntitySchema } from 'typeorm';
import type { Namespace, Revision } from './namespace.js';

const primaryKey = { primary: true, primaryKeyConstraintName: 'namespace_pkey' } as const;

export const NamespaceTable = new EntitySchema<Namespace>({
  name: 'namespace',
  columns: {
    clusterId: {
      ...primaryKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'namespace_cluster_fkey' },
    },
    id: { ...primaryKey, type: 'uuid' },
    name: { type: 'text' },
    labels: { type: 'jsonb' },
    inferred: { type: 'boolean' },
    endedAt: { type: 'timestamptz', name: 'ended_at', nullable: true },
  },
  uniques: [{ name: 'namespace_name_key', columns: ['clusterId', 'name'] }],
});

type NamespaceRevision = Revision & {
  readonly clusterId: number;
  readonly namespaceId: string;
  readonly contentHash: string;
  readonly observedAt: string;
};

const revisionKey = {
  primary: true,
  primaryKeyConstraintName: 'namespace_revision_pkey',
} as const;

export const NamespaceRevisionTable = new EntitySchema<NamespaceRevision>({
  name: 'namespace_revision',
  columns: {
    clusterId: { ...revisionKey, type: 'int', name: 'cluster_id' },
    namespaceId: { ...revisionKey, type: 'uuid', name: 'namespace_id' },
    validFrom: { ...revisionKey, type: 'timestamptz', name: 'valid_from' },
    validTo: { type: 'timestamptz', name: 'valid_to', nullable: true },
    labels: { type: 'jsonb' },
    contentHash: { type: 'text', name: 'content_hash' },
    source: { type: 'text' },
    observedAt: { type: 'timestamptz', name: 'observed_at' },
  },
  foreignKeys: [
    {
      target: 'namespace',
      name: 'namespace_revision_fkey',
      columnNames: ['clusterId', 'namespaceId'],
      referencedColumnNames: ['clusterId', 'id'],
    },
  ],
});
