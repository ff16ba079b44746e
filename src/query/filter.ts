import { badInput } from './api-error.js';
import { and, type Condition, condition, EVERYTHING, not, or } from './condition.js';
import { resolveOptionalBound, type TimeBound } from './time-bound.js';

/** A field that is absent or null asks for nothing; several fields must all hold. */
export type StringFilter = {
  readonly eq?: string | null;
  readonly in?: readonly string[] | null;
  readonly startsWith?: string | null;
  readonly contains?: string | null;
  /** As `contains`, whatever the case. */
  readonly search?: string | null;
};

/** Half-open: `gte` is in, `lt` is out. */
export type TimeFilter = { readonly gte?: TimeBound | null; readonly lt?: TimeBound | null };

/** `within`: lies in this block or is it. `overlaps`: shares an address with it. */
export type CidrFilter = { readonly within?: string | null; readonly overlaps?: string | null };

type Maybe<T> = T | null | undefined;

const given = <T>(value: Maybe<T>, toCondition: (value: T) => Condition): Condition =>
  value === null || value === undefined ? EVERYTHING : toCondition(value);

/** Characters: no name of Kubernetes, of DNS, or of a label with its key has half of it. */
const LONGEST = 1_000;

/**
 * Postgres text cannot hold the character NUL, so that nothing could equal it; and a text of megabytes would be held against
 * every row.
 */
export function storable(text: string): string {
  if (text.length > LONGEST)
    throw badInput(
      `a text of ${text.length} characters cannot be searched for: ${LONGEST} at most`,
    );
  if (text.includes('\0')) throw badInput('text with the character U+0000 cannot be searched for');
  return text;
}

/** The text itself inside a LIKE pattern. */
export const escaped = (text: string): string => storable(text).replace(/[\\%_]/g, '\\$&');

/** @param column a text expression of SQL, never input. */
export const stringCondition = (column: string, filter: Maybe<StringFilter>): Condition =>
  and([
    given(filter?.eq, text => condition(`${column} = $1`, storable(text))),
    given(filter?.in, texts => condition(`${column} = any($1::text[])`, texts.map(storable))),
    given(filter?.startsWith, text => condition(`${column} like $1`, `${escaped(text)}%`)),
    given(filter?.contains, text => condition(`${column} like $1`, `%${escaped(text)}%`)),
    given(filter?.search, text => condition(`${column} ilike $1`, `%${escaped(text)}%`)),
  ]);

/**
 * Clusters by name become their ids first, so that the indexes that begin with `cluster_id` serve, and a list that
 * asks for no cluster reads none. One that is named in full is one id: such an index then gives the rows in order.
 * @param clusterId the column with the id of the cluster that must be named so
 */
export function clusterNamed(clusterId: string, filter: Maybe<StringFilter>): Condition {
  const others = stringCondition('c.name', { ...filter, eq: null });
  return and([
    // No cluster has a negative id: where none has the name this is false, and not null, which `not` would leave null.
    given(filter?.eq, name =>
      condition(
        `${clusterId} = coalesce((select id from cluster where name = $1), -1)`,
        storable(name),
      ),
    ),
    others === EVERYTHING
      ? EVERYTHING
      : condition(
          `${clusterId} in (select c.id from cluster c where ${others.sql})`,
          ...others.values,
        ),
  ]);
}

/**
 * @param column a `timestamptz` expression.
 * @throws ApiError BAD_USER_INPUT where it would end before it begins
 */
export function timeCondition(column: string, filter: Maybe<TimeFilter>, now: Date): Condition {
  const gte = resolveOptionalBound(filter?.gte, now);
  const lt = resolveOptionalBound(filter?.lt, now);
  if (gte !== null && lt !== null && gte > lt)
    throw badInput(`\`gte\` (${gte}) is after \`lt\` (${lt})`);
  return and([
    given(gte, bound => condition(`${column} >= $1::timestamptz`, bound)),
    given(lt, bound => condition(`${column} < $1::timestamptz`, bound)),
  ]);
}

/** @param column an `inet` or `cidr` expression. */
export const cidrCondition = (column: string, filter: Maybe<CidrFilter>): Condition =>
  and([
    given(filter?.within, block => condition(`${column} <<= $1::inet`, block)),
    given(filter?.overlaps, block => condition(`${column} && $1::inet`, block)),
  ]);

/** `column = value` where a value is given. */
export const equals = (column: string, value: Maybe<string | number | boolean>): Condition =>
  given(value, some =>
    condition(`${column} = $1`, typeof some === 'string' ? storable(some) : some),
  );

/** What every filter input has beside its own fields. */
export type Combined<F> = {
  readonly and?: readonly F[] | null;
  readonly or?: readonly F[] | null;
  readonly not?: F | null;
};

const DEEPEST = 12;
/** Filters within one filter: each may be asked of every row. */
const MOST = 500;

function countOf<F extends Combined<F>>(filter: Maybe<F>, depth: number): number {
  if (filter === null || filter === undefined || depth > DEEPEST) return 0;
  const inner = [...(filter.and ?? []), ...(filter.or ?? []), filter.not];
  return inner.reduce<number>((sum, one) => sum + countOf(one, depth + 1), 1);
}

/**
 * The condition of a filter with `and`, `or`, `not`, which join the filter's own fields by "and".
 * `or: []` matches nothing.
 * @param own the condition of the fields of one filter, without and/or/not
 */
export function combined<F extends Combined<F>>(
  filter: Maybe<F>,
  own: (filter: F) => Condition,
  depth = 0,
): Condition {
  if (filter === null || filter === undefined) return EVERYTHING;
  if (depth > DEEPEST) throw badInput(`filters are nested more than ${DEEPEST} deep`);
  if (depth === 0 && countOf(filter, 0) > MOST)
    throw badInput(`a filter holds more than ${MOST} filters; \`in\` takes many names at once`);
  const inner = (one: F) => combined(one, own, depth + 1);
  return and([
    own(filter),
    given(filter.and, all => and(all.map(inner))),
    given(filter.or, some => or(some.map(inner))),
    given(filter.not, one => not(inner(one))),
  ]);
}
