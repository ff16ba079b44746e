import { EntitySchema } from 'typeorm';
import type { PolicyProfile } from './policy-profile.js';

const profileKey = { primary: true, primaryKeyConstraintName: 'policy_profile_pkey' } as const;

export const PolicyProfileTable = new EntitySchema<PolicyProfile>({
  name: 'policy_profile',
  columns: {
    clusterId: {
      ...profileKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'policy_profile_cluster_fkey' },
    },
    name: { ...profileKey, type: 'text' },
    version: { type: 'int' },
    definition: { type: 'jsonb' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
    updatedBy: { type: 'text', name: 'updated_by' },
  },
});
