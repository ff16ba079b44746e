import { CLUSTER } from '../database/statement.js';
import { isOfLife } from '../flows/hour-slot.js';

/** Groups of peers within a cluster. */
const WITHIN = `('PEER', 'NODES', 'UNRESOLVED')`;

/**
 * Flows of an alert of the deployment `o` that it sent within the cluster, from the first of the hours `$2` to the last, which are whole days: of a list of
 * hours, tables without statistics were read by the hour. Each lookup stands
 * apart (`offset 0`): as joins, 2,000 flows took half a minute on tables without statistics.
 */
const TRIED = `from (select id from alert where cluster_id = ${CLUSTER} and deployment_id = o.deployment_id
    and group_kind in ${WITHIN} offset 0) a
  cross join lateral (select flow_id from alert_match where cluster_id = ${CLUSTER} and alert_id = a.id offset 0) m
  cross join lateral (select destination_id, port, first_seen_at, last_seen_at from flow
    where cluster_id = ${CLUSTER} and id = m.flow_id and source_id = o.deployment_id offset 0) f
  cross join lateral (select slot_hour(slot) as hour from flow_hour where cluster_id = ${CLUSTER} and flow_id = m.flow_id
    and ${isOfLife('slot')} and slot >= slot_from(($2::timestamptz[])[1]) and slot <= slot_from(($2::timestamptz[])[cardinality($2::timestamptz[])]) + 7 offset 0) h`;

/** The hours in which the deployment scanned: those of enough tries, and all of a day of twice as many. */
const SCANNED = `with t as materialized (select distinct h.hour, f.destination_id, f.port ${TRIED}),
    hours as materialized (select hour, count(*) as tried from t group by 1),
    days as materialized (select day, count(*) as tried from (
      select distinct date_trunc('day', hour, 'UTC') as day, destination_id, port from t) x group by 1)
  select hour from hours where tried >= o.threshold
    or date_trunc('day', hour, 'UTC') in (select day from days where tried >= 2 * o.threshold)`;

export const SCANNING = (rows: string): string => `
  select o.deployment_id as id from ${rows}
  where exists (${SCANNED}) or exists (select from alert a where a.cluster_id = ${CLUSTER} and a.id = o.alert_id)`;

/** An alert without counts, which the next steps give it. */
export const PUT_SCANS = (rows: string): string => `
  insert into alert (cluster_id, id, rule, category, severity, state, deployment_id, peer_id, flow_id, message,
    occurrences, first_occurred_at, last_occurred_at, rank, rules, rule_ids, group_kind, group_name, passed, why)
  select $1::int, o.alert_id, 'LATERAL_SCAN', o.category, o.severity, 'OPEN', o.deployment_id, o.deployment_id, o.alert_id, '',
    0, 'infinity', '-infinity', o.rank, array['LATERAL_SCAN'], array[o.rule_id], 'SCAN', 'peers of the cluster', 0,
    'none of them is normal for it, and ' || o.threshold || ' within an hour or ' || 2 * o.threshold || ' within a day are a scan'
  from ${rows} where cardinality($2::timestamptz[]) > 0 on conflict (cluster_id, id) do nothing`;

/** The flows of a scan, with all that was counted of them in alerts. */
export const PUT_SCAN_FLOWS = (rows: string): string => `
  with scanned as (
    select distinct o.alert_id, t.flow_id from ${rows} cross join lateral (
      select array_agg(hour) as hours from (${SCANNED}) s) s cross join lateral (
      select m.flow_id ${TRIED} where h.hour = any(s.hours)) t
    union select s.alert_id, s.flow_id from ${rows} join alert_match s on s.cluster_id = ${CLUSTER} and s.alert_id = o.alert_id)
  insert into alert_match (cluster_id, alert_id, flow_id, rules, events, passed, first_occurred_at, last_occurred_at)
  select $1::int, s.alert_id, s.flow_id, array['LATERAL_SCAN'], sum(m.events), sum(m.passed), min(m.first_occurred_at),
    max(m.last_occurred_at)
  from scanned s join alert_match m on m.cluster_id = ${CLUSTER} and m.flow_id = s.flow_id and m.alert_id <> s.alert_id
  group by s.alert_id, s.flow_id
  on conflict (cluster_id, alert_id, flow_id) do update set events = excluded.events, passed = excluded.passed,
    first_occurred_at = excluded.first_occurred_at, last_occurred_at = excluded.last_occurred_at`;

/** SQL: whether the alert `a` grows by the sums `s`. Of a resolved one the flows of before may be forgotten: then it is later, and not more. */
export const GROWS = `(s.events > a.occurrences or s.last > a.last_occurred_at)`;

/** A resolved scan whose count goes up is open again. */
export const SUM_SCANS = (rows: string): string => `
  update alert a set occurrences = greatest(a.occurrences, s.events), passed = greatest(a.passed, s.passed), first_occurred_at = least(a.first_occurred_at, s.first), last_occurred_at = greatest(a.last_occurred_at, s.last),
    flow_id = s.flow_id, peer_id = s.peer_id,
    message = '\`' || p.namespace || '/' || p.name || '\` -> ' || s.tried || ' peers and ports',
    state = case when a.state = 'RESOLVED' and ${GROWS} then 'OPEN' else a.state end,
    resolved_at = case when ${GROWS} then null else a.resolved_at end,
    resolution = case when ${GROWS} then null else a.resolution end
  from ${rows} join peer p on p.cluster_id = ${CLUSTER} and p.id = o.deployment_id cross join lateral (
    select sum(m.events) as events, sum(m.passed) as passed, min(m.first_occurred_at) as first, max(m.last_occurred_at) as last,
      count(*) as tried, (array_agg(m.flow_id order by m.last_occurred_at desc, m.flow_id desc))[1] as flow_id,
      (array_agg(f.destination_id order by m.last_occurred_at desc, m.flow_id desc))[1] as peer_id
    from alert_match m cross join lateral (
      select destination_id from flow where cluster_id = ${CLUSTER} and id = m.flow_id offset 0) f
    where m.cluster_id = ${CLUSTER} and m.alert_id = o.alert_id) s
  where a.cluster_id = ${CLUSTER} and a.id = o.alert_id and s.events is not null and cardinality($2::timestamptz[]) > 0`;
