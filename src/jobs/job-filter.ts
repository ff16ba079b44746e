import { and, type Condition } from '../query/condition.js';
import {
  type Combined,
  clusterNamed,
  combined,
  equals,
  type StringFilter,
  stringCondition,
  type TimeFilter,
  timeCondition,
} from '../query/filter.js';
import type { Order, OrderDirection, OrderTerm } from '../query/keyset.js';
import { type Several, singly } from '../query/several.js';
import type { JobStatus } from './job.js';

/** An interface, so that it can name itself. */
export interface JobFilter extends Combined<JobFilter> {
  readonly cluster?: StringFilter | null;
  readonly kind?: StringFilter | null;
  readonly status?: JobStatus | null;
  readonly createdAt?: TimeFilter | null;
}

/** As the API takes it. */
export type JobFilters = Several<JobFilter, 'status'>;

/** What a filter asks of a job `j`. */
export const jobCondition = (given: JobFilters | null | undefined, now: Date): Condition => {
  const filter = singly<JobFilter, 'status'>(given, ['status']);
  return combined(filter, own =>
    and([
      clusterNamed('j.cluster_id', own.cluster),
      stringCondition('j.kind', own.kind),
      equals('j.status', own.status),
      timeCondition('j.created_at', own.createdAt, now),
    ]),
  );
};

export const JobOrderField = {
  CREATED: 'CREATED',
  FINISHED: 'FINISHED',
} as const;
export type JobOrderField = (typeof JobOrderField)[keyof typeof JobOrderField];

export type JobOrder = { readonly field: JobOrderField; readonly direction: OrderDirection };

const COLUMNS: Readonly<Record<JobOrderField, Omit<OrderTerm, 'direction'>>> = {
  CREATED: { expression: 'j.created_at', type: 'timestamptz' },
  // One that has not ended stands after all that have.
  FINISHED: { expression: `coalesce(j.finished_at, '9999-12-31Z')`, type: 'timestamptz' },
};

/** The newest first. */
export function jobOrder(order: JobOrder | null | undefined): Order {
  const { field, direction } = order ?? { field: JobOrderField.CREATED, direction: 'DESC' };
  return [
    { ...COLUMNS[field], direction },
    { expression: 'j.cluster_id', type: 'int', direction },
    { expression: 'j.id', type: 'uuid', direction },
  ];
}
