import type { DataSource, QueryRunner } from 'typeorm';
import { failure } from './failure.js';
import { appliedKnown, migrationStates } from './migrate.js';

/** First line of a backup: rows of each table follow a line that names it, and the counts of all are last. */
type Head = {
  readonly weirgate: 1;
  readonly migrations: readonly string[];
  /** Statements that make the partitions of tables, which hold rows by day. */
  readonly partitions: readonly Partition[];
};
type Partition = { readonly name: string; readonly parent: string; readonly bound: string };
type Section = { readonly table: string };
type Tail = { readonly counts: Readonly<Record<string, number>> };

/** Rows of every table by its name. */
export type Counts = Tail['counts'];

const ROWS_AT_ONCE = 2_000;

const TABLES = `/* backup.tables */ select c.relname as name from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname <> 'schema_migration' order by 1`;

const PARTITIONS = `/* backup.partitions */ select c.relname as name, p.relname as parent,
    pg_get_expr(c.relpartbound, c.oid) as bound
  from pg_class c join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
  where c.relispartition and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1`;

const COLUMNS = `/* backup.columns */ select attname as name from pg_attribute
  where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const tablesOf = async (runner: QueryRunner): Promise<readonly string[]> =>
  (await runner.query(TABLES)).map(({ name }: { name: string }) => name);

/** Of a database that a program of this version or an older one has migrated. */
async function appliedOf(source: DataSource): Promise<readonly string[]> {
  const applied = await appliedKnown(source);
  if (applied.length > 0) return applied;
  throw failure(
    'the database holds no tables of Weirgate',
    'name the data folder or the database of a server',
  );
}

/** Runs work on one connection in one transaction. */
async function within<T>(
  source: DataSource,
  begin: string,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = source.createQueryRunner();
  try {
    await runner.query(begin);
    const answer = await work(runner);
    await runner.query('commit');
    return answer;
  } catch (error) {
    await runner.query('rollback').catch(() => {});
    throw error;
  } finally {
    await runner.release();
  }
}

/**
 * All rows of all tables as they are at one moment, as lines of JSON. A server may go on meanwhile. Nothing is changed: a database that
 * an older version has migrated stays as it is.
 * @throws Failure where there are no tables, or a newer version has migrated them
 */
export async function backup(
  source: DataSource,
  write: (lines: string) => Promise<void>,
): Promise<Counts> {
  const migrations = await appliedOf(source);
  return within(source, 'begin isolation level repeatable read read only', async runner => {
    const partitions: readonly Partition[] = await runner.query(PARTITIONS);
    await write(`${JSON.stringify({ weirgate: 1, migrations, partitions } satisfies Head)}\n`);
    const counts: Record<string, number> = {};
    for (const table of await tablesOf(runner)) {
      await write(`${JSON.stringify({ table } satisfies Section)}\n`);
      counts[table] = await writeRows(runner, table, write);
    }
    await write(`${JSON.stringify({ counts } satisfies Tail)}\n`);
    return counts;
  });
}

async function writeRows(
  runner: QueryRunner,
  table: string,
  write: (lines: string) => Promise<void>,
): Promise<number> {
  await runner.query(
    `declare backup_rows no scroll cursor for select to_jsonb(t)::text as row from ${quoted(table)} t`,
  );
  let count = 0;
  for (;;) {
    const rows: readonly { readonly row: string }[] = await runner.query(
      `fetch ${ROWS_AT_ONCE} from backup_rows`,
    );
    if (rows.length === 0) break;
    count += rows.length;
    // A row begins with `{"` too, and is told from a section by where it stands: behind a blank.
    await write(rows.map(({ row }) => ` ${row}\n`).join(''));
  }
  await runner.query('close backup_rows');
  return count;
}

const broken = (why: string) =>
  failure(`the file is no whole backup: ${why}`, 'take another one; nothing was changed');

function headOf(line: string | undefined): Head {
  try {
    const head = JSON.parse(line ?? '') as Head;
    if (head.weirgate === 1) return head;
  } catch {
    // Told below.
  }
  throw broken('its first line is none of ours');
}

/**
 * The migrations of the database that a backup was made of.
 * @param line the first one of the backup
 * @param known the names of this program's migrations
 * @throws Failure where it is no backup, or a newer version made it
 */
export function migrationsIn(
  line: string | undefined,
  known: readonly string[],
): Head['migrations'] {
  const { migrations } = headOf(line);
  const unknown = migrations.find(name => !known.includes(name));
  if (unknown === undefined) return migrations;
  throw failure(
    `the backup holds the migration \`${unknown}\`, which this program does not know: a newer weirgate made it`,
    'restore it with that version or a later one',
  );
}

async function assertFits(source: DataSource, { migrations }: Head): Promise<void> {
  const applied = (await migrationStates(source)).filter(one => one.applied);
  const fits = applied.length === migrations.length;
  if (fits && applied.every(({ name }) => migrations.includes(name))) return;
  throw failure(
    `the backup was made at \`${migrations.at(-1)}\`, and the database is at \`${applied.at(-1)?.name}\``,
    'restore into an empty database or data folder',
  );
}

/** Filled by migrations: the key under which secrets are sealed goes with them. */
const FILLED = ['seal_key'];

async function empty(runner: QueryRunner): Promise<void> {
  const tables = await tablesOf(runner);
  for (const table of FILLED)
    if (tables.includes(table)) await runner.query(`delete from ${quoted(table)}`);
}

/** @throws Failure where any table holds rows that no migration made */
export async function assertNoRows(runner: {
  readonly query: (sql: string) => Promise<readonly { readonly name: string }[]>;
}): Promise<void> {
  for (const { name: table } of await runner.query(TABLES)) {
    if (FILLED.includes(table)) continue;
    const rows = await runner.query(`select from ${quoted(table)} limit 1`);
    if (rows.length > 0)
      throw failure(
        `the table \`${table}\` holds rows already`,
        'restore into an empty database or data folder',
      );
  }
}

async function insert(runner: QueryRunner, table: string, rows: readonly string[]): Promise<void> {
  if (rows.length === 0) return;
  const columns: readonly { readonly name: string }[] = await runner.query(COLUMNS, [
    `public.${quoted(table)}`,
  ]);
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  await runner.query(
    `insert into ${quoted(table)} (${names}) select ${names}
    from jsonb_populate_recordset(null::${quoted(table)}, $1::jsonb)`,
    [`[${rows.join(',')}]`],
  );
}

/** Rows refer to others that come later; only a superuser may put that off. */
const WITHOUT_ORDER = `/* restore.withoutOrder */ select set_config('session_replication_role', 'replica', true)
  where (select rolsuper from pg_roles where rolname = current_user)`;

/**
 * Puts a backup into an empty database with the tables of the one that it was made of, wholly or not at all.
 * @throws Failure where the file is not whole, the database holds rows, or its tables are others
 */
export async function restore(source: DataSource, lines: AsyncIterable<string>): Promise<Counts> {
  const reader = lines[Symbol.asyncIterator]();
  const head = headOf((await reader.next()).value);
  await assertFits(source, head);
  return within(source, 'begin', async runner => {
    await assertNoRows(runner);
    await empty(runner);
    await runner.query(WITHOUT_ORDER);
    for (const { name, parent, bound } of head.partitions)
      await runner.query(
        `create table if not exists ${quoted(name)} partition of ${quoted(parent)} ${bound}`,
      );
    const { counts, told } = await readRows(runner, reader);
    if (told === null) throw broken('it has no end');
    for (const [table, count] of Object.entries(told))
      if (counts[table] !== count)
        throw broken(`\`${table}\` has ${counts[table]} of ${count} rows`);
    return counts;
  });
}

type Reading = { readonly counts: Record<string, number>; table: string; rows: string[] };

async function flush(runner: QueryRunner, reading: Reading): Promise<void> {
  const { table, rows, counts } = reading;
  await insert(runner, table, rows);
  if (rows.length > 0) counts[table] = (counts[table] ?? 0) + rows.length;
  reading.rows = [];
}

/** The counts that the end of the backup tells; null where it has none. */
async function readRows(runner: QueryRunner, reader: AsyncIterator<string>) {
  const reading: Reading = { counts: {}, table: '', rows: [] };
  const { counts } = reading;
  for (;;) {
    const { done, value } = await reader.next();
    if (!done && value.startsWith(' ')) {
      reading.rows.push(value);
      if (reading.rows.length === ROWS_AT_ONCE) await flush(runner, reading);
      continue;
    }
    await flush(runner, reading);
    if (done) return { counts, told: null };
    const line = JSON.parse(value) as Partial<Section & Tail>;
    if (line.counts !== undefined) return { counts, told: line.counts };
    reading.table = line.table ?? '';
    counts[reading.table] = 0;
  }
}
