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
import type { SimulationStatus } from './simulation.js';

/** An interface, so that it can name itself. */
export interface SimulationFilter extends Combined<SimulationFilter> {
  readonly cluster?: StringFilter | null;
  readonly caller?: StringFilter | null;
  readonly policySet?: StringFilter | null;
  readonly status?: SimulationStatus | null;
  readonly createdAt?: TimeFilter | null;
}

/** A worker that was killed cannot say what became of its simulation; its job `j` can. */
export const STATUS = `(case when s.status = 'RUNNING' and j.status in ('FAILED', 'CANCELLED') then j.status else s.status end)`;

/** As the API takes it. */
export type SimulationFilters = Several<SimulationFilter, 'status'>;

/** What a filter asks of a simulation `s`, whose job is `j`. */
export const simulationCondition = (
  given: SimulationFilters | null | undefined,
  now: Date,
): Condition => {
  const filter = singly<SimulationFilter, 'status'>(given, ['status']);
  return combined(filter, own =>
    and([
      clusterNamed('s.cluster_id', own.cluster),
      stringCondition(`coalesce(s.caller, '')`, own.caller),
      stringCondition(`coalesce(s.request->>'policySet', '')`, own.policySet),
      equals(STATUS, own.status),
      timeCondition('s.created_at', own.createdAt, now),
    ]),
  );
};

export const SimulationOrderField = { CREATED: 'CREATED', FINISHED: 'FINISHED' } as const;
export type SimulationOrderField = (typeof SimulationOrderField)[keyof typeof SimulationOrderField];

export type SimulationOrder = {
  readonly field: SimulationOrderField;
  readonly direction: OrderDirection;
};

const COLUMNS: Readonly<Record<SimulationOrderField, Omit<OrderTerm, 'direction'>>> = {
  CREATED: { expression: 's.created_at', type: 'timestamptz' },
  // One that has not ended stands after all that have.
  FINISHED: { expression: `coalesce(s.finished_at, '9999-12-31Z')`, type: 'timestamptz' },
};

/** The newest first. */
export function simulationOrder(order: SimulationOrder | null | undefined): Order {
  const { field, direction } = order ?? { field: SimulationOrderField.CREATED, direction: 'DESC' };
  return [
    { ...COLUMNS[field], direction },
    { expression: 's.cluster_id', type: 'int', direction },
    { expression: 's.id', type: 'uuid', direction },
  ];
}
