import { type Column, type Columns, int4, text } from '../database/row.js';
import type { Condition } from './condition.js';
import { sql } from './condition.js';

/** How many rows have one value of one property. */
export type FacetCount<Name extends string = string> = {
  readonly facet: Name;
  readonly value: string;
  readonly count: number;
};

/** More values of a facet are left out. */
export const MOST_VALUES = 100;

export const facetColumns = <Name extends string>(
  facet: Column<Name>,
): Columns<FacetCount<Name>> => ({ facet, value: text, count: int4 });

/** `(values ('kind', x.kind), …) y (facet, value)`: each facet is a column of `found` x of its name. */
export const facetValues = (names: readonly string[]): string =>
  `(values ${names.map(name => `('${name}', x."${name}"::text)`).join(', ')}) y (facet, value)`;

/**
 * One statement that counts rows by several properties; by facet, the most frequent values first, at most a hundred of
 * each. Rows without a value are not counted.
 * @param items `with` items, the last of which is `found`
 * @param values SQL of rows `y (facet, value)` for each row `x` of `found`
 * @param number SQL: how many rows `x` stands for
 */
export const facetsOf = (
  items: Condition,
  values: string,
  number = '1',
): Condition => sql`with ${items},
  counted as (select y.facet, y.value, sum(${number})::int as count from found x cross join lateral ${values}
    where y.value is not null group by 1, 2)
  select facet, value, count from (
    select *, row_number() over (partition by facet order by count desc, value) as place from counted) z
  where place <= ${String(MOST_VALUES)} order by facet, count desc, value`;
