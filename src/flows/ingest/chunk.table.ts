import { EntitySchema } from 'typeorm';
import type { Chunk, RecordedChunk } from './chunk.store.js';

type ChunkRow = Chunk & RecordedChunk & { readonly clusterId: number };

const primaryKey = { primary: true, primaryKeyConstraintName: 'ingest_chunk_pkey' } as const;

export const ChunkTable = new EntitySchema<ChunkRow>({
  name: 'ingest_chunk',
  columns: {
    clusterId: {
      ...primaryKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'ingest_chunk_cluster_fkey' },
    },
    key: { ...primaryKey, type: 'text' },
    contentHash: { type: 'text', name: 'content_hash' },
    recordedAt: { type: 'timestamptz', name: 'recorded_at' },
    format: { ...primaryKey, type: 'text' },
    firstSeenAt: { type: 'timestamptz', name: 'first_seen_at', nullable: true },
    lastSeenAt: { type: 'timestamptz', name: 'last_seen_at', nullable: true },
    accepted: { type: 'int' },
    skipped: { type: 'jsonb' },
    rejected: { type: 'jsonb' },
    lost: { type: 'bigint' },
    clusterNames: { type: 'jsonb', name: 'cluster_names', nullable: true },
  },
});
