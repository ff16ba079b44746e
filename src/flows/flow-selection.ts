import { type Condition, EVERYTHING } from '../query/condition.js';
import { singly } from '../query/several.js';
import {
  clusterCondition,
  conjuncts,
  flowCondition,
  hoursIndexed,
  isUnbounded,
  type PeerCondition,
  peerConditions,
  windowOf,
} from './flow-condition.js';
import { type MarksRange, marksRanges } from './flow-marks.js';
import { type PortRange, portRanges } from './flow-ports.js';
import { type SeenCondition, seenConditions } from './flow-times.js';
import {
  type FlowFilter,
  type FlowFilters,
  LISTED_OF_FLOWS,
  type ListedOfFlows,
} from './flow-view.js';

/** A part of a filter that an index answers. */
export type Narrowing =
  | ({ readonly kind: 'PEERS' } & PeerCondition)
  | { readonly kind: 'PORT'; readonly port: number }
  /** The flows of these hours, which no flow of the window is without; `open`: until the newest. */
  | { readonly kind: 'HOURS'; readonly hours: Condition; readonly open: boolean }
  | { readonly kind: 'MARKS'; readonly ranges: readonly MarksRange[] };

/** A filter as statements need it. */
export type FlowSelection = {
  /** Of `c`. */
  readonly clusters: Condition;
  /** Of a flow `f` with its cluster `c`; all that is asked. */
  readonly rows: Condition;
  /** Each holds of every row; those first that leave the fewest as a rule. */
  readonly narrowings: readonly Narrowing[];
  /** No row is outside of them. */
  readonly ports: readonly PortRange[];
  /** Each holds of every row. */
  readonly seen: readonly SeenCondition[];
};

const portsOf = ({ port }: FlowFilter): readonly Narrowing[] =>
  typeof port === 'number' ? [{ kind: 'PORT', port }] : [];

/**
 * Who was last seen in a window that is open at its end is in an index, and told by its hours only where the filter asks
 * what was said in them.
 */
function hoursOf(filter: FlowFilter, now: Date): readonly Narrowing[] {
  const window = windowOf(filter, now);
  const verdict = filter.observedVerdict ?? null;
  if (isUnbounded(window) || (window.until === null && verdict === null)) return [];
  const hours = hoursIndexed(window, verdict);
  return [{ kind: 'HOURS', hours, open: window.until === null }];
}

function narrowingsOf(filters: readonly FlowFilter[], now: Date): readonly Narrowing[] {
  const ranges = marksRanges(filters);
  return [
    ...filters
      .flatMap(peerConditions)
      .filter(({ peers }) => peers !== EVERYTHING)
      .map(asked => ({ kind: 'PEERS' as const, ...asked })),
    ...filters.flatMap(portsOf),
    ...filters.flatMap(filter => hoursOf(filter, now)),
    ...(ranges === null ? [] : [{ kind: 'MARKS' as const, ranges }]),
  ];
}

/** @throws ApiError BAD_USER_INPUT for times and texts that cannot be */
export function flowSelection(given: FlowFilters | null | undefined, now: Date): FlowSelection {
  const filter = singly<FlowFilter, ListedOfFlows>(given, LISTED_OF_FLOWS, ['since', 'until']);
  const filters = conjuncts(filter);
  return {
    clusters: clusterCondition(filters),
    rows: flowCondition(filter, now),
    narrowings: narrowingsOf(filters, now),
    ports: portRanges(filter),
    seen: filters.flatMap(one => seenConditions(one, now)),
  };
}
