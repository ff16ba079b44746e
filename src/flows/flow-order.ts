import type { Order, OrderDirection, OrderTerm } from '../query/keyset.js';
import { isUnbounded, peerLabel, type Window } from './flow-condition.js';

export const FlowOrderField = {
  LAST_SEEN: 'LAST_SEEN',
  FIRST_SEEN: 'FIRST_SEEN',
  EVENTS: 'EVENTS',
  CONNECTIONS: 'CONNECTIONS',
  BYTES: 'BYTES',
  SOURCE: 'SOURCE',
  DESTINATION: 'DESTINATION',
  PORT: 'PORT',
} as const;
export type FlowOrderField = (typeof FlowOrderField)[keyof typeof FlowOrderField];

export type FlowOrder = { readonly field: FlowOrderField; readonly direction: OrderDirection };

/** The latest first. */
const DEFAULT: FlowOrder = { field: FlowOrderField.LAST_SEEN, direction: 'DESC' };

type Column = Omit<OrderTerm, 'direction'>;

/** Counts that lists over a bounded window show are the window's, and so is their order. */
const count = (name: string, window: Window): Column => ({
  expression: `coalesce(${isUnbounded(window) ? 'f' : 'w'}.${name}, -1)`,
  type: 'bigint',
});

const columnOf = (field: FlowOrderField, window: Window): Column => {
  switch (field) {
    case FlowOrderField.LAST_SEEN:
      return { expression: 'f.last_seen_at', type: 'timestamptz' };
    case FlowOrderField.FIRST_SEEN:
      return { expression: 'f.first_seen_at', type: 'timestamptz' };
    case FlowOrderField.EVENTS:
      return count('events', window);
    case FlowOrderField.CONNECTIONS:
      return count('connections', window);
    case FlowOrderField.BYTES:
      return count('bytes', window);
    case FlowOrderField.SOURCE:
      return { expression: peerLabel('s'), type: 'text' };
    case FlowOrderField.DESTINATION:
      return { expression: peerLabel('d'), type: 'text' };
    case FlowOrderField.PORT:
      return { expression: 'coalesce(f.port, -1)', type: 'int' };
  }
};

/** Over the rows of `FLOW_TABLES`. An id is unique within its cluster only. */
export function flowOrder(order: FlowOrder | null | undefined, window: Window): Order {
  const { field, direction } = order ?? DEFAULT;
  return [
    { ...columnOf(field, window), direction },
    { expression: 'f.cluster_id', type: 'int', direction },
    { expression: 'f.id', type: 'uuid', direction },
  ];
}
