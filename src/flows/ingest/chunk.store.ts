import type { EntityManager } from 'typeorm';
import { dateTimeText } from '../../query/date-time.js';

/** What one chunk of a stream came to; recorded in the transaction that stores its flows. */
export type Chunk = {
  readonly key: string;
  /** SHA-256 of the records' bytes, hexadecimal. */
  readonly contentHash: string;
  readonly format: string;
  readonly firstSeenAt: string | null;
  readonly lastSeenAt: string | null;
  readonly accepted: number;
  /** Reason to count. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly rejected: Readonly<Record<string, number>>;
  /** As the source reports it. */
  readonly lost: number;
};

export type RecordedChunk = Chunk & { readonly recordedAt: string };

export type ChunkStore = {
  /** True when the key is new; a second ingest of the same key waits here until the first has ended. */
  claim(clusterId: number, chunk: Chunk, now: string): Promise<boolean>;
  byKey(clusterId: number, key: string): Promise<RecordedChunk | null>;
  /** What was last taken in for each cluster, newest first, `limit` each. */
  latest(
    clusterIds: readonly number[],
    limit: number,
  ): Promise<readonly (RecordedChunk & { readonly clusterId: number })[]>;
  /**
   * The cluster's clock of observations moves on; `newest` is the newest of the batch. Comes before the flows are
   * written, since it also keeps other writers away (`flow-lock.store.ts`).
   */
  touchCluster(clusterId: number, now: string, newest: string | null): Promise<void>;
};

const COLUMNS = `key, content_hash as "contentHash", format, accepted, skipped, rejected, lost::float8 as lost,
  ${dateTimeText('first_seen_at')} as "firstSeenAt", ${dateTimeText('last_seen_at')} as "lastSeenAt",
  ${dateTimeText('recorded_at')} as "recordedAt"`;

export const chunkStore = (manager: EntityManager): ChunkStore => ({
  claim: async (clusterId, chunk, now) => {
    const rows: readonly unknown[] = await manager.query(
      `/* chunks.claim */
      insert into ingest_chunk (cluster_id, key, content_hash, recorded_at, format, first_seen_at, last_seen_at,
        accepted, skipped, rejected, lost)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      on conflict do nothing returning key`,
      [
        clusterId,
        chunk.key,
        chunk.contentHash,
        now,
        chunk.format,
        chunk.firstSeenAt,
        chunk.lastSeenAt,
        chunk.accepted,
        chunk.skipped,
        chunk.rejected,
        chunk.lost,
      ],
    );
    return rows.length > 0;
  },
  byKey: async (clusterId, key) => {
    const [row] = await manager.query(
      `/* chunks.byKey */ select ${COLUMNS} from ingest_chunk where cluster_id = $1 and key = $2`,
      [clusterId, key],
    );
    return row ?? null;
  },
  latest: (clusterIds, limit) =>
    manager.query(
      `/* chunks.latest */ select k.id as "clusterId", x.* from unnest($1::int[]) k (id)
      cross join lateral (select ${COLUMNS} from ingest_chunk where cluster_id = k.id
        order by ingest_chunk.recorded_at desc, key limit $2) x`,
      [clusterIds, limit],
    ),
  touchCluster: async (clusterId, now, newest) => {
    await manager.query(
      `/* chunks.touchCluster */ update cluster set last_ingest_at = greatest(last_ingest_at, $2::timestamptz),
        newest_observation_at = greatest(newest_observation_at, $3::timestamptz) where id = $1`,
      [clusterId, now, newest],
    );
  },
});
