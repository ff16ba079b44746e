import { and, type Condition } from '../query/condition.js';
import { type Combined, combined, type StringFilter, stringCondition } from '../query/filter.js';
import type { Order, OrderDirection } from '../query/keyset.js';

export const ClusterOrderField = {
  NAME: 'NAME',
  CREATED_AT: 'CREATED_AT',
} as const;
export type ClusterOrderField = (typeof ClusterOrderField)[keyof typeof ClusterOrderField];

export type ClusterOrder = {
  readonly field: ClusterOrderField;
  readonly direction: OrderDirection;
};

export interface ClusterFilter extends Combined<ClusterFilter> {
  readonly name?: StringFilter | null;
}

/** Over `cluster` c. */
export const clusterCondition = (filter: ClusterFilter | null | undefined): Condition =>
  combined(filter, ({ name }) => and([stringCondition('c.name', name)]));

const BY_NAME: ClusterOrder = { field: ClusterOrderField.NAME, direction: 'ASC' };

/** By name unless asked otherwise (null). */
export function clusterOrder(asked: ClusterOrder | null): Order {
  const { field, direction } = asked ?? BY_NAME;
  return [
    field === ClusterOrderField.NAME
      ? { expression: 'c.name', type: 'text', direction }
      : { expression: 'c.created_at', type: 'timestamptz', direction },
    { expression: 'c.id', type: 'int', direction },
  ];
}
