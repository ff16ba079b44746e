import type { EntityManager } from 'typeorm';
import { FLOW_LISTENER } from '../database/events.js';
import { float8, int4, nullable, statement, texts } from '../database/row.js';

/** What a batch of a cluster showed. Batches are numbered in the order of their commits, without a hole. */
export type FlowNews = {
  readonly seq: number;
  readonly flows: readonly string[];
  /** Flows beyond the thousand that are named. */
  readonly skipped: number;
};

export type FlowTellStore = {
  /**
   * Numbers a batch of flows that were observed; where somebody on any replica listens, or did in the last ten minutes, keeps which they
   * are and tells. Wants the transaction that holds the cluster's flows.
   */
  tell(clusterId: number, flows: readonly string[]): Promise<void>;
  /** The number of the last batch. From now on batches are kept for ten minutes at least. */
  listenFrom(clusterId: number): Promise<number>;
  /** The number of the last batch, and the batches after one that are kept: oldest first, so many at most. */
  after(
    clusterId: number,
    seq: number,
    limit: number,
  ): Promise<{ readonly last: number; readonly batches: readonly FlowNews[] }>;
  /** Forgets batches of more than ten minutes ago; keeps those to come where somebody listens. */
  forget(): Promise<void>;
};

const MOST_NAMED = 1_000;

/** Batches of a cluster that are kept. */
const MOST_KEPT = 1_000;

const KEPT = `interval '10 minutes'`;

const LISTENED = `exists (select from pg_stat_activity where datname = current_database() and application_name = '${FLOW_LISTENER}')`;

/** The row of the cluster is locked from here to the commit: the numbers are in the order of commits. */
const TELL = `/* flowTells.tell */
  with head as (
    insert into flow_news_head as h (cluster_id, seq, listened_until) values ($1::int, 1, '-infinity')
    on conflict (cluster_id) do update set seq = h.seq + 1 returning seq, listened_until),
  heard as materialized (select seq from head where listened_until > now() or ${LISTENED}),
  kept as (insert into flow_news (cluster_id, seq, flows, skipped, told_at)
    select $1::int, seq, $2::uuid[], $3::int, now() from heard),
  gone as (delete from flow_news n using heard where n.cluster_id = $1::int and n.seq = heard.seq - ${MOST_KEPT})
  select pg_notify('weirgate_flows', 'flows ' || $1::int || ' ' || seq) from heard`;

const STATEMENTS = {
  listenFrom: statement<{ seq: number }>('flowTells.listenFrom', { seq: float8 }),
  after: statement<{
    last: number;
    seq: number | null;
    flows: readonly string[] | null;
    skipped: number;
  }>('flowTells.after', {
    last: float8,
    seq: nullable(float8),
    flows: nullable(texts),
    skipped: int4,
  }),
} as const;

const LISTEN_FROM = `
  insert into flow_news_head as h (cluster_id, seq, listened_until) values ($1::int, 0, now() + ${KEPT})
  on conflict (cluster_id) do update set listened_until = excluded.listened_until returning h.seq::float8 as seq`;

const AFTER = `
  select h.seq::float8 as last, n.seq::float8 as seq, n.flows::text[] as flows, coalesce(n.skipped, 0) as skipped
  from flow_news_head h left join lateral (
    select * from flow_news where cluster_id = $1 and seq > $2 order by seq limit $3) n on true
  where h.cluster_id = $1 order by n.seq`;

export const flowTellStore = (manager: EntityManager): FlowTellStore => ({
  tell: async (clusterId, flows) => {
    const skipped = Math.max(0, flows.length - MOST_NAMED);
    await manager.query(TELL, [clusterId, flows.slice(0, MOST_NAMED), skipped]);
  },
  listenFrom: async clusterId =>
    (await STATEMENTS.listenFrom.row(manager, LISTEN_FROM, [clusterId])).seq,
  after: async (clusterId, seq, limit) => {
    const rows = await STATEMENTS.after.rows(manager, AFTER, [clusterId, seq, limit]);
    const batches = rows.flatMap(({ seq: number, flows, skipped }) =>
      number === null || flows === null ? [] : [{ seq: number, flows, skipped }],
    );
    return { last: rows[0]?.last ?? 0, batches };
  },
  forget: async () => {
    await manager.query(
      `/* flowTells.listened */ update flow_news_head set listened_until = now() + ${KEPT} where listened_until > now() and ${LISTENED}`,
    );
    await manager.query(
      `/* flowTells.forget */ delete from flow_news where told_at < now() - ${KEPT}`,
    );
  },
});
