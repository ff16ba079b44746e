import assert from 'node:assert/strict';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EntitySchema } from 'typeorm';
import { withDatabase } from '../support/database.js';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** Every table that any room declares. */
async function declaredTables(): Promise<readonly EntitySchema[]> {
  const tables: EntitySchema[] = [];
  for await (const path of glob('**/*.table.ts', { cwd: SRC })) {
    const module: Record<string, unknown> = await import(join(SRC, path));
    tables.push(...Object.values(module).filter(value => value instanceof EntitySchema));
  }
  return tables;
}

test('the declared tables are those that the migrations make, column for column', async () => {
  const tables = await declaredTables();
  assert.notEqual(tables.length, 0);
  await withDatabase(
    async ({ source }) => {
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      assert.deepEqual(
        upQueries.map(({ query }) => query),
        [],
      );
    },
    { tables },
  );
});

test('the rows of a cluster have its id first in every key, so that they can be spread by cluster', () =>
  withDatabase(async ({ execute }) => {
    const loose = await execute(`
      select c.conrelid::regclass::text as table, c.conname as constraint
      from pg_constraint c
      join pg_attribute a on a.attrelid = c.conrelid and a.attname = 'cluster_id'
      where c.contype in ('p', 'u', 'f') and c.conkey[1] <> a.attnum
      order by 1, 2`);
    assert.deepEqual(loose, []);
  }));

test('no column makes its own numbers: ids come from the application', () =>
  withDatabase(async ({ execute }) => {
    const numbered = await execute(`
      select table_name, column_name from information_schema.columns
      where table_schema = 'public' and table_name <> 'schema_migration'
        and (is_identity = 'YES' or column_default like 'nextval(%')`);
    assert.deepEqual(numbered, []);
  }));
