import { type Columns, int4, int8, nullable, oneOf, text, texts, uuid } from '../database/row.js';
import { dateTimeText } from '../query/date-time.js';
import { type Alert, AlertRule, AlertSeverity, AlertState, PeerGroup } from './alert.js';

/** Of `ALERT_COLUMNS`. */
export const ALERT: Columns<Alert> = {
  clusterId: int4,
  id: uuid,
  rule: oneOf(AlertRule),
  rules: texts as Columns<Alert>['rules'],
  ruleIds: texts,
  category: text,
  severity: oneOf(AlertSeverity),
  state: oneOf(AlertState),
  deploymentId: nullable(uuid),
  peerId: nullable(uuid),
  namespace: nullable(text),
  subjectId: nullable(uuid),
  groupKind: oneOf(PeerGroup),
  groupName: text,
  flowId: nullable(uuid),
  message: text,
  occurrences: int8,
  passed: int8,
  flowCount: int4,
  firstOccurredAt: text,
  lastOccurredAt: text,
  snoozedUntil: nullable(text),
  resolvedAt: nullable(text),
  resolution: nullable(text),
  resolvedBy: nullable(text),
  changedAt: text,
  leadId: nullable(uuid),
};

/**
 * SQL: the state of the alert `a` as it is now. One whose sleep is over is open again; one of which anything came
 * through, itself or what belongs to it, is ACTIVE.
 */
export const ALERT_STATE = `(case when a.state = 'RESOLVED' then 'RESOLVED'
  when a.state = 'SNOOZED' and a.snoozed_until > now() then 'SNOOZED'
  when a.passed > 0 or exists (select from alert l where l.cluster_id = a.cluster_id and l.lead_id = a.id and l.passed > 0)
    then 'ACTIVE' else 'ATTEMPTED' end)`;

/**
 * The policies that the dataplane named are those of the alert's flows, not of its latest alone: neither the order of
 * the records nor a later flow that nobody named a policy for changes what is said.
 */
const DENIED_BY = `case when a.rule in ('DENIED', 'AUDITED') then coalesce((
    select ', by ' || string_agg(distinct '\`' || coalesce(p ->> 'kind', 'policy') || ' ' || coalesce(p ->> 'namespace' || '/', '')
      || (p ->> 'name') || '\`', ', ')
    from alert_match m join flow f on f.cluster_id = m.cluster_id and f.id = m.flow_id
    cross join lateral jsonb_array_elements(f.observed_policies) p
    where m.cluster_id = a.cluster_id and m.alert_id = a.id and p ->> 'action' = 'DENY'), '') else '' end`;

const FLOW_COUNT = `(select count(*)::int from alert_match m where m.cluster_id = a.cluster_id and m.alert_id = a.id)`;

/** What is told of an alert, which names both ends of its flow. */
export const ALERT_MESSAGE = `a.message || case when a.why = '' then '' else ': ' || a.why end || ${DENIED_BY}
  || case when a.rule not in ('LATERAL_SCAN', 'EXFILTRATION') and ${FLOW_COUNT} > 1 then ' (the latest of ' || ${FLOW_COUNT} || ' flows)' else '' end`;

/** The columns of `alert a` as an `Alert`. */
export const ALERT_COLUMNS = `a.cluster_id as "clusterId", a.id, a.rule, a.rules, a.rule_ids::text[] as "ruleIds", a.category, a.severity, ${ALERT_STATE} as state,
  a.deployment_id as "deploymentId", a.peer_id as "peerId", a.namespace, a.subject_id as "subjectId", a.group_kind as "groupKind", a.group_name as "groupName",
  a.flow_id as "flowId", ${ALERT_MESSAGE} as message, a.occurrences, a.passed, ${FLOW_COUNT} as "flowCount",
  ${dateTimeText('a.first_occurred_at')} as "firstOccurredAt", ${dateTimeText('a.last_occurred_at')} as "lastOccurredAt",
  ${dateTimeText('a.snoozed_until')} as "snoozedUntil", ${dateTimeText('a.resolved_at')} as "resolvedAt", a.resolution,
  a.resolved_by as "resolvedBy", ${dateTimeText('a.changed_at')} as "changedAt", a.lead_id as "leadId"`;

/*
 * What stands beside the alert `a`, if anything does, each looked up: a join of tables that nobody has analysed may become one of
 * all with all.
 */
const beside = (table: string, alias: string, key: string): string =>
  `left join lateral (select * from ${table} where ${key} offset 0) ${alias} on true`;

export const ALERT_CLUSTER = beside('cluster', 'c', 'id = a.cluster_id');
export const ALERT_DEPLOYMENT = beside(
  'peer',
  'd',
  'cluster_id = a.cluster_id and id = a.deployment_id',
);

/** What `ALERT_COLUMNS` need beside the alert `a`. */
export const ALERT_TABLES = `${ALERT_DEPLOYMENT}
  ${beside('peer', 'p', 'cluster_id = a.cluster_id and id = a.peer_id')}`;
