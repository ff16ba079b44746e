/**
 * A piece of a WHERE clause. Its placeholders count from `$1` in its own `values`;
 * joining conditions renumbers them.
 */
export type Condition = { readonly sql: string; readonly values: readonly unknown[] };

export const condition = (sql: string, ...values: readonly unknown[]): Condition => ({
  sql,
  values,
});

export const EVERYTHING: Condition = { sql: 'true', values: [] };
export const NOTHING: Condition = { sql: 'false', values: [] };

const PLACEHOLDER = /\$(\d+)/g;

const renumbered = (sql: string, by: number): string =>
  by === 0 ? sql : sql.replace(PLACEHOLDER, (_, number) => `$${Number(number) + by}`);

/** Pieces side by side, their placeholders numbered on. */
export function joined(pieces: readonly Condition[], separator: string): Condition {
  const texts: string[] = [];
  const values: unknown[] = [];
  for (const piece of pieces) {
    texts.push(renumbered(piece.sql, values.length));
    values.push(...piece.values);
  }
  return { sql: texts.join(separator), values };
}

/** SQL with pieces in it; a piece that is text stands as it is, and is never input. */
export const sql = (
  texts: readonly string[],
  ...pieces: readonly (Condition | string)[]
): Condition =>
  joined(
    texts.flatMap((text, place) => {
      const piece = pieces[place] ?? '';
      return [condition(text), typeof piece === 'string' ? condition(piece) : piece];
    }),
    '',
  );

/** A value in `sql`, as this type of Postgres. */
export const value = (type: string, given: unknown): Condition => condition(`$1::${type}`, given);

const grouped = ({ sql, values }: Condition): Condition => ({ sql: `(${sql})`, values });

/**
 * A statement with `$1` … of its own, and conditions in it whose values come after those.
 * @param text is given the conditions as SQL; each may stand in it several times
 */
export function asking<const Conditions extends readonly Condition[]>(
  values: readonly unknown[],
  conditions: Conditions,
  text: (...conditions: { readonly [Place in keyof Conditions]: string }) => string,
): Condition {
  const all = [...values];
  const texts = conditions.map(({ sql, values: own }) => {
    const numbered = renumbered(sql, all.length);
    all.push(...own);
    return numbered;
  });
  return { sql: text(...(texts as { readonly [Place in keyof Conditions]: string })), values: all };
}

/** All of them; of none: everything. */
export function and(conditions: readonly Condition[]): Condition {
  const some = conditions.filter(one => one !== EVERYTHING);
  const [only, second] = some;
  if (only === undefined) return EVERYTHING;
  return second === undefined ? only : joined(some.map(grouped), ' and ');
}

/** At least one of them; of none: nothing. In parentheses, so that it also holds together behind an `and` of a statement's text. */
export function or(conditions: readonly Condition[]): Condition {
  const [only, second] = conditions;
  if (only === undefined) return NOTHING;
  return second === undefined ? only : grouped(joined(conditions.map(grouped), ' or '));
}

/** Also holds where the condition is null, so that a row is always in exactly one of the two. */
export const not = ({ sql, values }: Condition): Condition => ({
  sql: `(${sql}) is not true`,
  values,
});

export type Where = {
  /** `where …`, or empty when everything is wanted. */
  readonly sql: string;
  readonly values: readonly unknown[];
  /** The number of the next free placeholder. */
  readonly next: number;
};

/** @param startAt number of the first placeholder: one more than the values already in the statement. */
export function buildWhere(conditions: readonly Condition[], startAt = 1): Where {
  const { sql, values } = and(conditions);
  const text = sql === EVERYTHING.sql ? '' : `where ${renumbered(sql, startAt - 1)}`;
  return { sql: text, values, next: startAt + values.length };
}
