import { type Condition, EVERYTHING } from '../query/condition.js';
import {
  clusterCondition,
  conjuncts,
  flowCondition,
  type PeerCondition,
  peerConditions,
  type SeenCondition,
  seenConditions,
} from './flow-condition.js';
import { type MarksRange, marksRanges } from './flow-marks.js';
import type { FlowFilter } from './flow-view.js';

/** A part of a filter that an index answers. */
export type Narrowing =
  | ({ readonly kind: 'PEERS' } & PeerCondition)
  | { readonly kind: 'PORT'; readonly port: number }
  | { readonly kind: 'MARKS'; readonly ranges: readonly MarksRange[] };

/** A filter as statements need it. */
export type FlowSelection = {
  /** Of `c`. */
  readonly clusters: Condition;
  /** Of a flow `f` with its cluster `c`; all that is asked. */
  readonly rows: Condition;
  /** Each holds of every row; those first that leave the fewest as a rule. */
  readonly narrowings: readonly Narrowing[];
  /** Each holds of every row. */
  readonly seen: readonly SeenCondition[];
};

const portsOf = ({ port }: FlowFilter): readonly Narrowing[] =>
  typeof port === 'number' ? [{ kind: 'PORT', port }] : [];

function narrowingsOf(filters: readonly FlowFilter[]): readonly Narrowing[] {
  const ranges = marksRanges(filters);
  return [
    ...filters
      .flatMap(peerConditions)
      .filter(({ peers }) => peers !== EVERYTHING)
      .map(asked => ({ kind: 'PEERS' as const, ...asked })),
    ...filters.flatMap(portsOf),
    ...(ranges === null ? [] : [{ kind: 'MARKS' as const, ranges }]),
  ];
}

/** @throws ApiError BAD_USER_INPUT for times and texts that cannot be */
export function flowSelection(filter: FlowFilter | null | undefined, now: Date): FlowSelection {
  const filters = conjuncts(filter);
  return {
    clusters: clusterCondition(filters),
    rows: flowCondition(filter, now),
    narrowings: narrowingsOf(filters),
    seen: filters.flatMap(one => seenConditions(one, now)),
  };
}
