import { EntitySchema } from 'typeorm';
import type { RecordIds } from './record-id.store.js';

type RecordIdRow = Omit<RecordIds, 'ids'> & {
  readonly clusterId: number;
  readonly size: number;
  readonly ids: Buffer;
};

const primaryKey = { primary: true, primaryKeyConstraintName: 'record_id_set_pkey' } as const;

/** Ids of records that are stored, eight bytes each, one row for each chunk that had some. */
export const RecordIdTable = new EntitySchema<RecordIdRow>({
  name: 'record_id_set',
  columns: {
    clusterId: {
      ...primaryKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'record_id_set_cluster_fkey' },
    },
    id: { ...primaryKey, type: 'uuid' },
    firstSeenAt: { type: 'timestamptz', name: 'first_seen_at' },
    lastSeenAt: { type: 'timestamptz', name: 'last_seen_at' },
    size: { type: 'int' },
    ids: { type: 'bytea' },
  },
  indices: [{ name: 'record_id_set_time', columns: ['clusterId', 'lastSeenAt'] }],
});
