import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { failure } from './failure.js';

export type MigrationState = {
  readonly name: string;
  readonly applied: boolean;
};

/** Any number will do that no other use of advisory locks takes: the bytes of `weir`. */
const LOCK = 0x77656972;

/** Runs the work on one connection while no other process migrates this database. */
async function alone<T>(source: DataSource, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = source.createQueryRunner();
  try {
    await runner.query(
      `/* migrate.unlimited */ select set_config('statement_timeout', '0', false), set_config('lock_timeout', '0', false)`,
    );
    await runner.query('/* migrate.lock */ select pg_advisory_lock($1)', [LOCK]);
    try {
      return await work(runner);
    } finally {
      await runner.query('/* migrate.unlock */ select pg_advisory_unlock($1)', [LOCK]);
    }
  } finally {
    await runner.query('/* migrate.limited */ reset statement_timeout');
    await runner.query('/* migrate.limited */ reset lock_timeout');
    await runner.release();
  }
}

/** Every migration of this program, oldest first. */
export const migrationNames = (source: DataSource): readonly string[] =>
  source.migrations.map(migration => migration.name ?? migration.constructor.name);

async function appliedNames(source: DataSource, runner?: QueryRunner): Promise<readonly string[]> {
  const executed = await new MigrationExecutor(source, runner).getExecutedMigrations();
  return executed.map(({ name }) => name);
}

/** A program that does not know a migration cannot know what the tables mean now. */
function assertKnown(applied: readonly string[], known: readonly string[]): void {
  const [unknown] = applied.filter(name => !known.includes(name));
  if (unknown === undefined) return;
  throw failure(
    `the database holds the migration \`${unknown}\`, which this program does not know: a newer weirgate has migrated it`,
    'run that version or a later one, or let it take its migrations back first (`weirgate migrate down`)',
  );
}

/** The oldest Postgres that the statements and migrations were tried on, as `server_version_num`. */
const OLDEST = 150_000;

/**
 * @param version as `server_version_num` tells it
 * @throws Failure where it is older than what the product was tried on
 */
export function assertSupported(version: number): void {
  if (version >= OLDEST) return;
  throw failure(
    `the database is PostgreSQL ${Math.floor(version / 10_000)}, which is too old: ${OLDEST / 10_000} is the oldest that works`,
    `use PostgreSQL ${OLDEST / 10_000} or later, or leave \`--database-url\` out for the one that comes with the installation`,
  );
}

async function versionOf(runner: QueryRunner): Promise<number> {
  const [row] = await runner.query(
    `/* migrate.version */ select current_setting('server_version_num')::int as version`,
  );
  return row.version;
}

/** Without making the table of them where it is missing. */
async function appliedThere(source: DataSource): Promise<readonly string[]> {
  const [row] = await source.query(
    `/* migrate.there */ select to_regclass('schema_migration') is not null as "isThere"`,
  );
  return row?.isThere === true ? appliedNames(source) : [];
}

/** Every migration of this program, oldest first, and whether the database has it; changes nothing. */
export async function migrationStates(source: DataSource): Promise<readonly MigrationState[]> {
  const applied = await appliedThere(source);
  const known = migrationNames(source);
  const foreign = applied.filter(name => !known.includes(name));
  return [...known, ...foreign].map(name => ({ name, applied: applied.includes(name) }));
}

/** The migrations that a database has, oldest first; changes nothing. @throws Failure where a newer version has migrated it */
export async function appliedKnown(source: DataSource): Promise<readonly string[]> {
  const applied = await appliedThere(source);
  const known = migrationNames(source);
  assertKnown(applied, known);
  return known.filter(name => applied.includes(name));
}

/**
 * Brings the tables to this program's state and answers the names of what ran, each migration in a
 * transaction of its own. Several processes may call it at once: one works, the others wait.
 * Throws a Failure when the database is newer than the program, or its Postgres too old for it.
 */
export const migrate = (source: DataSource): Promise<readonly string[]> =>
  alone(source, async runner => {
    assertSupported(await versionOf(runner));
    assertKnown(await appliedNames(source, runner), migrationNames(source));
    const executor = new MigrationExecutor(source, runner);
    executor.transaction = 'each';
    const done = await executor.executePendingMigrations();
    return done.map(({ name }) => name);
  });

/** Takes the newest migration back, with the data of its tables; answers its name, or null when there is none. */
export const migrateDown = (source: DataSource): Promise<string | null> =>
  alone(source, async runner => {
    const applied = await appliedNames(source, runner);
    assertKnown(applied, migrationNames(source));
    const executor = new MigrationExecutor(source, runner);
    executor.transaction = 'each';
    await executor.undoLastMigration();
    const left = await appliedNames(source, runner);
    return applied.find(name => !left.includes(name)) ?? null;
  });
