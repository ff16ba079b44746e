import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { openDataSource } from '../../src/database/data-source.js';
import { isFailure } from '../../src/database/failure.js';
import { unnest } from '../../src/database/statement.js';
import { withDatabase } from '../support/database.js';

test('a connection speaks UTC, and its statements have a limit', () =>
  withDatabase(async ({ source, statements }) => {
    const [row] = await source.query(
      `select current_setting('timezone') as zone, current_setting('statement_timeout') as statement_limit`,
    );
    assert.deepEqual(row, { zone: 'UTC', statement_limit: '30s' });
    assert.equal(statements.length, 1);
  }));

test('a destroyed data source has waited for the end of its connections', () =>
  withDatabase(async ({ url }) => {
    const source = await openDataSource(url, { tables: [], migrations: [] });
    const pool = (source.driver as unknown as { master: EventEmitter }).master;
    let ended = 0;
    pool.on('remove', () => {
      ended += 1;
    });
    await Promise.all([1, 2, 3].map(() => source.query('select pg_sleep(0.05)')));
    await source.destroy();
    assert.equal(ended, 3);
  }));

test('rows become one array per column', () =>
  withDatabase(async ({ source }) => {
    const rows = [
      { name: 'web', port: 80, labels: { app: 'we"b' }, seen: '2026-11-22T10:00:00.123456Z' },
      { name: `o'n, "e" {x}`, port: null, labels: { app: 'a,b' }, seen: null },
    ];
    const { from, values } = unnest(
      rows,
      'row',
      {
        name: ['text', row => row.name],
        port: ['int', row => row.port],
        labels: ['jsonb', row => row.labels],
        seen: ['timestamptz', row => row.seen],
      },
      2,
    );
    assert.equal(
      from,
      'unnest($2::text[], $3::int[], $4::jsonb[], $5::timestamptz[]) as row (name, port, labels, seen)',
    );
    const answer = await source.query(
      `select name, port, labels, $1::int as first, extract(microseconds from seen)::int as seen from ${from}`,
      [7, ...values],
    );
    assert.deepEqual(answer, [
      { name: 'web', port: 80, labels: { app: 'we"b' }, first: 7, seen: 123_456 },
      { name: `o'n, "e" {x}`, port: null, labels: { app: 'a,b' }, first: 7, seen: null },
    ]);
  }));

test('a database that cannot be reached is named without its password', async () => {
  const url = 'postgres://somebody:hush@127.0.0.1:1/nothing';
  await assert.rejects(openDataSource(url, { tables: [], migrations: [] }), error => {
    assert.ok(isFailure(error));
    assert.match(error.message, /`postgres:\/\/127\.0\.0\.1:1\/nothing` cannot be reached/);
    assert.doesNotMatch(error.message + error.hint, /hush/);
    return true;
  });
});

test('statements of one transaction that are asked at once run one after another, and pg has nothing to warn of', () =>
  withDatabase(async ({ source }) => {
    const warnings: string[] = [];
    const warned = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', warned);
    try {
      await source.transaction(async manager => {
        const asked = ['1', '2', 'none', '4'].map(text =>
          manager.query(`select ${text} as "value", pg_sleep(0.01)`).then(
            ([row]) => row.value,
            error => error.code,
          ),
        );
        // 42703: there is no such column; 25P02: what comes afterwards in its transaction.
        assert.deepEqual(await Promise.all(asked), [1, 2, '42703', '25P02']);
        await manager.query('rollback');
        await manager.query('begin');
      });
    } finally {
      process.off('warning', warned);
    }
    assert.deepEqual(warnings, []);
  }));
