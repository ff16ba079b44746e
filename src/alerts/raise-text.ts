import { LEADS_FROM } from './alert.js';

const IS_LATER = `(excluded.last_occurred_at, excluded.flow_id) >= (stored.last_occurred_at, stored.flow_id)`;

export const OF_LATER = (column: string): string =>
  `${column} = case when ${IS_LATER} then excluded.${column} else stored.${column} end`;

/** As `tellsMore` orders them. */
const TELLS_MORE = `(excluded.rank, excluded.why collate "C", excluded.category collate "C")
  < (stored.rank, stored.why collate "C", stored.category collate "C")`;

export const OF_LEAD = (column: string): string =>
  `${column} = case when ${TELLS_MORE} then excluded.${column} else stored.${column} end`;

/** Sets of texts in the order of names, whatever the locale. */
export const UNION = (column: string, type: string): string =>
  `${column} = array(select e from unnest(stored.${column} || excluded.${column}) e group by e order by e${type === 'text' ? ' collate "C"' : ''})`;

const LIST = (column: string, type: string): string =>
  `array(select jsonb_array_elements_text(x.${column}))::${type}[]`;

/** LOW to CRITICAL as numbers, as `AlertSeverity` orders them. */
export const SEVERITY = (column: string): string =>
  `array_position(array['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'], ${column})`;

const SLEEPS = `stored.state = 'SNOOZED' and stored.snoozed_until > now()`;

/** What happens to an alert that occurs again. */
export const AGAIN = `state = case when ${SLEEPS} then 'SNOOZED' else 'OPEN' end,
    snoozed_until = case when ${SLEEPS} then stored.snoozed_until end, resolved_at = null, resolution = null, resolved_by = null`;

/** Adds rows `x` to the alerts of cluster `$1`. */
export const RAISE = (rows: string): string => `
  insert into alert as stored (cluster_id, id, rule, category, severity, state, deployment_id, peer_id, flow_id, message,
    occurrences, first_occurred_at, last_occurred_at, rank, rules, rule_ids, group_kind, group_name, passed, why)
  select $1::int, x.id, x.rule, x.category, x.severity, 'OPEN', x.deployment_id, x.peer_id, x.flow_id, x.message,
    x.occurrences, x.first_occurred_at, x.last_occurred_at, x.rank, ${LIST('rules', 'text')}, ${LIST('rule_ids', 'uuid')},
    x.group_kind, x.group_name, x.passed, x.why
  from ${rows}
  on conflict (cluster_id, id) do update set ${AGAIN},
    ${['message', 'flow_id', 'peer_id'].map(OF_LATER).join(', ')},
    ${['rule', 'why', 'category', 'rank'].map(OF_LEAD).join(', ')},
    severity = case when ${SEVERITY('excluded.severity')} > ${SEVERITY('stored.severity')} then excluded.severity else stored.severity end,
    ${UNION('rules', 'text')}, ${UNION('rule_ids', 'uuid')},
    occurrences = stored.occurrences + excluded.occurrences, passed = stored.passed + excluded.passed,
    first_occurred_at = least(stored.first_occurred_at, excluded.first_occurred_at),
    last_occurred_at = greatest(stored.last_occurred_at, excluded.last_occurred_at)`;

/** The same rows, one for each flow: what it added to its alert. */
export const RAISE_MATCHES = (rows: string): string => `
  insert into alert_match as stored (cluster_id, alert_id, flow_id, rules, events, passed, first_occurred_at, last_occurred_at)
  select $1::int, x.id, x.flow_id, ${LIST('rules', 'text')}, x.occurrences, x.passed, x.first_occurred_at, x.last_occurred_at
  from ${rows}
  on conflict (cluster_id, alert_id, flow_id) do update set ${UNION('rules', 'text')},
    events = stored.events + excluded.events, passed = stored.passed + excluded.passed,
    first_occurred_at = least(stored.first_occurred_at, excluded.first_occurred_at),
    last_occurred_at = greatest(stored.last_occurred_at, excluded.last_occurred_at)`;

/** What a deployment does so long before or after something that tells of a takeover belongs to it. */
const NEAR = `interval '24 hours'`;

export const RELINK = `
  update alert a set lead_id = b.lead_id from (
    select o.id, (select l.id from alert l where l.cluster_id = $1 and l.deployment_id = o.deployment_id
        and l.rank <= ${LEADS_FROM} and (l.rank, l.id) < (o.rank, o.id)
        and l.first_occurred_at <= o.last_occurred_at + ${NEAR} and l.last_occurred_at >= o.first_occurred_at - ${NEAR}
        order by l.rank, l.id limit 1) as lead_id
    from alert o where o.cluster_id = $1 and o.deployment_id = any($2::uuid[])) b
  where a.cluster_id = $1 and a.id = b.id and a.lead_id is distinct from b.lead_id`;

/** What belongs to a resolved alert occurs again: the incident goes on. */
export const REOPEN_LEADS = `
  update alert l set state = 'OPEN', resolved_at = null, resolution = null, resolved_by = null
  where l.cluster_id = $1 and l.deployment_id = any($2::uuid[]) and l.state = 'RESOLVED' and exists (
    select from alert a where a.cluster_id = $1 and a.lead_id = l.id and a.state = 'OPEN')`;
