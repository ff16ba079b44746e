import type { EntityManager } from 'typeorm';
import { bytea, statement, uuid } from '../../database/row.js';
import { CLUSTER } from '../../database/statement.js';

/** What a stored chunk remembers: the ids of its records, and the time that these lie in (ISO text). */
export type RecordIds = {
  readonly id: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly ids: Float64Array;
};

type Span = Pick<RecordIds, 'firstSeenAt' | 'lastSeenAt'>;

type StoredIds = { readonly id: string; readonly ids: Buffer };

export type RecordIdStore = {
  /**
   * Until the end of the transaction nobody else records what has ids in this cluster: two uploads that overlap would
   * both find nothing of each other.
   */
  hold(clusterId: number): Promise<void>;
  /** The sets of ids whose time overlaps one of these. */
  overlapping(clusterId: number, spans: readonly Span[]): Promise<readonly string[]>;
  idsOf(clusterId: number, sets: readonly string[]): Promise<ReadonlyMap<string, Float64Array>>;
  remember(clusterId: number, sets: readonly RecordIds[]): Promise<void>;
  /** The oldest sets go, until there are no more ids than `most`. */
  bound(clusterId: number, most: number): Promise<void>;
};

const STATEMENTS = {
  overlapping: statement<{ readonly id: string }>('recordIds.overlapping', { id: uuid }),
  idsOf: statement<StoredIds>('recordIds.idsOf', { id: uuid, ids: bytea }),
} as const;

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** A copy: the bytes of an answer lie wherever they came to lie. */
const numbersOf = (bytes: Buffer): Float64Array =>
  new Float64Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  );

const REMEMBER = `/* recordIds.remember */
  insert into record_id_set (cluster_id, id, first_seen_at, last_seen_at, size, ids)
  select $1::int, x.id, x.first_seen_at, x.last_seen_at, octet_length(x.ids) / 8, x.ids
  from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::bytea[]) x (id, first_seen_at, last_seen_at, ids)`;

const BOUND = `/* recordIds.bound */
  delete from record_id_set where (cluster_id, id) in (
    select cluster_id, id from (
      select cluster_id, id, sum(size) over (order by last_seen_at desc, id) as so_far from record_id_set
      where cluster_id = ${CLUSTER}) x
    where so_far > $2)`;

export const recordIdStore = (manager: EntityManager): RecordIdStore => ({
  hold: async clusterId => {
    await manager.query(
      `/* recordIds.hold */ select pg_advisory_xact_lock(hashtext('record ids'), $1)`,
      [clusterId],
    );
  },
  overlapping: async (clusterId, spans) => {
    const rows = await STATEMENTS.overlapping.rows(
      manager,
      `select distinct r.id from unnest($2::timestamptz[], $3::timestamptz[]) s (first, last)
      cross join lateral (select id from record_id_set
        where cluster_id = ${CLUSTER} and last_seen_at >= s.first and first_seen_at <= s.last offset 0) r`,
      [
        clusterId,
        spans.map(({ firstSeenAt }) => firstSeenAt),
        spans.map(({ lastSeenAt }) => lastSeenAt),
      ],
    );
    return rows.map(({ id }) => id);
  },
  idsOf: async (clusterId, sets) => {
    const rows = await STATEMENTS.idsOf.rows(
      manager,
      `select r.id, r.ids from unnest($2::uuid[]) k (id)
      cross join lateral (select * from record_id_set where cluster_id = ${CLUSTER} and id = k.id offset 0) r`,
      [clusterId, sets],
    );
    return new Map(rows.map(({ id, ids }) => [id, numbersOf(ids)]));
  },
  remember: async (clusterId, sets) => {
    await manager.query(REMEMBER, [
      clusterId,
      sets.map(({ id }) => id),
      sets.map(({ firstSeenAt }) => firstSeenAt),
      sets.map(({ lastSeenAt }) => lastSeenAt),
      sets.map(({ ids }) => bytesOf(ids)),
    ]);
  },
  bound: async (clusterId, most) => {
    await manager.query(BOUND, [clusterId, most]);
  },
});
