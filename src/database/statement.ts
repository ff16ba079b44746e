const GREATEST_INT8 = '9223372036854775807';

/**
 * SQL: the cluster `$1`, for a look-up by its key. The planner does not see which one it is. Of a cluster that came after the last
 * ANALYZE it would expect no rows, take any index that begins with the cluster for as good as the key, and read all rows of the cluster for
 * each look-up: 5,000 of 5,000 flows took minutes. For the same reason a look-up asks for nothing beside its key: of `kind = 'EXTERNAL'`,
 * where the statistics know no such peer, the index of kinds would be as good. Such a condition stands outside of it.
 */
export const CLUSTER = '(select $1::int)';

/**
 * SQL of a numeric expression as `bigint`, at most the greatest that there is: counts come from outside, and sums of
 * them must neither fail a batch nor every later read of it.
 */
export const asInt8 = (expression: string): string =>
  `(case when ${expression} > ${GREATEST_INT8} then ${GREATEST_INT8} else ${expression} end)::bigint`;

/** SQL of the sum of two counts, as `asInt8`. */
export const sumOfInt8 = (one: string, other: string): string =>
  asInt8(`${one}::numeric + ${other}`);

/** SQL of the sum of a column, as `asInt8`; null where all of it is null. */
export const sumAsInt8 = (column: string): string => asInt8(`sum(${column})`);

type Cells<Row> = Readonly<Record<string, readonly [type: string, cell: (row: Row) => unknown]>>;

/** A table of parameters: what stands in `from`, and the arrays behind its `$n`, one per column. */
export type Unnested = { readonly from: string; readonly values: readonly (readonly unknown[])[] };

/**
 * Rows as one array per column, the quickest way of many rows into Postgres (5,000 rows: 80 ms, TypeORM's
 * `save` 300 ms). Answers `unnest($1::uuid[], …) as NAME (column, …)`; `first` is the number of the first parameter.
 * A cell of an array type does not pass, for unnest flattens it: give such a column as jsonb.
 */
export function unnest<Row>(
  rows: readonly Row[],
  name: string,
  cells: Cells<Row>,
  first = 1,
): Unnested {
  const columns = Object.entries(cells);
  const arrays = columns.map(([, [type]], place) => `$${first + place}::${type}[]`);
  return {
    from: `unnest(${arrays.join(', ')}) as ${name} (${columns.map(([column]) => column).join(', ')})`,
    values: columns.map(([, [, cell]]) => rows.map(cell)),
  };
}

/**
 * An array of Postgres as text, for a parameter that is cast (`$1::uuid[]`). pg itself looks at each character of each
 * element: five times the time. Only for what needs no quotes: numbers, ids, and names of our own; null is NULL.
 */
export function plainArray<Row>(
  rows: readonly Row[],
  cell: (row: Row) => string | number | boolean | null,
): string {
  let text = '';
  for (const row of rows) text += `,${cell(row) ?? 'NULL'}`;
  return `{${text.slice(1)}}`;
}

/** An upload of 200,000 lines may be as many rows: in one statement 58,000 alerts of a busy server took longer than a statement may, at each attempt. */
const AT_ONCE = 5_000;

/** The same rows, so many at a time; none: no slice. */
export const slicesOf = <Row>(rows: readonly Row[], most = AT_ONCE): readonly (readonly Row[])[] =>
  Array.from({ length: Math.ceil(rows.length / most) }, (_, place) =>
    rows.slice(place * most, (place + 1) * most),
  );

/** Asks for a slice of the rows after another, and answers what all of them did. */
export async function inTurns<Row, Found>(
  rows: readonly Row[],
  ask: (some: readonly Row[]) => Promise<readonly Found[]>,
  most = AT_ONCE,
): Promise<readonly Found[]> {
  const found: (readonly Found[])[] = [];
  for (const some of slicesOf(rows, most)) found.push(await ask(some));
  return found.flat();
}
