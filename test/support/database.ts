import { randomUUID } from 'node:crypto';
import type { DataSource, EntitySchema } from 'typeorm';
import { openDataSource } from '../../src/database/data-source.js';
import { migrations } from '../../src/database/migrations.js';
import { administer, template, urlOf } from './administer.js';

export type DatabaseFixture = {
  readonly source: DataSource;
  /** Every statement run so far on `source`, in order. */
  readonly statements: string[];
  readonly execute: (sql: string, parameters?: unknown[]) => Promise<unknown>;
  readonly url: string;
};

export type DatabaseSettings = {
  /** Entities beyond plain SQL. Default: none. */
  readonly tables?: readonly EntitySchema[];
  /** False: a database without our tables. Default true. */
  readonly migrated?: boolean;
};

/** Gives the test a database of its own, a clone of the migrated one (about 60 ms), and drops it afterwards. */
export async function withDatabase<T>(
  use: (fixture: DatabaseFixture) => Promise<T>,
  { tables = [], migrated = true }: DatabaseSettings = {},
): Promise<T> {
  const name = `weirgate_test_${randomUUID().replaceAll('-', '')}`;
  await administer(
    `create database ${name} template ${migrated ? template() : 'template0'} strategy file_copy`,
  );
  const statements: string[] = [];
  const url = urlOf(name);
  try {
    const source = await openDataSource(url, {
      tables,
      migrations,
      poolSize: 4,
      applicationName: 'weirgate-test',
      onStatement: sql => statements.push(sql),
    });
    statements.length = 0;
    const execute = (sql: string, parameters?: unknown[]): Promise<unknown> =>
      source.query(sql, parameters);
    return await use({ source, statements, execute, url }).finally(() => source.destroy());
  } finally {
    await administer(`drop database ${name} with (force)`);
  }
}
