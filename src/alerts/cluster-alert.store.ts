import type { EntityManager } from 'typeorm';
import { int4, nullable, oneOf, statement, text, uuid } from '../database/row.js';
import { CLUSTER, unnest } from '../database/statement.js';
import { dateTimeText } from '../query/date-time.js';
import { AlertRule, PeerGroup } from './alert.js';
import type { ClusterAlert } from './cluster-alert.js';
import { AGAIN } from './raise-text.js';

/** An alert of no deployment that is not resolved. Times are ISO text. */
export type OpenClusterAlert = {
  readonly clusterId: number;
  readonly id: string;
  readonly rule: AlertRule;
  readonly groupKind: PeerGroup;
  readonly groupName: string;
  readonly namespace: string | null;
  readonly subjectId: string | null;
  readonly firstOccurredAt: string;
};

export type ClusterAlertStore = {
  /**
   * Writes them. One that says the same as before is left as it is, unless it adds to what was before, or had resolved itself; what
   * somebody resolved stays resolved until it says something else.
   */
  raise(clusterId: number, alerts: readonly ClusterAlert[]): Promise<void>;
  /** Resolves those of them that are open, since their cause is gone. */
  settle(clusterId: number, ids: readonly string[], at: string): Promise<void>;
  /** Those of the ids that are open, in no order. */
  open(clusterId: number, ids: readonly string[]): Promise<readonly OpenClusterAlert[]>;
  /** Those of a rule that are open, of all clusters, in no order. */
  openOfRule(ruleId: string): Promise<readonly OpenClusterAlert[]>;
};

const OPEN = {
  clusterId: int4,
  id: uuid,
  rule: oneOf(AlertRule),
  groupKind: oneOf(PeerGroup),
  groupName: text,
  namespace: nullable(text),
  subjectId: nullable(uuid),
  firstOccurredAt: text,
} as const;

const STATEMENTS = {
  open: statement<OpenClusterAlert>('clusterAlerts.open', OPEN),
  openOfRule: statement<OpenClusterAlert>('clusterAlerts.openOfRule', OPEN),
} as const;

const COLUMNS = `a.cluster_id as "clusterId", a.id, a.rule, a.group_kind as "groupKind", a.group_name as "groupName", a.namespace,
  a.subject_id as "subjectId", ${dateTimeText('a.first_occurred_at')} as "firstOccurredAt"`;

const RAISE = (rows: string): string => `/* clusterAlerts.raise */
  insert into alert as stored (cluster_id, id, rule, category, severity, state, namespace, subject_id, message, occurrences, passed,
    first_occurred_at, last_occurred_at, rank, rules, rule_ids, group_kind, group_name, why, lead_id)
  select $1::int, x.id, x.rule, x.category, x.severity, 'OPEN', x.namespace, x.subject_id, x.message, x.occurrences, x.occurrences,
    x.first, x.last, x.rank, array[x.rule], array(select jsonb_array_elements_text(x.rule_ids))::uuid[], x.group_kind, x.group_name, '', x.lead_id
  from ${rows}
  on conflict (cluster_id, id) do update set ${AGAIN}, message = excluded.message, category = excluded.category,
    severity = excluded.severity, rule_ids = excluded.rule_ids, group_name = excluded.group_name, namespace = excluded.namespace,
    subject_id = excluded.subject_id, lead_id = excluded.lead_id,
    occurrences = excluded.occurrences + case when excluded.id = any($2::uuid[]) then stored.occurrences else 0 end,
    passed = excluded.passed + case when excluded.id = any($2::uuid[]) then stored.passed else 0 end,
    first_occurred_at = case when stored.state = 'RESOLVED' then excluded.first_occurred_at else stored.first_occurred_at end,
    last_occurred_at = greatest(stored.last_occurred_at, excluded.last_occurred_at)
  where excluded.id = any($2::uuid[]) or stored.message <> excluded.message
    or stored.state = 'RESOLVED' and stored.resolved_by is null`;

const SETTLE = `/* clusterAlerts.settle */
  update alert set state = 'RESOLVED', resolved_at = $3::timestamptz, resolution = 'its cause is gone', resolved_by = null,
    snoozed_until = null
  where cluster_id = ${CLUSTER} and id = any($2::uuid[]) and state <> 'RESOLVED'`;

const rowsOf = (alerts: readonly ClusterAlert[]) =>
  unnest(
    alerts.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    'x',
    {
      id: ['uuid', row => row.id],
      rule: ['text', row => row.rule],
      category: ['text', row => row.category],
      severity: ['text', row => row.severity],
      namespace: ['text', row => row.subject.namespace],
      subject_id: ['uuid', row => row.subject.id],
      message: ['text', row => row.message],
      occurrences: ['bigint', row => row.occurrences],
      first: ['timestamptz', row => row.firstOccurredAt],
      last: ['timestamptz', row => row.lastOccurredAt],
      rank: ['smallint', row => row.rank],
      rule_ids: ['jsonb', row => JSON.stringify(row.ruleIds)],
      group_kind: ['text', row => row.subject.kind],
      group_name: ['text', row => row.subject.name],
      lead_id: ['uuid', row => row.leadId],
    },
    3,
  );

export const clusterAlertStore = (manager: EntityManager): ClusterAlertStore => ({
  raise: async (clusterId, alerts) => {
    if (alerts.length === 0) return;
    const adding = alerts.filter(({ adds }) => adds).map(({ id }) => id);
    const { from, values } = rowsOf(alerts);
    await manager.query(RAISE(from), [clusterId, adding, ...values]);
  },
  settle: async (clusterId, ids, at) => {
    if (ids.length > 0) await manager.query(SETTLE, [clusterId, ids, at]);
  },
  open: (clusterId, ids) =>
    STATEMENTS.open.rows(
      manager,
      `select ${COLUMNS} from unnest($2::uuid[]) k (id)
      cross join lateral (select * from alert where cluster_id = ${CLUSTER} and id = k.id and state <> 'RESOLVED' offset 0) a`,
      [clusterId, ids],
    ),
  openOfRule: ruleId =>
    STATEMENTS.openOfRule.rows(
      manager,
      `select ${COLUMNS} from alert a
      where a.deployment_id is null and a.state <> 'RESOLVED' and a.rule_ids @> array[$1::uuid]`,
      [ruleId],
    ),
});
