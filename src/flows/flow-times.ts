import { and, type Condition, EVERYTHING, sql, value } from '../query/condition.js';
import { timeCondition } from '../query/filter.js';
import { isUnbounded, RECENT, windowOf } from './flow-condition.js';
import { type FlowFilter, FlowTag } from './flow-view.js';

/** A bound on a time of a flow: one of `f`'s columns. */
export type SeenCondition = {
  readonly column: 'first_seen_at' | 'last_seen_at';
  readonly bound: Condition;
  /** It follows from a bound on the other time, since no flow is first seen after it was last seen. */
  readonly implied: boolean;
};

type Bounds = { readonly first: Condition; readonly last: Condition };

/** What a filter asks of the times themselves; rows of a window must be asked more. */
function askedBounds(filter: FlowFilter, now: Date): Bounds {
  const window = windowOf(filter, now);
  const { since, until } = window;
  const recent = filter.tags?.length === 1 && filter.tags[0] === FlowTag.ACTIVE;
  const last = and([
    timeCondition('f.last_seen_at', filter.lastSeenAt, now),
    since === null ? EVERYTHING : sql`f.last_seen_at >= ${value('timestamptz', since)}`,
    recent && isUnbounded(window) ? RECENT : EVERYTHING,
  ]);
  const first = and([
    timeCondition('f.first_seen_at', filter.firstSeenAt, now),
    until === null ? EVERYTHING : sql`f.first_seen_at < ${value('timestamptz', until)}`,
  ]);
  return { first, last };
}

const impliedBounds = ({ firstSeenAt, lastSeenAt }: FlowFilter, now: Date): Bounds => ({
  first: timeCondition('f.first_seen_at', { lt: lastSeenAt?.lt ?? null }, now),
  last: timeCondition('f.last_seen_at', { gte: firstSeenAt?.gte ?? null }, now),
});

/** Each holds of every row that the filter finds; those first that it asks itself. */
export function seenConditions(filter: FlowFilter, now: Date): readonly SeenCondition[] {
  const [asked, implied] = [askedBounds(filter, now), impliedBounds(filter, now)];
  const some: readonly SeenCondition[] = [
    { column: 'last_seen_at', bound: asked.last, implied: false },
    { column: 'first_seen_at', bound: asked.first, implied: false },
    { column: 'last_seen_at', bound: implied.last, implied: true },
    { column: 'first_seen_at', bound: implied.first, implied: true },
  ];
  return some.filter(({ bound }) => bound !== EVERYTHING);
}
