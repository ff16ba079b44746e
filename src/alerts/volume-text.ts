import { CLUSTER } from '../database/statement.js';
import { ofPeer } from '../flows/flow-peers.js';
import { METADATA_CLASS } from '../flows/flow-view.js';
import { endOfHour, isOfLife } from '../flows/hour-slot.js';
import { blockName } from '../inventory/external-blocks/external-block.js';
import { peerLabel } from '../inventory/peer-label.js';
import { GROWS } from './scan-text.js';
import { namespaceLabels } from './suspects-text.js';

/** By what peers outside belong together: as `groupOutside` says. */
const KIND = `case when d.dns_name is not null then 'NAME' when g.block is not null then 'BLOCK' else 'OUTSIDE' end`;
const KEY = `coalesce(d.dns_name, g.block, '')`;

const EXTERNAL = (id: string): string => `
  join lateral (select * from peer where cluster_id = ${CLUSTER} and id = ${id} offset 0) d on d.kind = 'EXTERNAL'
  cross join lateral (select ${blockName('d')} as block offset 0) g`;

/** Texts that sort as the times do. */
const hourText = (time: string): string =>
  `to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** How long an hour is held against what was before it. */
const LOOKED_BACK = `interval '14 days'`;

/**
 * The flows of deployment `o.id` to peers outside of the group `o.kind`, `o.key`, with their `hours` `h`. The name of its block is looked up
 * for a peer that moved something in one of these, and once for each, not for each hour.
 */
const FLOWS_OF_GROUP = (hours: string): string => `
  cross join lateral (select id, destination_id, first_seen_at, last_seen_at from flow f where f.cluster_id = ${CLUSTER} and ${ofPeer('f.source_id', 'o.id')}
    and exists (${hours}) offset 0) f
  ${EXTERNAL('f.destination_id')}
  cross join lateral (${hours} offset 0) h`;

const IN_GROUP = `(${KIND}, ${KEY}) = (o.kind, o.key)`;

/**
 * Of the flows `$2` in the hours `$3` those that deployments with a baseline that does not learn sent outside: what they and others of
 * the same group moved by the hour, until the latest of these hours, where one of these hours moved `$4` bytes or more. Deployments
 * that did not send so much in all are left out first: they are nearly all.
 */
export const VOLUMES = `
  with touched as materialized (
    select s.id, ${KIND} as kind, ${KEY} as key, min(k.hour) as first, max(k.hour) as last
    from unnest($2::uuid[], $3::timestamptz[]) k (flow_id, hour)
    cross join lateral (select source_id, destination_id from flow where cluster_id = ${CLUSTER} and id = k.flow_id
      and traffic_class <> '${METADATA_CLASS}' offset 0) f
    join lateral (select id, kind from peer where cluster_id = ${CLUSTER} and id = f.source_id offset 0) s on s.kind = 'DEPLOYMENT'
    ${EXTERNAL('f.destination_id')}
    where exists (select from baseline b where b.cluster_id = ${CLUSTER} and b.deployment_id = s.id
      and not (b.continuous and b.state = 'LEARNING'))
    group by 1, 2, 3),
  busy as materialized (
    select o.* from (select id, min(first) as first, max(last) as last from touched group by 1) t
    cross join lateral (select sum(h.bytes) as bytes
      from (select id, destination_id, first_seen_at, last_seen_at from flow f where f.cluster_id = ${CLUSTER} and ${ofPeer('f.source_id', 't.id')}
        and f.last_seen_at >= t.first offset 0) f
      join lateral (select kind from peer where cluster_id = ${CLUSTER} and id = f.destination_id offset 0) d on d.kind = 'EXTERNAL'
      cross join lateral (select bytes from flow_hour where cluster_id = ${CLUSTER} and flow_id = f.id and bytes > 0
        and ${isOfLife('slot')} and slot >= slot_from(t.first) and slot <= slot_from(t.last) + 7 offset 0) h) s
    join touched o on o.id = t.id where s.bytes >= $4::float8),
  moved as (
    select o.id, o.kind, o.key, h.hour, sum(h.bytes)::float8 as bytes from busy o ${FLOWS_OF_GROUP(`
      select slot_hour(slot) as hour, bytes from flow_hour where cluster_id = ${CLUSTER} and flow_id = f.id and bytes > 0
        and ${isOfLife('slot')} and slot >= slot_from(o.first - ${LOOKED_BACK}) and slot <= slot_from(o.last) + 7`)}
    where ${IN_GROUP} group by 1, 2, 3, 4)
  select o.id as "deploymentId", p.namespace, p.name, ${peerLabel('p')} as label, p.labels, ${namespaceLabels('p')} as "namespaceLabels", o.kind as "groupKind", o.key as "groupKey",
    m.hours, ${hourText("greatest(l.learned, 'epoch'::timestamptz)")} as "learnedAt"
  from busy o
  cross join lateral (select bool_or(hour >= o.first and bytes >= $4::float8) as large,
      json_agg(json_build_object('hour', ${hourText('hour')}, 'bytes', bytes) order by hour) as hours
    from moved where id = o.id and kind = o.kind and key = o.key offset 0) m
  cross join lateral (select * from peer where cluster_id = ${CLUSTER} and id = o.id offset 0) p
  cross join lateral (select coalesce(case when b.continuous then b.stable_since end, b.learned_until,
      (select max(e.last_seen_at) from baseline_entry e where e.cluster_id = ${CLUSTER} and e.deployment_id = o.id)) as learned
    from baseline b where b.cluster_id = ${CLUSTER} and b.deployment_id = o.id offset 0) l
  where m.large`;

/** An alert without counts, which the next steps give it. */
export const PUT_VOLUMES = (rows: string): string => `
  insert into alert as stored (cluster_id, id, rule, category, severity, state, deployment_id, peer_id, flow_id, message,
    occurrences, first_occurred_at, last_occurred_at, rank, rules, rule_ids, group_kind, group_name, passed, why)
  select $1::int, o.alert_id, 'EXFILTRATION', o.category, o.severity, 'OPEN', o.id, o.id, o.alert_id, o.line,
    0, 'infinity', '-infinity', o.rank, array['EXFILTRATION'], array[o.rule_id], 'VOLUME', o.group_name, 0, o.why
  from ${rows} on conflict (cluster_id, id) do update set why = excluded.why`;

/** Its flows, with what they counted in the hours that were unusual. */
export const PUT_VOLUME_FLOWS = (rows: string): string => `
  insert into alert_match as stored (cluster_id, alert_id, flow_id, rules, events, passed, first_occurred_at, last_occurred_at)
  select $1::int, o.alert_id, f.id, array['EXFILTRATION'], sum(h.events)::bigint,
    coalesce(sum(h.events) filter (where slot_verdict(h.slot) in ('ALLOWED', 'AUDIT', 'UNKNOWN')), 0)::bigint,
    min(greatest(h.hour, w.first_seen_at)), max(least(${endOfHour('h.hour')}, w.last_seen_at))
  from ${rows} ${FLOWS_OF_GROUP(`
    select slot, slot_hour(slot) as hour, events from flow_hour where cluster_id = ${CLUSTER} and flow_id = f.id and bytes > 0
      and ${isOfLife('slot')} and slot_hour(slot) = any(array(select jsonb_array_elements_text(o.hours))::timestamptz[])`)}
  cross join lateral (select first_seen_at, last_seen_at from flow where cluster_id = ${CLUSTER} and id = f.id offset 0) w
  where ${IN_GROUP} group by 2, 3
  on conflict (cluster_id, alert_id, flow_id) do update set events = greatest(stored.events, excluded.events),
    passed = greatest(stored.passed, excluded.passed), first_occurred_at = least(stored.first_occurred_at, excluded.first_occurred_at),
    last_occurred_at = greatest(stored.last_occurred_at, excluded.last_occurred_at)`;

/** One whose count goes up is open again. */
export const SUM_VOLUMES = (rows: string): string => `
  update alert a set occurrences = greatest(a.occurrences, s.events), passed = greatest(a.passed, s.passed), first_occurred_at = least(a.first_occurred_at, s.first), last_occurred_at = greatest(a.last_occurred_at, s.last),
    flow_id = s.flow_id, peer_id = s.peer_id,
    state = case when a.state = 'RESOLVED' and ${GROWS} then 'OPEN' else a.state end,
    resolved_at = case when ${GROWS} then null else a.resolved_at end,
    resolution = case when ${GROWS} then null else a.resolution end,
    resolved_by = case when ${GROWS} then null else a.resolved_by end
  from ${rows} cross join lateral (
    select sum(m.events) as events, sum(m.passed) as passed, min(m.first_occurred_at) as first, max(m.last_occurred_at) as last,
      (array_agg(m.flow_id order by m.last_occurred_at desc, m.flow_id desc))[1] as flow_id,
      (array_agg(f.destination_id order by m.last_occurred_at desc, m.flow_id desc))[1] as peer_id
    from alert_match m cross join lateral (
      select destination_id from flow where cluster_id = ${CLUSTER} and id = m.flow_id offset 0) f
    where m.cluster_id = ${CLUSTER} and m.alert_id = o.alert_id) s
  where a.cluster_id = ${CLUSTER} and a.id = o.alert_id and s.events is not null`;
