import type { EntityManager } from 'typeorm';
import type { Caller } from '../../access/caller.js';
import { wholly } from '../../access/visible.js';
import { float8, int8, jsonb, nullable, statement, text } from '../../database/row.js';
import { asInt8, sumOfInt8 } from '../../database/statement.js';
import { asking } from '../../query/condition.js';
import { dateTimeText } from '../../query/date-time.js';
import type { Window } from '../flow-condition.js';
import type { LedgerHour } from './ledger.js';
import type { SourceLedger } from './source-ledger.js';

export type LedgerStore = {
  /** Adds to the hours. Wants the transaction that stores the chunks, and hours in the order of their keys. */
  add(clusterId: number, hours: readonly LedgerHour[]): Promise<void>;
  /**
   * What came of each source in the hours that overlap the window, and in which it is silent; ordered by name. Sources
   * are of whole clusters: nothing for who sees some workloads only.
   */
  ofWindow(clusterId: number, window: Window): Promise<readonly SourceLedger[]>;
  /** Hours before this ISO time go. */
  forget(clusterId: number, before: string): Promise<void>;
};

const OF_WINDOW = statement<SourceLedger>('ledger.ofWindow', {
  name: text,
  accepted: int8,
  duplicates: int8,
  withoutId: int8,
  lost: int8,
  sampling: nullable(float8),
  skipped: jsonb<SourceLedger['skipped']>(),
  rejected: jsonb<SourceLedger['rejected']>(),
  firstAt: nullable(text),
  lastAt: nullable(text),
  gapCount: float8,
  gaps: jsonb<SourceLedger['gaps']>(),
});

const sumOf = (column: string): string => `(select coalesce(jsonb_object_agg(x.key, x.count), '{}')
    from (select e.key, sum(e.value::bigint) as count from (
      select * from jsonb_each_text(l.${column}) union all select * from jsonb_each_text(excluded.${column})) e group by 1) x)`;

const ADD = `insert into ingest_ledger as l (cluster_id, source, hour, accepted, duplicates, lost, sampling, skipped, rejected,
    first_seen_at, last_seen_at, without_id)
  select $1::int, x.source, x.hour, x.accepted, x.duplicates, x.lost, x.sampling, x.skipped::jsonb, x.rejected::jsonb,
    x.first_seen_at, x.last_seen_at, x.without_id
  from unnest($2::text[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bigint[], $7::float8[], $8::text[], $9::text[],
    $10::timestamptz[], $11::timestamptz[], $12::bigint[])
    x (source, hour, accepted, duplicates, lost, sampling, skipped, rejected, first_seen_at, last_seen_at, without_id)
  on conflict on constraint ingest_ledger_pkey do update set accepted = l.accepted + excluded.accepted,
    duplicates = l.duplicates + excluded.duplicates, without_id = l.without_id + excluded.without_id, lost = ${sumOfInt8('l.lost', 'excluded.lost')},
    sampling = greatest(l.sampling, excluded.sampling), skipped = ${sumOf('skipped')}, rejected = ${sumOf('rejected')},
    first_seen_at = least(l.first_seen_at, excluded.first_seen_at), last_seen_at = greatest(l.last_seen_at, excluded.last_seen_at)`;

/** Gaps of one source that an answer lists, the latest of them. */
const MOST_GAPS = 100;

const reasonsOf = (
  column: string,
): string => `(select coalesce(jsonb_object_agg(x.key, x.count), '{}')
    from (select e.key, sum(e.value::bigint)::text as count from within w cross join jsonb_each_text(w.${column}) e
      where w.source = s.source group by 1) x)`;

const NOT_EMPTY = '($2::timestamptz < $3::timestamptz) is not false';

/**
 * Between two hours of a source that follow each other and show something, where others lie between; after the last of them, as long as
 * other sources go on. Cut to the window.
 */
const GAPS = (
  whole: string,
): string => `select g.source, count(*)::float8 as count, jsonb_agg(jsonb_build_object('since', ${dateTimeText('g.since')},
      'until', ${dateTimeText('g.until')}) order by g.since) filter (where g.rank <= ${MOST_GAPS}) as list
  from (select h.source, greatest(h.hour + interval '1 hour', $2::timestamptz) as since, least(h.next, $3::timestamptz) as until,
      row_number() over (partition by h.source order by h.hour desc) as rank
    from (select l.source, l.hour, coalesce(lead(l.hour) over (partition by l.source order by l.hour), max(l.hour) over () + interval '1 hour') as next
      from ingest_ledger l where l.cluster_id = $1 and l.first_seen_at is not null and ${whole}) h
    where h.next > h.hour + interval '1 hour' and ${NOT_EMPTY} and ($2::timestamptz is null or h.next > $2::timestamptz)
      and ($3::timestamptz is null or h.hour + interval '1 hour' < $3::timestamptz)) g
  group by 1`;

const WITHIN = (
  whole: string,
): string => `select * from ingest_ledger l where l.cluster_id = $1 and ${whole}
  and ($2::timestamptz is null or l.hour > $2::timestamptz - interval '1 hour')
  and ($3::timestamptz is null or l.hour < $3::timestamptz) and ${NOT_EMPTY}`;

const SOURCES = (
  whole: string,
): string => `with within as materialized (${WITHIN(whole)}), gaps as (${GAPS(whole)}), sums as (
    select source, sum(accepted)::bigint as accepted, sum(duplicates)::bigint as duplicates, sum(without_id)::bigint as without_id, ${asInt8('sum(lost)')} as lost,
      max(sampling) as sampling, min(first_seen_at) as first, max(last_seen_at) as last
    from within group by 1)
  select s.source as name, coalesce(s.accepted, 0) as accepted, coalesce(s.duplicates, 0) as duplicates, coalesce(s.without_id, 0) as "withoutId", coalesce(s.lost, 0) as lost,
    s.sampling, ${reasonsOf('skipped')} as skipped, ${reasonsOf('rejected')} as rejected,
    ${dateTimeText('s.first')} as "firstAt", ${dateTimeText('s.last')} as "lastAt",
    coalesce(s.count, 0) as "gapCount", coalesce(s.list, '[]') as gaps
  from (select * from sums full join gaps using (source)) s order by 1`;

export const ledgerStore = (manager: EntityManager, caller: Caller): LedgerStore => ({
  add: async (clusterId, hours) => {
    if (hours.length === 0) return;
    await manager.query(`/* ledger.add */ ${ADD}`, [
      clusterId,
      hours.map(({ source }) => source),
      hours.map(({ hour }) => hour),
      hours.map(({ accepted }) => accepted),
      hours.map(({ duplicates }) => duplicates),
      hours.map(({ lost }) => lost),
      hours.map(({ sampling }) => sampling),
      hours.map(({ skipped }) => JSON.stringify(skipped)),
      hours.map(({ rejected }) => JSON.stringify(rejected)),
      hours.map(({ firstSeenAt }) => firstSeenAt),
      hours.map(({ lastSeenAt }) => lastSeenAt),
      hours.map(({ withoutId }) => withoutId),
    ]);
  },
  ofWindow: (clusterId, { since, until }) =>
    OF_WINDOW.ask(
      manager,
      asking([clusterId, since, until], [wholly(caller, 'l.cluster_id')], whole => SOURCES(whole)),
    ),
  forget: async (clusterId, before) => {
    await manager.query(
      '/* ledger.forget */ delete from ingest_ledger where cluster_id = $1 and hour < $2::timestamptz',
      [clusterId, before],
    );
  },
});
