import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import { int4, nullable, statement, text, texts } from '../database/row.js';
import { dateTimeText } from '../query/date-time.js';
import type { Completeness } from './completeness.js';
import type { Window } from './flow-condition.js';

export type CompletenessStore = {
  /** What the window did not show; `namespaces` null is all of them. */
  ofWindow(
    clusterId: number,
    window: Window,
    namespaces: readonly string[] | null,
  ): Promise<Completeness>;
};

const OF_WINDOW = statement<Omit<Completeness, keyof Window>>('completeness.ofWindow', {
  firstSeenAt: nullable(text),
  lastSeenAt: nullable(text),
  flows: int4,
  lostEvents: text,
  rejectedRecords: text,
  unresolvedFlows: int4,
  silentHours: int4,
  silentDeployments: texts,
});

const LISTED = 100;

const SEEN = `select f.id, f.first_seen_at, f.last_seen_at, f.source_id, f.destination_id
  from flow f where f.cluster_id = $1
    and ($2::timestamptz is null or f.last_seen_at >= $2::timestamptz)
    and ($3::timestamptz is null or f.first_seen_at < $3::timestamptz)
    and exists (select from flow_hour h where h.cluster_id = f.cluster_id and h.flow_id = f.id
      and ($2::timestamptz is null or h.hour > $2::timestamptz - interval '1 hour')
      and ($3::timestamptz is null or h.hour < $3::timestamptz))`;

const HOURS = `select count(distinct h.hour)::int as seen,
    coalesce(extract(epoch from max(h.hour) - min(h.hour)) / 3600 + 1, 0)::int as spanned
  from flow_hour h where h.cluster_id = $1
    and ($2::timestamptz is null or h.hour > $2::timestamptz - interval '1 hour')
    and ($3::timestamptz is null or h.hour < $3::timestamptz)`;

const CHUNKS = `select coalesce(sum(k.lost), 0)::text as lost,
    coalesce(sum((select sum(value::bigint) from jsonb_each_text(k.rejected))), 0)::text as rejected
  from ingest_chunk k where k.cluster_id = $1
    and ($2::timestamptz is null or coalesce(k.last_seen_at, k.recorded_at) >= $2::timestamptz)
    and ($3::timestamptz is null or coalesce(k.first_seen_at, k.recorded_at) < $3::timestamptz)`;

const ofWindow = (seenBy: string): string => `
  with seen as (${SEEN}), hours as (${HOURS}), chunks as (${CHUNKS})
  select ${dateTimeText('(select min(first_seen_at) from seen)')} as "firstSeenAt",
    ${dateTimeText('(select max(last_seen_at) from seen)')} as "lastSeenAt",
    (select count(*)::int from seen) as flows,
    chunks.lost as "lostEvents", chunks.rejected as "rejectedRecords",
    (select count(*)::int from seen where exists (select from peer u where u.cluster_id = $1
      and u.id in (seen.source_id, seen.destination_id) and u.kind = 'UNRESOLVED')) as "unresolvedFlows",
    greatest(hours.spanned - hours.seen, 0) as "silentHours",
    array(select p.namespace || '/' || p.name from peer p
      where p.cluster_id = $1 and p.kind = 'DEPLOYMENT' and p.alias_of is null and p.ended_at is null
        and ($4::text[] is null or p.namespace = any($4)) and ${seenBy}
        and not exists (select from seen where p.id in (seen.source_id, seen.destination_id))
      order by 1 limit ${LISTED}) as "silentDeployments"
  from hours cross join chunks`;

export const completenessStore = (manager: EntityManager, caller: Caller): CompletenessStore => ({
  ofWindow: async (clusterId, { since, until }, namespaces) => {
    const seenBy = visible(caller, { clusterId: 'p.cluster_id', namespace: 'p.namespace' });
    const values = [clusterId, since, until, namespaces];
    const row = await OF_WINDOW.row(manager, ofWindow(seenBy), values);
    return { since, until, ...row };
  },
});
