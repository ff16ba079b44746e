import pg from 'pg';

/** A column of an answer. */
export type Described = {
  readonly name: string;
  /** As `pg_type` has it: `int4`, `_text`. */
  readonly type: string;
  /** Whether it is a table's own column that holds no null; null where it is an expression. */
  readonly notNull: boolean | null;
};

type Connection = {
  parse(statement: { readonly text: string; readonly name: string }): void;
  describe(what: { readonly type: 'S'; readonly name: string }): void;
  sync(): void;
};

/** The part of the extended protocol that asks what a statement answers, without running it. */
class Description {
  fields: readonly pg.FieldDef[] = [];
  readonly done = Promise.withResolvers<readonly pg.FieldDef[]>();
  constructor(readonly text: string) {}

  submit(connection: Connection): void {
    connection.parse({ text: this.text, name: '' });
    connection.describe({ type: 'S', name: '' });
    connection.sync();
  }
  handleRowDescription(message: { readonly fields: readonly pg.FieldDef[] }): void {
    this.fields = message.fields;
  }
  handleError(error: Error): void {
    this.done.reject(new Error(`${error.message}: ${this.text}`));
  }
  handleReadyForQuery(): void {
    this.done.resolve(this.fields);
  }
}

const ATTRIBUTES = `select t.typname as type, a.attnotnull as "notNull"
  from unnest($1::oid[], $2::oid[], $3::int[]) with ordinality f (type, relation, attribute, place)
  join pg_type t on t.oid = f.type
  left join pg_attribute a on a.attrelid = f.relation and a.attnum = f.attribute and f.attribute > 0
  order by f.place`;

/** What statements answer, in their order: columns in the order of the statement, none where it answers no rows. */
export async function describe(
  url: string,
  statements: readonly string[],
): Promise<readonly (readonly Described[])[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const answers: (readonly Described[])[] = [];
    for (const text of statements) {
      const description = new Description(text);
      client.query(description as unknown as pg.Submittable);
      const fields = await description.done.promise;
      const { rows } = await client.query(ATTRIBUTES, [
        fields.map(({ dataTypeID }) => dataTypeID),
        fields.map(({ tableID }) => tableID),
        fields.map(({ columnID }) => columnID),
      ]);
      answers.push(rows.map((row, place) => ({ name: fields[place]?.name, ...row })));
    }
    return answers;
  } finally {
    await client.end();
  }
}
