import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataSource } from 'typeorm';
import { buildWhere, condition } from '../../src/query/condition.js';
import { cidrCondition, stringCondition, timeCondition } from '../../src/query/filter.js';
import { cursorKeyColumn, encodeCursor, type Order } from '../../src/query/keyset.js';
import { labelCondition } from '../../src/query/label-selector.js';
import {
  countText,
  type Page,
  type PageArguments,
  pageOf,
  pageRequest,
  totalCountOf,
} from '../../src/query/page.js';
import { withDatabase } from '../support/database.js';

type Row = { readonly id: string; readonly cursorKey: readonly string[] };

const SEEN: Order[number] = { expression: 'seen', type: 'timestamptz', direction: 'DESC' };
const BYTES: Order[number] = {
  expression: 'coalesce(bytes, -1)',
  type: 'bigint',
  direction: 'ASC',
};
const ID: Order[number] = { expression: 'id', type: 'uuid', direction: 'DESC' };

/** 30 rows in which a moment, given to the microsecond, comes three times, and half of the bytes are null. */
const ROWS = `create table thing as
  select lpad(n::text, 32, '0')::uuid as id,
    timestamptz '2026-11-22 10:00:00Z' + (n / 3) * interval '1 microsecond' as seen,
    case when n % 2 = 0 then n % 5 end::bigint as bytes,
    'web%' || n as name,
    ('10.0.0.' || n)::inet as ip,
    jsonb_build_object('app', 'a' || n % 2) as labels
  from generate_series(1, 30) n`;

async function page(source: DataSource, order: Order, asked: PageArguments): Promise<Page<Row>> {
  const request = pageRequest(asked, order);
  const where = buildWhere(request.conditions);
  const rows: Row[] = await source.query(
    `select id, ${cursorKeyColumn(order)} from thing ${where.sql} ${request.orderBy} limit ${request.fetch}`,
    [...where.values],
  );
  return pageOf(request, rows, () => null);
}

const idsOf = (rows: readonly { readonly id: string }[]) =>
  rows.map(({ id }) => Number(id.slice(-4)));

const orders: readonly (readonly [string, Order])[] = [
  ['seen desc, id desc', [SEEN, ID]],
  ['seen desc, bytes asc, id desc', [SEEN, BYTES, ID]],
  ['bytes asc, id desc', [BYTES, ID]],
  ['id desc', [ID]],
];

test('pages forward and backward are the whole list, whatever the order and the equal keys', () =>
  withDatabase(async ({ source, execute }) => {
    await execute(ROWS);
    // A session that prints times otherwise must not matter to cursors.
    await execute("set time zone 'Asia/Kathmandu'");
    for (const [text, order] of orders) {
      const all: Row[] = await source.query(
        `select id from thing order by ${text.replace('bytes', 'coalesce(bytes, -1)')}`,
      );
      const forward: number[] = [];
      const backward: number[] = [];
      let after: string | null = null;
      let before: string | null = null;
      for (let turn = 0; turn < 3; turn += 1) {
        const next: Page<Row> = await page(source, order, { first: 10, after });
        forward.push(...idsOf(next.nodes));
        assert.equal(next.pageInfo().hasNextPage, turn < 2);
        assert.equal(next.pageInfo().hasPreviousPage, turn > 0);
        after = next.pageInfo().endCursor;

        const previous: Page<Row> = await page(source, order, { last: 10, before });
        backward.unshift(...idsOf(previous.nodes));
        assert.equal(previous.pageInfo().hasPreviousPage, turn < 2);
        assert.equal(previous.pageInfo().hasNextPage, turn > 0);
        before = previous.pageInfo().startCursor;
      }
      assert.deepEqual(forward, idsOf(all), text);
      assert.deepEqual(backward, idsOf(all), text);
    }
  }));

test('between two cursors lies what lies between them', () =>
  withDatabase(async ({ source, execute }) => {
    await execute(ROWS);
    const order: Order = [SEEN, BYTES, ID];
    const all = await page(source, order, { first: 30 });
    const between = {
      after: all.edges()[4]?.cursor ?? null,
      before: all.edges()[9]?.cursor ?? null,
    };
    const inside = idsOf(all.nodes).slice(5, 9);
    assert.deepEqual(idsOf((await page(source, order, { first: 9, ...between })).nodes), inside);
    assert.deepEqual(
      idsOf((await page(source, order, { last: 2, ...between })).nodes),
      inside.slice(2),
    );
    assert.deepEqual(await page(source, order, { first: 0 }).then(({ nodes }) => nodes), []);
  }));

test('no cursor makes Postgres fail: what the order never gave is bad input', () => {
  const order: Order = [SEEN, BYTES, ID];
  const id = '00000000-0000-0000-0000-000000000001';
  const seen = '2026-11-22T10:00:00.000001Z';
  const refused = (cursor: string, message = /is not a cursor/) =>
    assert.throws(() => pageRequest({ after: cursor }, order), message);
  assert.equal(pageRequest({ after: encodeCursor(order, [seen, '1', id]) }, order).limit, 50);
  for (const key of [
    [seen, '1'],
    [seen, '1', id, '1'],
    ['2026-13-22T10:00:00.000001Z', '1', id],
    ['infinity', '1', id],
    [seen, '9223372036854775808', id],
    [seen, '1; drop', id],
    [seen, '1', 'x'],
  ])
    refused(encodeCursor(order, key));
  refused(encodeCursor([SEEN, ID], [seen, id]), /in this order/);
  for (const cursor of ['[]', 'null', '[1]', 'x'])
    refused(Buffer.from(cursor).toString('base64url'));
});

test('filters select in Postgres what they say', () =>
  withDatabase(async ({ source, execute }) => {
    await execute(ROWS);
    const now = new Date();
    const cases = [
      [stringCondition('name', { eq: 'web%3' }), [3]],
      [stringCondition('name', { in: ['web%3', 'web%4'] }), [3, 4]],
      [stringCondition('name', { in: [] }), []],
      [stringCondition('name', { startsWith: 'web%1', contains: '%19' }), [19]],
      [stringCondition('name', { startsWith: 'w_b' }), []],
      [cidrCondition('ip', { within: '10.0.0.28/30' }), [28, 29, 30]],
      [cidrCondition('ip', { overlaps: '10.0.0.2/31' }), [2, 3]],
      [
        timeCondition(
          'seen',
          {
            gte: '2026-11-22T10:00:00.000001Z',
            lt: '2026-11-22T10:00:00.000002Z',
          },
          now,
        ),
        [3, 4, 5],
      ],
      [
        labelCondition('labels', {
          matchLabels: { app: 'a1' },
          matchExpressions: [
            { key: 'app', operator: 'In', values: ['a1', 'a2'] },
            { key: 'env', operator: 'NotIn', values: ['dev'] },
            { key: 'env', operator: 'DoesNotExist' },
            { key: 'app', operator: 'Exists' },
          ],
        }),
        Array.from({ length: 15 }, (_, n) => 2 * n + 1),
      ],
    ] as const;
    for (const [wanted, ids] of cases) {
      const where = buildWhere([wanted, condition('id is not null')]);
      const rows = await source.query(`select id from thing ${where.sql} order by id`, [
        ...where.values,
      ]);
      assert.deepEqual(idsOf(rows), ids, wanted.sql);
    }
  }));

test('a list is counted up to 10,000, and not beyond', () =>
  withDatabase(async ({ source }) => {
    const count = async (size: number) => {
      const from = 'from generate_series(1, $1::int)';
      const [row]: { count: number }[] = await source.query(countText(from), [size]);
      return totalCountOf(row?.count ?? -1);
    };
    assert.equal(await count(0), 0);
    assert.equal(await count(10_000), 10_000);
    assert.equal(await count(10_001), null);
    assert.equal(await count(100_000), null);
  }));
