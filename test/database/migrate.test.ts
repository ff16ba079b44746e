import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openDataSource } from '../../src/database/data-source.js';
import { isFailure } from '../../src/database/failure.js';
import { silentLog } from '../../src/database/log.js';
import {
  assertSupported,
  migrate,
  migrateDown,
  migrationStates,
} from '../../src/database/migrate.js';
import { runMigrateCommand } from '../../src/database/migrate-command.js';
import { migrations } from '../../src/database/migrations.js';
import { withDatabase } from '../support/database.js';

class Slow1000000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table slow as select pg_sleep(0.3)::text as slept');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table slow');
  }
}

class Second1000000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table slow add column more int');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table slow drop column more');
  }
}

class Broken1000000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table half (id int)');
    await runner.query('select 1 / 0');
  }

  async down(): Promise<void> {}
}

const empty = { migrated: false };
const both = [Slow1000000000001, Second1000000000002];
const names = both.map(({ name }) => name);

test('servers that start at once migrate once, and every one finds the tables ready', () =>
  withDatabase(async ({ url }) => {
    const sources = await Promise.all(
      [1, 2, 3].map(() => openDataSource(url, { tables: [], migrations: both, poolSize: 2 })),
    );
    try {
      const done = await Promise.all(
        sources.map(async source => {
          const applied = await migrate(source);
          await source.query('select more from slow');
          return applied;
        }),
      );
      assert.deepEqual(
        done.toSorted((one, other) => other.length - one.length),
        [names, [], []],
      );
    } finally {
      await Promise.all(sources.map(source => source.destroy()));
    }
  }, empty));

test('a migration that fails leaves nothing of itself behind, and those before it stay', () =>
  withDatabase(async ({ url, execute }) => {
    const source = await openDataSource(url, {
      tables: [],
      migrations: [...both, Broken1000000000003],
    });
    try {
      await assert.rejects(migrate(source), { code: '22012' });
      assert.deepEqual(
        (await migrationStates(source)).map(({ applied }) => applied),
        [true, true, false],
      );
      assert.deepEqual(await execute(`select to_regclass('half') as half`), [{ half: null }]);
      await assert.rejects(migrate(source), { code: '22012' });
    } finally {
      await source.destroy();
    }
  }, empty));

test('migrations are taken back one by one, newest first', () =>
  withDatabase(async ({ url, execute }) => {
    const source = await openDataSource(url, { tables: [], migrations: both });
    try {
      await migrate(source);
      assert.equal(await migrateDown(source), names[1]);
      assert.equal(await migrateDown(source), names[0]);
      assert.equal(await migrateDown(source), null);
      assert.deepEqual(await execute(`select to_regclass('slow') as slow`), [{ slow: null }]);
      assert.deepEqual(await migrate(source), names);
    } finally {
      await source.destroy();
    }
  }, empty));

test('a database that a newer program has migrated is refused, and nothing is changed', () =>
  withDatabase(async ({ url }) => {
    const newer = await openDataSource(url, { tables: [], migrations: both });
    await migrate(newer).finally(() => newer.destroy());
    const older = await openDataSource(url, { tables: [], migrations: [Slow1000000000001] });
    try {
      for (const change of [migrate, migrateDown]) {
        await assert.rejects(change(older), error => {
          assert.ok(isFailure(error));
          assert.match(error.message, /`Second1000000000002`, which this program does not know/);
          return true;
        });
      }
      assert.deepEqual(await migrationStates(older), [
        { name: 'Slow1000000000001', applied: true },
        { name: 'Second1000000000002', applied: true },
      ]);
    } finally {
      await older.destroy();
    }
  }, empty));

test('the command tells the state, brings all tables and takes all of them back', () =>
  withDatabase(async ({ url, execute }) => {
    const place = { databaseUrl: url, dataDir: '' };
    const run = (...args: readonly string[]) => runMigrateCommand(args, place, silentLog);
    const all = migrations.map(({ name }) => name);
    assert.deepEqual(
      await run(),
      all.map(name => `pending ${name}`),
    );
    assert.deepEqual(
      await run('up'),
      all.map(name => `applied ${name}`),
    );
    assert.deepEqual(await run('up'), ['nothing to do']);
    for (const name of all.toReversed()) {
      assert.deepEqual(await run('down'), [`took back ${name}`]);
    }
    assert.deepEqual(await run('down'), ['nothing to do']);
    assert.deepEqual(
      await execute(
        `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        order by relname`,
      ),
      [{ relname: 'schema_migration' }],
    );
    await assert.rejects(run('sideways'), /`migrate sideways` is not a command/);
  }, empty));

test('a Postgres that is too old is refused with what to do', () => {
  assert.doesNotThrow(() => assertSupported(150_000));
  assert.throws(
    () => assertSupported(140_011),
    error =>
      isFailure(error) &&
      error.message ===
        'the database is PostgreSQL 14, which is too old: 15 is the oldest that works' &&
      /PostgreSQL 15 or later/.test(error.hint),
  );
});
