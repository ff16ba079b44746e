import { EntitySchema } from 'typeorm';
import type { LedgerHour } from './ledger.js';

type LedgerRow = LedgerHour & { readonly clusterId: number };

const primaryKey = { primary: true, primaryKeyConstraintName: 'ingest_ledger_pkey' } as const;

/** What came of each source in each hour of observation time; goes with the hours of flows. */
export const LedgerTable = new EntitySchema<LedgerRow>({
  name: 'ingest_ledger',
  columns: {
    clusterId: {
      ...primaryKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'ingest_ledger_cluster_fkey' },
    },
    source: { ...primaryKey, type: 'text' },
    hour: { ...primaryKey, type: 'timestamptz' },
    accepted: { type: 'bigint' },
    duplicates: { type: 'bigint' },
    withoutId: { type: 'bigint', name: 'without_id', default: 0 },
    lost: { type: 'bigint' },
    sampling: { type: 'float8', nullable: true },
    skipped: { type: 'jsonb' },
    rejected: { type: 'jsonb' },
    firstSeenAt: { type: 'timestamptz', name: 'first_seen_at', nullable: true },
    lastSeenAt: { type: 'timestamptz', name: 'last_seen_at', nullable: true },
  },
});
