import type { EntityManager } from 'typeorm';
import { int4, nullable, statement, text } from '../../database/row.js';
import { dateTimeText } from '../../query/date-time.js';
import { lockFlows } from '../flow-lock.store.js';

export type RetentionStore = {
  /** Days of observation time that flows of the cluster are kept from now on; null keeps all. */
  setDays(clusterId: number, days: number | null): Promise<void>;
  /** Clusters that forget, in the order of their ids. */
  forgetting(): Promise<readonly number[]>;
  /**
   * ISO text: what was observed before goes; a whole hour, or a whole day where hours became days, so many days before the newest observation of the cluster,
   * or before now where its clock runs ahead.
   * Null: all is kept.
   */
  boundOf(clusterId: number): Promise<string | null>;
  /** Tells readers until when the cluster has forgotten what it observed. */
  forgottenTo(clusterId: number, until: string): Promise<void>;
  /** Hours before the bound go, so many at most. Answers how many went. */
  forgetHours(clusterId: number, before: string, most: number): Promise<number>;
  /**
   * Edges that were not seen since the bound go, so many at most, and what simulations said of them.
   * Wants a transaction: other writers of flows wait for its end. Forget the hours first. Answers how many went.
   */
  forgetFlows(clusterId: number, before: string, most: number): Promise<number>;
  /** Drops partitions of days that every cluster forgets. Answers the days, `YYYYMMDD`. */
  dropDays(): Promise<readonly string[]>;
  /**
   * Idempotency keys that were recorded 30 days ago or more are free again. What was taken in and lost with a chunk stays on record,
   * for completeness is told from it.
   */
  forgetKeys(): Promise<void>;
  /** Ids of records that lie 48 hours or more before the newest observation of their cluster. */
  forgetRecordIds(): Promise<void>;
  /** Names that clients were told, that ceased to hold 48 hours or more before the newest observation of their cluster. */
  forgetDnsAnswers(): Promise<void>;
};

const STATEMENTS = {
  lostDays: statement('retention.lostDays', { day: text }),
  forgetting: statement('retention.forgetting', { id: int4 }),
  boundOf: statement('retention.boundOf', { before: nullable(text) }),
} as const;

/**
 * The newest observation of a cluster, as far as the server's clock has come: one record whose clock ran ahead by years
 * must not make all others old.
 */
export const NEWEST = 'least(c.newest_observation_at, now())';

const KEPT_SINCE = `${NEWEST} - c.retention_days * interval '1 day'`;

/** A day whose hours became one count goes when the last of them does. */
const BOUND = `date_trunc(case when ${KEPT_SINCE} < c.rolled_until then 'day' else 'hour' end, ${KEPT_SINCE}, 'UTC')`;

const FORGOTTEN = 'forgotten ';

/** Only where every cluster forgets: one that keeps all, or has no flows yet to tell its time by, keeps every day. */
const LOST_DAYS = `with bound as (
    select min(${BOUND}) as before, bool_and(c.retention_days is not null and c.newest_observation_at is not null) as all_forget
    from cluster c where c.deleted_at is null)
  select substr(p.relname, 11) as day from pg_inherits i join pg_class p on p.oid = i.inhrelid, bound
  where i.inhparent = 'flow_hour'::regclass and p.relname ~ '^flow_hour_\\d{8}$' and all_forget
    and (to_date(substr(p.relname, 11), 'YYYYMMDD') + 1)::timestamp at time zone 'UTC' <= before
  order by 1`;

async function dropDays(manager: EntityManager): Promise<readonly string[]> {
  const rows = await STATEMENTS.lostDays.rows(manager, LOST_DAYS, []);
  for (const { day } of rows)
    await manager.query(`/* retention.dropDay */ drop table if exists flow_hour_${day}`);
  return rows.map(({ day }) => day);
}

async function forgottenTo(
  manager: EntityManager,
  clusterId: number,
  until: string,
): Promise<void> {
  await manager.query(
    `/* retention.forgottenTo */ update cluster set forgotten_until = greatest(forgotten_until, $2::timestamptz)
    where id = $1`,
    [clusterId, until],
  );
}

export const retentionStore = (manager: EntityManager): RetentionStore => ({
  setDays: async (clusterId, days) => {
    await manager.query(
      '/* retention.setDays */ update cluster set retention_days = $2 where id = $1',
      [clusterId, days],
    );
  },
  forgetting: async () => {
    const rows = await STATEMENTS.forgetting.rows(
      manager,
      `select id from cluster
      where retention_days is not null and deleted_at is null and newest_observation_at is not null order by id`,
      [],
    );
    return rows.map(({ id }) => id);
  },
  boundOf: async clusterId => {
    const [row] = await STATEMENTS.boundOf.rows(
      manager,
      `select ${dateTimeText(BOUND)} as before from cluster c where c.id = $1`,
      [clusterId],
    );
    return row?.before ?? null;
  },
  forgottenTo: (clusterId, until) => forgottenTo(manager, clusterId, until),
  forgetHours: async (clusterId, before, most) => {
    const [, count] = await manager.query(
      `/* retention.forgetHours */ delete from flow_hour where (cluster_id, flow_id, slot) in (
        select cluster_id, flow_id, slot from flow_hour
        where cluster_id = $1 and slot < slot_from($2::timestamptz) limit $3)`,
      [clusterId, before, most],
    );
    return count;
  },
  forgetFlows: async (clusterId, before, most) => {
    await lockFlows(manager, clusterId);
    const [, count] = await manager.query(
      `/* retention.forgetFlows */ delete from flow where (cluster_id, id) in (
        select cluster_id, id from flow where cluster_id = $1 and last_seen_at < $2::timestamptz limit $3)`,
      [clusterId, before, most],
    );
    return count;
  },
  dropDays: () => dropDays(manager),
  forgetKeys: async () => {
    await manager.query(
      `/* retention.forgetChunkKeys */ update ingest_chunk set key = '${FORGOTTEN}' || gen_random_uuid()
      where recorded_at < now() - interval '30 days' and key not like '${FORGOTTEN}%'`,
    );
    await manager.query(
      `/* retention.forgetImportKeys */ delete from inventory_import where recorded_at < now() - interval '30 days'`,
    );
  },
  forgetRecordIds: async () => {
    await manager.query(
      `/* retention.forgetRecordIds */ delete from record_id_set r using cluster c
      where c.id = r.cluster_id and r.last_seen_at < ${NEWEST} - interval '48 hours'`,
    );
  },
  forgetDnsAnswers: async () => {
    await manager.query(
      `/* retention.forgetDnsAnswers */ delete from dns_answer a using cluster c
      where c.id = a.cluster_id and a.valid_to < ${NEWEST} - interval '48 hours'`,
    );
  },
});
