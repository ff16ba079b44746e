import type { EntityManager } from 'typeorm';
import { type Caller, seesWhole } from '../access/caller.js';
import { maskedPeersOfLists, touchesOwn } from '../access/masked.js';
import { inClusters } from '../access/visible.js';
import { int4, nullable, statement, text, texts } from '../database/row.js';
import { asInt8, CLUSTER } from '../database/statement.js';
import { asking, type Condition, joined } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { type Completeness, unresolvedShare } from './completeness.js';
import type { Window } from './flow-condition.js';
import { ofPeer } from './flow-peers.js';
import { MOST_REMEMBERED } from './flow-window-hours.js';
import { HOUR_IN_INDEX, slotWithin } from './hour-slot.js';
import { ledgerStore } from './ledger/ledger.store.js';

export type CompletenessStore = {
  /** What the window did not show; `namespaces` null is all of them. */
  ofWindow(
    clusterId: number,
    window: Window,
    namespaces: readonly string[] | null,
  ): Promise<Completeness>;
};

type Row = Omit<Completeness, keyof Window | 'sources' | 'unresolvedShare'>;

const OF_WINDOW = statement<Row>('completeness.ofWindow', {
  firstSeenAt: nullable(text),
  lastSeenAt: nullable(text),
  flows: int4,
  lostEvents: text,
  rejectedRecords: text,
  unresolvedFlows: int4,
  silentHours: int4,
  silentDeployments: texts,
  idleCronJobs: texts,
  cutDays: texts,
  forgottenUntil: nullable(text),
});

const LISTED = 100;

const HOUR_IN_WINDOW = `h.cluster_id = ${CLUSTER} and ${slotWithin('$2', '$3')}`;

/** The first hour of those, by the index: a thousand times an hour of a month costs less than to read a million rows once. */
const hourAfter = (own: string, after: string): string =>
  `(select ${HOUR_IN_INDEX} from flow_hour h where ${HOUR_IN_WINDOW} and ${own} ${after} order by ${HOUR_IN_INDEX} limit 1)`;

/** The hours of the window that something was seen in, each once. */
const SEEN_HOURS = (own: string): string => `with recursive seen_hour (hour) as (
    select ${hourAfter(own, '')}
    union all
    select ${hourAfter(own, `and h.slot > (s.hour << 3 | 7) and ${HOUR_IN_INDEX} > s.hour`)} from seen_hour s where s.hour is not null)`;

/** Of a day whose hours became one count, all are seen: also where a record of it came later. */
const HOURS = (
  own: string,
): string => `${SEEN_HOURS(own)} select coalesce(sum(until - since), 0)::int as seen,
    slot_hour(min(since) << 3) as first, slot_hour(max(until) << 3) as last, coalesce(max(until) - min(since), 0)::int as spanned from (
    select distinct case when rolled then hour / 24 * 24 else hour end as since, case when rolled then hour / 24 * 24 + 24 else hour + 1 end as until
    from (select hour, coalesce(hour < (select slot_from(rolled_until) >> 3 from cluster where id = $1), false) as rolled
      from seen_hour where hour is not null) s) s`;

/** The flows with an hour in the window, where they are few enough to be hashed; read only where a flow spans the window. */
const WINDOW_HOURS = `window_hour as materialized (select h.flow_id from flow_hour h where ${HOUR_IN_WINDOW}
    order by ${HOUR_IN_INDEX} limit ${MOST_REMEMBERED + 1})`;

const HAS_HOUR = `case when (select count(*) from window_hour) <= ${MOST_REMEMBERED}
    then (f.id in (select flow_id from window_hour)) is true
    else exists (select from flow_hour h where h.flow_id = f.id and ${HOUR_IN_WINDOW} offset 0) end`;

/**
 * A flow that was last seen inside the window has an hour there; so has one that was first seen there, unless that hour
 * is forgotten. Only one that spans the window is looked up.
 */
const IN_WINDOW = `f.cluster_id = ${CLUSTER}
  and ($2::timestamptz is null or f.last_seen_at >= $2::timestamptz)
  and ($3::timestamptz is null or f.first_seen_at < $3::timestamptz)
  and ($3::timestamptz is null or f.last_seen_at < $3::timestamptz
    or ($2::timestamptz is null or f.first_seen_at >= $2::timestamptz) and f.first_seen_at >= (select first from hours)
    or ${HAS_HOUR})`;

/** Looked up among them once for all (a hashed subplan); `is true` keeps the planner from joining them. */
const isUnresolved = (end: string): string =>
  `(f.${end} in (select id from peer where cluster_id = ${CLUSTER} and kind = 'UNRESOLVED')) is true`;

/** The one reading of `flow`. */
const FLOWS = (
  own: string,
): string => `select min(f.first_seen_at) as first, max(f.last_seen_at) as last, count(*)::int as count,
    (count(*) filter (where ${isUnresolved('source_id')} or ${isUnresolved('destination_id')}))::int as unresolved
  from flow f where ${IN_WINDOW} and ${own}`;

/** One lookup for each deployment `p`: `offset 0` keeps the planner from reading all flows for it. */
const isSilent = (end: string): string =>
  `not exists (select from flow f where ${ofPeer(end, 'p.id')} and ${IN_WINDOW} offset 0)`;

const HAD_POD = `exists (select from pod o where o.cluster_id = p.cluster_id and o.deployment_id = p.id
  and ($3::timestamptz is null or o.started_at is null or o.started_at < $3::timestamptz)
  and ($2::timestamptz is null or o.ended_at is null or o.ended_at > $2::timestamptz))`;

const CHUNKS = (
  whole: string,
): string => `select ${asInt8('coalesce(sum(k.lost), 0)')}::text as lost,
    coalesce(sum((select sum(value::bigint) from jsonb_each_text(k.rejected))), 0)::text as rejected
  from ingest_chunk k where k.cluster_id = ${CLUSTER}
    and ($2::timestamptz is null or coalesce(k.last_seen_at, k.recorded_at) >= $2::timestamptz)
    and ($3::timestamptz is null or coalesce(k.first_seen_at, k.recorded_at) < $3::timestamptz) and ${whole}`;

/** It was there as the window ended: its creation, a pod or a flow shows it, or nothing tells since when it has been there. */
const WAS_THERE = `(p.ended_at is null or p.ended_at >= $3::timestamptz) and ($3::timestamptz is null or coalesce(
    (select r.valid_from < $3::timestamptz or r.valid_from >= r.observed_at from deployment_revision r
      where r.cluster_id = p.cluster_id and r.deployment_id = p.id order by r.valid_from limit 1),
    p.first_seen_at < $3::timestamptz, true))`;

const silent = (own: string): string => `select p.namespace || '/' || p.name as name,
    p.workload_kind = 'CronJob' and not ${HAD_POD} as is_idle
  from peer p where p.cluster_id = ${CLUSTER} and p.kind = 'DEPLOYMENT' and p.alias_of is null and ${WAS_THERE}
    and ($4::text[] is null or p.namespace = any($4)) and ${own}
    and ${isSilent('source_id')} and ${isSilent('destination_id')}`;

/** Of hours and of flows that touch what the caller sees. */
const OWN_FLOWS = `select f.cluster_id, f.id from flow f where f.cluster_id = ${CLUSTER} and `;

type Own = {
  readonly items: string;
  readonly flows: string;
  readonly hours: string;
  readonly workloads: string;
  readonly whole: string;
};

const ofWindow = ({ items, flows, hours, workloads, whole }: Own): string => `
  with ${items}hours as materialized (${HOURS(hours)}), ${WINDOW_HOURS}, flows as (${FLOWS(flows)}), chunks as (${CHUNKS(whole)}),
    silent as materialized (${silent(workloads)})
  select ${dateTimeText('case when flows.count > 0 then greatest(flows.first, hours.first, $2::timestamptz) end')} as "firstSeenAt",
    ${dateTimeText('case when flows.count > 0 then least(flows.last, hours.last, $3::timestamptz) end')} as "lastSeenAt",
    flows.count as flows, chunks.lost as "lostEvents", chunks.rejected as "rejectedRecords",
    flows.unresolved as "unresolvedFlows", greatest(hours.spanned - hours.seen, 0) as "silentHours",
    array(select p.name from silent p order by 1 limit ${LISTED}) as "silentDeployments",
    array(select p.name from silent p where p.is_idle order by 1 limit ${LISTED}) as "idleCronJobs",
    array(select ${dateTimeText("date_trunc('day', w.bound, 'UTC')")} from cluster c cross join (values ($2::timestamptz), ($3::timestamptz)) w (bound)
      where c.id = $1 and w.bound < c.rolled_until and w.bound <> date_trunc('day', w.bound, 'UTC') group by 1 order by 1) as "cutDays",
    (select ${dateTimeText('c.forgotten_until')} from cluster c where c.id = $1
      and ($2::timestamptz is null or $2::timestamptz < c.forgotten_until)) as "forgottenUntil"
  from hours cross join flows cross join chunks`;

/** What the caller sees of it: records that were lost or rejected are nobody's, and told to who sees the whole cluster. */
function askedBy(caller: Caller, values: readonly unknown[]): Condition {
  const seen = (row: string): Condition => inClusters(caller, `${row}.cluster_id`);
  if (seesWhole(caller))
    return asking(
      values,
      [seen('f'), seen('h'), seen('p'), seen('k')],
      (flows, hours, workloads, whole) => ofWindow({ items: '', flows, hours, workloads, whole }),
    );
  return asking(
    values,
    [joined(maskedPeersOfLists(caller), ', '), seen('f')],
    (items, clusters) => {
      const flows = `${touchesOwn(caller).sql} and ${clusters}`;
      return ofWindow({
        items: `${items}, own_flow as materialized (${OWN_FLOWS}${flows}), `,
        flows,
        hours: '(h.cluster_id, h.flow_id) in (select cluster_id, id from own_flow)',
        workloads: '(p.cluster_id, p.id) in (select cluster_id, id from own_peer)',
        whole: 'false',
      });
    },
  );
}

export const completenessStore = (manager: EntityManager, caller: Caller): CompletenessStore => ({
  ofWindow: async (clusterId, { since, until }, namespaces) => {
    const asked = askedBy(caller, [clusterId, since, until, namespaces]);
    const row = await OF_WINDOW.row(manager, asked.sql, asked.values);
    const sources = await ledgerStore(manager, caller).ofWindow(clusterId, { since, until });
    return { since, until, ...row, unresolvedShare: unresolvedShare(row), sources };
  },
});
