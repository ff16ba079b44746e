import {
  and,
  type Condition,
  condition,
  EVERYTHING,
  NOTHING,
  or,
  sql,
} from '../query/condition.js';
import {
  type Combined,
  clusterNamed,
  combined,
  equals,
  type StringFilter,
  stringCondition,
} from '../query/filter.js';
import type { Order, OrderDirection, OrderTerm } from '../query/keyset.js';
import { rowKey } from '../query/node-id.js';
import { type Several, singly } from '../query/several.js';
import { resolveWindow, type TimeBound, type WindowBounds } from '../query/time-bound.js';
import { type AlertRule, type AlertSeverity, AlertState } from './alert.js';
import { ALERT_STATE } from './alert-row.js';

/** An interface, so that it can name itself. */
export interface AlertFilter extends Combined<AlertFilter> {
  readonly cluster?: StringFilter | null;
  readonly namespace?: StringFilter | null;
  readonly deployment?: StringFilter | null;
  readonly rule?: AlertRule | null;
  readonly category?: string | null;
  readonly severity?: AlertSeverity | null;
  readonly state?: AlertState | null;
  /** True: also those that belong to a more telling one. Counts in the outermost filter only. */
  readonly linked?: boolean | null;
  /** Id of an alert: what belongs to it. */
  readonly lead?: string | null;
  readonly since?: TimeBound | null;
  readonly until?: TimeBound | null;
}

const LISTED = ['rule', 'category', 'severity', 'state'] as const;
type ListedOfAlerts = (typeof LISTED)[number];

/** As the API takes it. */
export type AlertFilters = Several<AlertFilter, ListedOfAlerts>;

/** @throws ApiError BAD_USER_INPUT where the window would end before it begins */
function windowCondition(bounds: WindowBounds, now: Date): Condition {
  const { since, until } = resolveWindow(bounds, now);
  return and([
    since === null ? EVERYTHING : condition('a.last_occurred_at >= $1::timestamptz', since),
    until === null ? EVERYTHING : condition('a.last_occurred_at < $1::timestamptz', until),
  ]);
}

/**
 * By either end: who looks after a deployment that others should not call wants to see it. The peers are found first, and
 * the alerts held against them: to look up two peers for each alert took thirty times as long.
 */
const eitherEnd = (column: 'namespace' | 'name', filter: StringFilter | null | undefined) => {
  if (filter === null || filter === undefined) return EVERYTHING;
  const peers = (kinds: string) =>
    sql`(select e.cluster_id, e.id from peer e where ${stringCondition(`e.${column}`, filter)}${kinds})`;
  return or([
    ...(column === 'namespace' ? [stringCondition('a.namespace', filter)] : []),
    sql`(a.cluster_id, a.deployment_id) in ${peers('')}`,
    sql`(a.cluster_id, a.peer_id) in ${peers(` and e.kind = 'DEPLOYMENT'`)}`,
  ]);
};

/** A rule that the alert met, or what belongs to it. */
const ruleCondition = (rule: AlertRule | null | undefined): Condition =>
  rule === null || rule === undefined
    ? EVERYTHING
    : condition(
        `(a.rules @> array[$1::text] or exists (select from alert l where l.cluster_id = a.cluster_id and l.lead_id = a.id
          and l.rules @> array[$1::text]))`,
        rule,
      );

const stateCondition = (state: AlertState | null | undefined): Condition =>
  state === AlertState.OPEN
    ? condition(`${ALERT_STATE} in ('ACTIVE', 'ATTEMPTED')`)
    : equals(ALERT_STATE, state);

/** What belongs to an alert; nothing, where the id is none of an alert. */
function leadCondition(lead: string | null | undefined): Condition {
  if (lead === null || lead === undefined) return EVERYTHING;
  const key = rowKey('Alert', lead);
  if (key === null) return NOTHING;
  return condition('a.cluster_id = $1::int and a.lead_id = $2::uuid', key.clusterId, key.id);
}

const ownCondition = (own: AlertFilter, now: Date): Condition =>
  and([
    clusterNamed('a.cluster_id', own.cluster),
    eitherEnd('namespace', own.namespace),
    eitherEnd('name', own.deployment),
    ruleCondition(own.rule),
    equals('a.category', own.category),
    equals('a.severity', own.severity),
    stateCondition(own.state),
    leadCondition(own.lead),
    windowCondition(own, now),
  ]);

/** What a filter asks of an alert `a`. */
export const alertCondition = (given: AlertFilters | null | undefined, now: Date): Condition => {
  const filter = singly<AlertFilter, ListedOfAlerts>(given, LISTED);
  return and([
    filter?.linked === true || (filter?.lead ?? null) !== null
      ? EVERYTHING
      : condition('a.lead_id is null'),
    combined(filter, own => ownCondition(own, now)),
  ]);
};

export const AlertOrderField = {
  LAST_OCCURRED: 'LAST_OCCURRED',
  FIRST_OCCURRED: 'FIRST_OCCURRED',
  SEVERITY: 'SEVERITY',
  OCCURRENCES: 'OCCURRENCES',
} as const;
export type AlertOrderField = (typeof AlertOrderField)[keyof typeof AlertOrderField];

export type AlertOrder = { readonly field: AlertOrderField; readonly direction: OrderDirection };

/** The order that an index has. */
export const LAST_OCCURRED = 'a.last_occurred_at';

const COLUMNS: Readonly<Record<AlertOrderField, Omit<OrderTerm, 'direction'>>> = {
  LAST_OCCURRED: { expression: LAST_OCCURRED, type: 'timestamptz' },
  FIRST_OCCURRED: { expression: 'a.first_occurred_at', type: 'timestamptz' },
  SEVERITY: {
    expression: `(case a.severity when 'CRITICAL' then 4 when 'HIGH' then 3 when 'MEDIUM' then 2 else 1 end)`,
    type: 'int',
  },
  OCCURRENCES: { expression: 'a.occurrences', type: 'bigint' },
};

/** The latest first. An id is unique within its cluster only. */
export function alertOrder(order: AlertOrder | null | undefined): Order {
  const { field, direction } = order ?? { field: AlertOrderField.LAST_OCCURRED, direction: 'DESC' };
  return [
    { ...COLUMNS[field], direction },
    { expression: 'a.cluster_id', type: 'int', direction },
    { expression: 'a.id', type: 'uuid', direction },
  ];
}

/** Oldest change first. */
export const BY_CHANGE: Order = [
  { expression: 'a.changed_at', type: 'timestamptz', direction: 'ASC' },
  { expression: 'a.cluster_id', type: 'int', direction: 'ASC' },
  { expression: 'a.id', type: 'uuid', direction: 'ASC' },
];

/** A transaction may end so long after its alerts changed: what is taken up again overlaps, and may come twice. */
const OVERLAP = `interval '5 seconds'`;

/** Alerts that a filter finds, of these keys or changed since a moment. */
export const changedCondition = (
  filter: AlertFilters | null | undefined,
  changed:
    | { readonly since: string }
    | { readonly keys: readonly { readonly clusterId: number; readonly id: string }[] },
  now: Date,
): Condition =>
  and([
    alertCondition(filter, now),
    'since' in changed
      ? condition(`a.changed_at > $1::timestamptz - ${OVERLAP}`, changed.since)
      : condition(
          '(a.cluster_id, a.id) in (select * from unnest($1::int[], $2::uuid[]))',
          changed.keys.map(({ clusterId }) => clusterId),
          changed.keys.map(({ id }) => id),
        ),
  ]);
