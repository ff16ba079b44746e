import { EntitySchema } from 'typeorm';
import type { ExternalBlock } from './external-block.js';

const primaryKey = { primary: true, primaryKeyConstraintName: 'external_block_pkey' } as const;

export const ExternalBlockTable = new EntitySchema<ExternalBlock>({
  name: 'external_block',
  columns: {
    clusterId: { ...primaryKey, type: 'int', name: 'cluster_id' },
    cidr: { ...primaryKey, type: 'cidr' },
    id: { type: 'uuid' },
    name: { type: 'text' },
  },
  uniques: [{ name: 'external_block_id_key', columns: ['clusterId', 'id'] }],
  indices: [{ name: 'external_block_name', columns: ['name'] }],
});
