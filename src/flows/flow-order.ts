import { peerLabel } from '../inventory/peer-label.js';
import type { Order, OrderDirection, OrderTerm } from '../query/keyset.js';
import { type End, isUnbounded, type Window } from './flow-condition.js';

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

export type WindowCount = 'events' | 'connections' | 'bytes';

/** The index that has flows of a cluster in the order of a list. */
export type FlowPath =
  | { readonly kind: 'SEEN'; readonly column: 'first_seen_at' | 'last_seen_at' }
  /** `number` is never null, and -1 where it is not known. */
  | { readonly kind: 'RANK'; readonly number: string }
  | { readonly kind: 'PORT' }
  | { readonly kind: 'LABEL'; readonly end: End }
  /** Counts of a window are in no index: `count` is the sum of its hours that orders. */
  | { readonly kind: 'WINDOW'; readonly window: Window; readonly count: WindowCount };

/** The latest first. */
const DEFAULT: FlowOrder = { field: FlowOrderField.LAST_SEEN, direction: 'DESC' };

type Column = Omit<OrderTerm, 'direction'>;

const COUNTS = { EVENTS: 'events', CONNECTIONS: 'connections', BYTES: 'bytes' } as const;

/** A count of all time, as the indexes of ranks have it: never null. */
export const numberOf = (column: WindowCount): string =>
  column === 'events' ? 'f.events' : `coalesce(f.${column}, -1)`;

/** Over a bounded window, the order is that of the counts in the window. */
const count = (field: keyof typeof COUNTS, window: Window): Column => ({
  expression: `coalesce(${isUnbounded(window) ? 'f' : 'w'}.${COUNTS[field]}, -1)`,
  type: 'bigint',
});

const columnOf = (field: FlowOrderField, window: Window): Column => {
  switch (field) {
    case FlowOrderField.LAST_SEEN:
      return { expression: 'f.last_seen_at', type: 'timestamptz' };
    case FlowOrderField.FIRST_SEEN:
      return { expression: 'f.first_seen_at', type: 'timestamptz' };
    case FlowOrderField.SOURCE:
      return { expression: peerLabel('s'), type: 'text' };
    case FlowOrderField.DESTINATION:
      return { expression: peerLabel('d'), type: 'text' };
    case FlowOrderField.PORT:
      return { expression: 'coalesce(f.port, -1)', type: 'int' };
    default:
      return count(field, window);
  }
};

/** Over a flow `f`, its ends `s` and `d`, and its counts in the window `w`. An id is unique within its cluster only. */
export function flowOrder(order: FlowOrder | null | undefined, window: Window): Order {
  const { field, direction } = order ?? DEFAULT;
  return [
    { ...columnOf(field, window), direction },
    { expression: 'f.cluster_id', type: 'int', direction },
    { expression: 'f.id', type: 'uuid', direction },
  ];
}

/** Where the rows of that order are found. */
export function flowPath(order: FlowOrder | null | undefined, window: Window): FlowPath {
  const { field } = order ?? DEFAULT;
  switch (field) {
    case FlowOrderField.LAST_SEEN:
      return { kind: 'SEEN', column: 'last_seen_at' };
    case FlowOrderField.FIRST_SEEN:
      return { kind: 'SEEN', column: 'first_seen_at' };
    case FlowOrderField.SOURCE:
      return { kind: 'LABEL', end: 'source' };
    case FlowOrderField.DESTINATION:
      return { kind: 'LABEL', end: 'destination' };
    case FlowOrderField.PORT:
      return { kind: 'PORT' };
    default: {
      const column = COUNTS[field];
      if (!isUnbounded(window)) return { kind: 'WINDOW', window, count: column };
      return { kind: 'RANK', number: numberOf(column) };
    }
  }
}
