import type { EntityManager } from 'typeorm';
import { keepPlanOf } from './prepared.js';

/** Types of columns as Postgres names them. `bigint` comes as text, for it is wider than a number. */
export type ColumnType =
  | 'bool'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'float8'
  | 'text'
  | '_text'
  | '_int4'
  | 'uuid'
  | 'inet'
  | 'cidr'
  | 'json'
  | 'jsonb'
  | 'bytea';

/** A column of an answer: what Postgres calls its type, and the value that the code gets. */
export type Column<Value> = {
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Whether it may be null follows from the statement, and is not what the table says of its column. */
  readonly byStatement: boolean;
  /** The statement leaves it out where nobody asks for it. */
  readonly optional: boolean;
  /** For the compiler alone. */
  readonly value?: Value;
};

/** The columns of a row, by name: no more and no fewer than the row type has. */
export type Columns<Row> = { readonly [Name in keyof Row]-?: Column<Row[Name]> };

const column = <Value>(type: ColumnType): Column<Value> => ({
  type,
  nullable: false,
  byStatement: false,
  optional: false,
});

export const int2 = column<number>('int2');
export const int4 = column<number>('int4');
export const float8 = column<number>('float8');
/** A bigint, as text. */
export const int8 = column<string>('int8');
export const bool = column<boolean>('bool');
export const text = column<string>('text');
export const texts = column<readonly string[]>('_text');
export const ints = column<readonly number[]>('_int4');
export const uuid = column<string>('uuid');
export const bytea = column<Buffer>('bytea');
/** An address, as text. */
export const inet = column<string>('inet');
/** A block of addresses, as text. */
export const cidr = column<string>('cidr');
/** One of the named values, as text. */
export const oneOf = <Value extends string>(_: Readonly<Record<string, Value>>): Column<Value> =>
  column('text');
/** A value that `json_build_object` and the like made: its inside is not checked. */
export const json = <Value>(): Column<Value> => column('json');
/** A value that is stored as JSON: its inside is not checked. */
export const jsonb = <Value>(): Column<Value> => column('jsonb');
export const nullable = <Value>(one: Column<Value>): Column<Value | null> => ({
  ...one,
  nullable: true,
});

/** Of a column that may be null, where the statement takes only rows in which it is not. */
export const neverNullHere = <Value>(one: Column<Value>): Column<Value> => ({
  ...one,
  byStatement: true,
});

export const optional = <Value>(one: Column<Value>): Column<Value> => ({ ...one, optional: true });

/** The same columns where a statement reads only those that are asked for. */
export const partly = <Row>(columns: Columns<Row>): Columns<Row> =>
  Object.fromEntries(
    Object.entries<Column<unknown>>(columns).map(([name, one]) => [name, optional(one)]),
  ) as Columns<Row>;

/** A named statement whose rows have a type. */
export type Statement<Row> = {
  /** Runs it, under its name as a comment. */
  readonly rows: (
    manager: EntityManager,
    sql: string,
    values: readonly unknown[],
  ) => Promise<readonly Row[]>;
  /** The same with its values in it. */
  readonly ask: (
    manager: EntityManager,
    asked: { readonly sql: string; readonly values: readonly unknown[] },
  ) => Promise<readonly Row[]>;
  /** The same where there is always one row. @throws Error where there is not. */
  readonly row: (manager: EntityManager, sql: string, values: readonly unknown[]) => Promise<Row>;
};

type AnyColumns = Readonly<Record<string, Column<unknown>>>;

const declared = new Map<string, AnyColumns>();

/**
 * What the statements of all loaded stores are declared to answer, by name: a test holds it against Postgres.
 * @internal
 */
export const declaredColumns: ReadonlyMap<string, AnyColumns> = declared;

type StatementOptions = {
  /** Little of it is work beside its planning, which is then spared (`keepPlans`). */
  readonly keepsPlan?: boolean;
};

/** Declares what a statement answers; its name is `ROOM.WHAT`, once in the program. */
export function statement<Row>(
  name: string,
  columns: Columns<Row>,
  { keepsPlan = false }: StatementOptions = {},
): Statement<Row> {
  if (declared.has(name)) throw new Error(`two statements are named \`${name}\``);
  declared.set(name, columns);
  if (keepsPlan) keepPlanOf(name);
  const rows: Statement<Row>['rows'] = (manager, sql, values) =>
    manager.query(`/* ${name} */ ${sql}`, [...values]);
  return {
    rows,
    ask: (manager, { sql, values }) => rows(manager, sql, values),
    row: async (...asked) => {
      const [row, ...others] = await rows(...asked);
      if (row === undefined || others.length > 0)
        throw new Error(
          `\`${name}\` answered ${others.length + (row === undefined ? 0 : 1)} rows, not one`,
        );
      return row;
    },
  };
}
