import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  and,
  buildWhere,
  condition,
  EVERYTHING,
  NOTHING,
  not,
  or,
  sql,
} from '../../src/query/condition.js';
import {
  cidrCondition,
  combined,
  type StringFilter,
  stringCondition,
  timeCondition,
} from '../../src/query/filter.js';
import { type LabelSelector, labelCondition } from '../../src/query/label-selector.js';

const now = new Date('2026-11-22T10:00:00Z');

test('placeholders are numbered where the conditions come together', () => {
  const where = buildWhere(
    [
      condition('a = $1', 1),
      or([condition('b between $1 and $2', 2, 3), not(condition('c = $1 or d = $1', 4))]),
    ],
    3,
  );
  assert.deepEqual(where, {
    sql: 'where (a = $3) and (((b between $4 and $5) or ((c = $6 or d = $6) is not true)))',
    values: [1, 2, 3, 4],
    next: 7,
  });
});

test('conditions of which one must hold stay together in whatever text they are put into', () => {
  const either = or([condition('a'), condition('b')]);
  assert.equal(sql`c and ${and([EVERYTHING, either])}`.sql, 'c and ((a) or (b))');
});

test('no condition at all is no where clause', () => {
  assert.deepEqual(buildWhere([], 2), { sql: '', values: [], next: 2 });
  assert.deepEqual(and([EVERYTHING, EVERYTHING]), EVERYTHING);
  assert.deepEqual(or([]), NOTHING);
  assert.deepEqual(buildWhere([or([])]).sql, 'where false');
});

test('a string filter asks for what is given', () => {
  const cases: readonly (readonly [StringFilter | null, string, readonly unknown[]])[] = [
    [null, 'true', []],
    [{}, 'true', []],
    [{ eq: null }, 'true', []],
    [{ eq: 'web' }, 'name = $1', ['web']],
    [{ in: [] }, 'name = any($1::text[])', [[]]],
    [{ startsWith: '50%_\\' }, 'name like $1', ['50\\%\\_\\\\%']],
    [{ eq: 'web', contains: 'e' }, '(name = $1) and (name like $2)', ['web', '%e%']],
  ];
  for (const [filter, sql, values] of cases)
    assert.deepEqual(stringCondition('name', filter), { sql, values });
  assert.throws(() => stringCondition('name', { eq: 'a\0' }), /U\+0000/);
});

test('times are half-open and blocks are compared as addresses', () => {
  assert.throws(
    () => timeCondition('seen', { gte: '1d', lt: '2d' }, now),
    /`gte` \(.*\) is after `lt`/,
  );
  assert.deepEqual(timeCondition('seen', { gte: '1d', lt: '2026-11-22T00:00:00Z' }, now), {
    sql: '(seen >= $1::timestamptz) and (seen < $2::timestamptz)',
    values: ['2026-11-21T10:00:00.000000Z', '2026-11-22T00:00:00.000000Z'],
  });
  assert.deepEqual(cidrCondition('ip', { within: '10.0.0.0/8', overlaps: '::/0' }), {
    sql: '(ip <<= $1::inet) and (ip && $2::inet)',
    values: ['10.0.0.0/8', '::/0'],
  });
});

test("a label selector asks as Kubernetes' own does", () => {
  const selector: LabelSelector = {
    matchLabels: { app: 'web' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'env', operator: 'NotIn', values: ['dev'] },
      { key: 'x', operator: 'Exists' },
      { key: 'y', operator: 'DoesNotExist', values: [] },
    ],
  };
  assert.deepEqual(labelCondition('labels', selector), {
    sql: [
      '(labels @> $1::jsonb)',
      '(labels ->> $2 = any($3::text[]))',
      '((labels ->> $4 = any($5::text[])) is not true)',
      '(labels ? $6)',
      '(not labels ? $7)',
    ].join(' and '),
    values: ['{"app":"web"}', 'tier', ['a', 'b'], 'env', ['dev'], 'x', 'y'],
  });
  assert.deepEqual(labelCondition('labels', {}), EVERYTHING);
});

test('a label selector that Kubernetes would refuse is refused', () => {
  const cases: readonly (readonly [LabelSelector, RegExp])[] = [
    [{ matchLabels: ['app'] }, /`matchLabels` is not an object/],
    [{ matchLabels: { app: 1 } }, /values are strings/],
    [{ matchExpressions: [{ key: 'a', operator: 'In' }] }, /needs at least one value/],
    [{ matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] }, /takes no values/],
  ];
  for (const [selector, message] of cases)
    assert.throws(() => labelCondition('labels', selector), message);
});

type NameFilter = {
  readonly name?: StringFilter;
  readonly and?: readonly NameFilter[];
  readonly or?: readonly NameFilter[];
  readonly not?: NameFilter;
};

test('and, or and not nest, and the depth has an end', () => {
  const own = ({ name }: NameFilter) => stringCondition('name', name);
  const filter: NameFilter = {
    name: { startsWith: 'a' },
    or: [{ name: { eq: 'ab' } }, { not: { name: { eq: 'ac' } } }],
  };
  assert.deepEqual(combined(filter, own), {
    sql: '(name like $1) and (((name = $2) or ((name = $3) is not true)))',
    values: ['a%', 'ab', 'ac'],
  });
  let deep: NameFilter = {};
  for (let level = 0; level < 14; level += 1) deep = { not: deep };
  assert.throws(() => combined(deep, own), /nested more than 12 deep/);
});
