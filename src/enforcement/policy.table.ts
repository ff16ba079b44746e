import { EntitySchema } from 'typeorm';
import type { PolicyRecord } from './policy.js';

const policyKey = { primary: true, primaryKeyConstraintName: 'policy_pkey' } as const;

export const PolicyTable = new EntitySchema<PolicyRecord>({
  name: 'policy',
  columns: {
    clusterId: {
      ...policyKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'policy_cluster_fkey' },
    },
    id: { ...policyKey, type: 'uuid' },
    source: { type: 'text' },
    kind: { type: 'text' },
    namespace: { type: 'text', nullable: true },
    name: { type: 'text' },
    document: { type: 'jsonb' },
    yaml: { type: 'text' },
    contentHash: { type: 'text', name: 'content_hash' },
    validFrom: { type: 'timestamptz', name: 'valid_from' },
    endedAt: { type: 'timestamptz', name: 'ended_at', nullable: true },
  },
  indices: [{ name: 'policy_name', synchronize: false }],
});

type PolicyRevision = Pick<
  PolicyRecord,
  'clusterId' | 'document' | 'yaml' | 'contentHash' | 'validFrom' | 'source'
> & { readonly policyId: string; readonly validTo: string | null };

const revisionKey = { primary: true, primaryKeyConstraintName: 'policy_revision_pkey' } as const;

export const PolicyRevisionTable = new EntitySchema<PolicyRevision>({
  name: 'policy_revision',
  columns: {
    clusterId: { ...revisionKey, type: 'int', name: 'cluster_id' },
    policyId: { ...revisionKey, type: 'uuid', name: 'policy_id' },
    validFrom: { ...revisionKey, type: 'timestamptz', name: 'valid_from' },
    validTo: { type: 'timestamptz', name: 'valid_to', nullable: true },
    document: { type: 'jsonb' },
    yaml: { type: 'text' },
    contentHash: { type: 'text', name: 'content_hash' },
    source: { type: 'text' },
  },
  foreignKeys: [
    {
      target: 'policy',
      name: 'policy_revision_fkey',
      columnNames: ['clusterId', 'policyId'],
      referencedColumnNames: ['clusterId', 'id'],
    },
  ],
});
