import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntityManager } from 'typeorm';
import { int4, statement } from '../../src/database/row.js';
import { withDatabase } from '../support/database.js';

type Row = { readonly n: number };

const HOT = statement<Row>('test.hot', { n: int4 }, { keepsPlan: true });
const COLD = statement<Row>('test.cold', { n: int4 });

/** On one connection, as plans belong to it. */
const onOne = (use: (manager: EntityManager) => Promise<void>): Promise<void> =>
  withDatabase(({ source }) => source.transaction(use));

async function plans(manager: EntityManager): Promise<readonly string[]> {
  const rows: { readonly statement: string }[] = await manager.query(
    'select statement from pg_prepared_statements order by prepare_time',
  );
  return rows.map(one => one.statement);
}

test('a hot statement that is asked often has its plan kept, and answers as before', () =>
  onOne(async manager => {
    for (let n = 0; n < 20; n += 1) {
      assert.deepEqual(await HOT.rows(manager, 'select $1::int + 1 as n', [n]), [{ n: n + 1 }]);
      assert.deepEqual(await COLD.rows(manager, 'select $1::int as n', [n]), [{ n }]);
    }
    assert.deepEqual(await plans(manager), ['/* test.hot */ select $1::int + 1 as n']);
  }));

test('a connection keeps sixty plans at most, however many texts are asked', () =>
  onOne(async manager => {
    for (let text = 0; text < 100; text += 1)
      for (let n = 0; n < 5; n += 1)
        assert.deepEqual(await HOT.rows(manager, `select $1::int + ${text} as n`, [n]), [
          { n: n + text },
        ]);
    assert.equal((await plans(manager)).length, 60);
  }));

test('a kept plan that does not hold any more costs one answer', () =>
  withDatabase(async ({ source }) => {
    const runner = source.createQueryRunner();
    const { manager } = runner;
    try {
      await manager.query('create temp table kept (n int)');
      const ask = () => HOT.rows(manager, 'select * from kept where $1::int = 1', [1]);
      for (let n = 0; n < 8; n += 1) await ask();
      await manager.query('alter table kept alter column n type text');
      await assert.rejects(ask, /cached plan must not change result type/);
      assert.deepEqual(await ask(), []);
    } finally {
      await runner.release();
    }
  }));
