import type { EntityManager } from 'typeorm';
import type { Caller } from '../../access/caller.js';
import { wholly } from '../../access/visible.js';
import { float8, int4, jsonb, nullable, statement, text } from '../../database/row.js';
import { CLUSTER } from '../../database/statement.js';
import { clusterGone } from '../../inventory/existing-cluster.js';
import { asking } from '../../query/condition.js';
import { dateTimeText } from '../../query/date-time.js';
import type { ClusterNames } from '../observation.js';

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
  /** Null: the names of clusters agree. */
  readonly clusterNames: ClusterNames | null;
};

export type RecordedChunk = Omit<Chunk, 'clusterNames'> & { readonly recordedAt: string };

/** The same key with another format names another chunk. */
export type ChunkKey = Pick<Chunk, 'key' | 'format'>;

/** The keys of chunks that hold other bytes are told by these. */
export type KnownChunk = ChunkKey & Pick<Chunk, 'contentHash'>;

export type ChunkStore = {
  /**
   * Claims the keys that are new, in their order, and answers them. A second ingest of the same key waits here until
   * the first has ended.
   */
  claim(clusterId: number, chunks: readonly Chunk[], now: string): Promise<readonly ChunkKey[]>;
  /** Gives keys back that this transaction has claimed. */
  giveBack(clusterId: number, keys: readonly ChunkKey[]): Promise<void>;
  byKeys(clusterId: number, keys: readonly ChunkKey[]): Promise<readonly KnownChunk[]>;
  /** Some of what chunks accepted turned out to be stored already. */
  setAccepted(
    clusterId: number,
    chunks: readonly (ChunkKey & Pick<Chunk, 'accepted'>)[],
  ): Promise<void>;
  /** What was last taken in for each cluster, newest first, `limit` each; nothing for who sees some workloads only. */
  latest(clusterIds: readonly number[], limit: number): Promise<readonly LatestChunk[]>;
  /** The version of the cluster's inventory, as this transaction sees it. */
  versionOf(clusterId: number): Promise<string>;
  /**
   * The cluster's clock of observations moves on; `newest` is the newest of the batch. Keeps other writers of the
   * cluster's flows away until the transaction ends, and answers the version of the inventory, which stands until then.
   */
  touchCluster(clusterId: number, now: string, newest: string | null): Promise<string>;
};

type LatestChunk = RecordedChunk & { readonly clusterId: number };

const VERSIONED = { version: text };

const STATEMENTS = {
  claim: statement<ChunkKey>('chunks.claim', { key: text, format: text }),
  byKeys: statement<KnownChunk>('chunks.byKeys', { key: text, format: text, contentHash: text }),
  versionOf: statement('chunks.versionOf', VERSIONED),
  latest: statement<LatestChunk>('chunks.latest', {
    clusterId: int4,
    key: text,
    contentHash: text,
    format: text,
    accepted: int4,
    skipped: jsonb<LatestChunk['skipped']>(),
    rejected: jsonb<LatestChunk['rejected']>(),
    lost: float8,
    firstSeenAt: nullable(text),
    lastSeenAt: nullable(text),
    recordedAt: text,
  }),
  touchCluster: statement('chunks.touchCluster', VERSIONED),
} as const;

const COLUMNS = `key, content_hash as "contentHash", format, accepted, skipped, rejected, lost::float8 as lost,
  ${dateTimeText('first_seen_at')} as "firstSeenAt", ${dateTimeText('last_seen_at')} as "lastSeenAt",
  ${dateTimeText('recorded_at')} as "recordedAt"`;

const CLAIM = `
  insert into ingest_chunk (cluster_id, key, content_hash, recorded_at, format, first_seen_at, last_seen_at,
    accepted, skipped, rejected, lost, cluster_names)
  select $1::int, x.key, x.content_hash, $2::timestamptz, x.format, x.first_seen_at, x.last_seen_at, x.accepted,
    x.skipped::jsonb, x.rejected::jsonb, x.lost, x.cluster_names::jsonb
  from unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::int[], $9::text[], $10::text[],
    $11::bigint[], $12::text[]) x (key, content_hash, format, first_seen_at, last_seen_at, accepted, skipped, rejected, lost,
    cluster_names)
  order by x.key, x.format
  on conflict do nothing returning key, format`;

const KEYS = 'unnest($2::text[], $3::text[]) k (key, format)';

const keyValues = (clusterId: number, keys: readonly ChunkKey[]): unknown[] => [
  clusterId,
  keys.map(({ key }) => key),
  keys.map(({ format }) => format),
];

const claimed = (clusterId: number, chunks: readonly Chunk[], now: string): unknown[] => [
  clusterId,
  now,
  chunks.map(({ key }) => key),
  chunks.map(({ contentHash }) => contentHash),
  chunks.map(({ format }) => format),
  chunks.map(({ firstSeenAt }) => firstSeenAt),
  chunks.map(({ lastSeenAt }) => lastSeenAt),
  chunks.map(({ accepted }) => accepted),
  chunks.map(({ skipped }) => JSON.stringify(skipped)),
  chunks.map(({ rejected }) => JSON.stringify(rejected)),
  chunks.map(({ lost }) => lost),
  chunks.map(({ clusterNames }) => (clusterNames === null ? null : JSON.stringify(clusterNames))),
];

/** Imports move it, and flows that tell of deployments. */
const VERSION = 'facts_version::text as version';

export const chunkStore = (manager: EntityManager, caller: Caller): ChunkStore => ({
  claim: (clusterId, chunks, now) =>
    STATEMENTS.claim.rows(manager, CLAIM, claimed(clusterId, chunks, now)),
  giveBack: async (clusterId, keys) => {
    await manager.query(
      `/* chunks.giveBack */ delete from ingest_chunk c using ${KEYS}
      where c.cluster_id = ${CLUSTER} and c.key = k.key and c.format = k.format`,
      keyValues(clusterId, keys),
    );
  },
  byKeys: (clusterId, keys) =>
    STATEMENTS.byKeys.rows(
      manager,
      `select c.key, c.format, c.content_hash as "contentHash" from ${KEYS} cross join lateral (
        select * from ingest_chunk where cluster_id = ${CLUSTER} and key = k.key and format = k.format offset 0) c`,
      keyValues(clusterId, keys),
    ),
  setAccepted: async (clusterId, chunks) => {
    await manager.query(
      `/* chunks.setAccepted */ update ingest_chunk c set accepted = k.accepted
      from unnest($2::text[], $3::text[], $4::int[]) k (key, format, accepted)
      where c.cluster_id = ${CLUSTER} and c.key = k.key and c.format = k.format`,
      [...keyValues(clusterId, chunks), chunks.map(({ accepted }) => accepted)],
    );
  },
  versionOf: async clusterId => {
    const [row] = await STATEMENTS.versionOf.rows(
      manager,
      `select ${VERSION} from cluster where id = $1 and deleted_at is null`,
      [clusterId],
    );
    if (row === undefined) throw clusterGone();
    return row.version;
  },
  latest: (clusterIds, limit) =>
    STATEMENTS.latest.ask(
      manager,
      asking(
        [clusterIds, limit],
        [wholly(caller, 'k.id')],
        whole => `select k.id as "clusterId", x.* from unnest($1::int[]) k (id)
      cross join lateral (select ${COLUMNS} from ingest_chunk where cluster_id = k.id
        order by ingest_chunk.recorded_at desc, key limit $2) x where ${whole}`,
      ),
    ),
  touchCluster: async (clusterId, now, newest) => {
    const [row] = await STATEMENTS.touchCluster.rows(
      manager,
      `with touched as (
        update cluster set last_ingest_at = greatest(last_ingest_at, $2::timestamptz),
          newest_observation_at = greatest(newest_observation_at, $3::timestamptz)
        where id = $1 and deleted_at is null returning ${VERSION})
      select version from touched`,
      [clusterId, now, newest],
    );
    if (row === undefined) throw clusterGone();
    return row.version;
  },
});
