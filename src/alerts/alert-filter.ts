import { and, type Condition, condition, EVERYTHING } from '../query/condition.js';
import {
  type Combined,
  combined,
  equals,
  type StringFilter,
  stringCondition,
} from '../query/filter.js';
import type { Order, OrderDirection, OrderTerm } from '../query/keyset.js';
import { resolveTimeBound, type TimeBound } from '../query/time-bound.js';
import type { AlertRule, AlertSeverity, AlertState } from './alert.js';

/** An interface, so that it can name itself. */
export interface AlertFilter extends Combined<AlertFilter> {
  readonly cluster?: StringFilter | null;
  readonly namespace?: StringFilter | null;
  readonly deployment?: StringFilter | null;
  readonly rule?: AlertRule | null;
  readonly category?: string | null;
  readonly severity?: AlertSeverity | null;
  readonly state?: AlertState | null;
  readonly since?: TimeBound | null;
  readonly until?: TimeBound | null;
}

const bound = (sign: '>=' | '<', moment: TimeBound | null | undefined, now: Date): Condition =>
  moment === null || moment === undefined
    ? EVERYTHING
    : condition(`a.last_occurred_at ${sign} $1::timestamptz`, resolveTimeBound(moment, now));

/** One cluster by name becomes its id first, so that the indexes that begin with `cluster_id` serve. */
const clusterCondition = (filter: AlertFilter['cluster']): Condition =>
  typeof filter?.eq === 'string'
    ? and([
        condition('a.cluster_id = (select id from cluster where name = $1)', filter.eq),
        stringCondition('c.name', filter),
      ])
    : stringCondition('c.name', filter);

/** What a filter asks of an alert `a` with its cluster `c` and its deployment `d`. */
export const alertCondition = (filter: AlertFilter | null | undefined, now: Date): Condition =>
  combined(filter, own =>
    and([
      clusterCondition(own.cluster),
      stringCondition('d.namespace', own.namespace),
      stringCondition('d.name', own.deployment),
      equals('a.rule', own.rule),
      equals('a.category', own.category),
      equals('a.severity', own.severity),
      equals('a.state', own.state),
      bound('>=', own.since, now),
      bound('<', own.until, now),
    ]),
  );

export const AlertOrderField = {
  LAST_OCCURRED: 'LAST_OCCURRED',
  FIRST_OCCURRED: 'FIRST_OCCURRED',
  SEVERITY: 'SEVERITY',
  OCCURRENCES: 'OCCURRENCES',
} as const;
export type AlertOrderField = (typeof AlertOrderField)[keyof typeof AlertOrderField];

export type AlertOrder = { readonly field: AlertOrderField; readonly direction: OrderDirection };

const COLUMNS: Readonly<Record<AlertOrderField, Omit<OrderTerm, 'direction'>>> = {
  LAST_OCCURRED: { expression: 'a.last_occurred_at', type: 'timestamptz' },
  FIRST_OCCURRED: { expression: 'a.first_occurred_at', type: 'timestamptz' },
  SEVERITY: {
    expression: `(case a.severity when 'HIGH' then 3 when 'MEDIUM' then 2 else 1 end)`,
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
