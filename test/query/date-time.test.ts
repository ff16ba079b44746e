import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateTimeOf, parseDateTime } from '../../src/query/date-time.js';
import { readTimeBound, resolveTimeBound } from '../../src/query/time-bound.js';

test('a moment is kept to the microsecond, in UTC', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.000000Z'],
    ['2026-11-22T10:00:00.1Z', '2026-11-22T10:00:00.100000Z'],
    ['2026-11-22T10:00:00.123456Z', '2026-11-22T10:00:00.123456Z'],
    ['2026-11-22T10:00:00.123456999Z', '2026-11-22T10:00:00.123456Z'],
    ['2026-11-22t10:00:00.000001z', '2026-11-22T10:00:00.000001Z'],
    ['2026-11-22T00:30:00.5+02:00', '2026-11-21T22:30:00.500000Z'],
    ['2026-12-31T23:30:00-01:30', '2027-01-01T01:00:00.000000Z'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000000Z'],
    ['2026-02-29T00:00:00Z', null],
    ['2026-11-22T24:00:00Z', null],
    ['2026-11-22T10:00:00', null],
    ['2026-11-22', null],
    ['2026-11-22T10:00:00+24:00', null],
    ['0001-01-01T00:00:00+01:00', null],
    ['9999-12-31T23:59:59-00:01', null],
    ['', null],
    ['yesterday', null],
  ];
  for (const [text, moment] of cases) assert.equal(parseDateTime(text), moment, text);
});

test('what Postgres prints and what the clock gives are moments too', () => {
  assert.equal(dateTimeOf('2026-11-22 10:00:00.123456+00'), '2026-11-22T10:00:00.123456Z');
  assert.equal(dateTimeOf('2026-11-22 15:30:00+05:30'), '2026-11-22T10:00:00.000000Z');
  assert.equal(dateTimeOf(new Date(1)), '1970-01-01T00:00:00.001000Z');
  assert.throws(() => dateTimeOf('infinity'), TypeError);
  assert.throws(() => dateTimeOf(12), TypeError);
  assert.throws(() => dateTimeOf(new Date(Number.NaN)), TypeError);
});

const now = new Date('2026-03-31T12:00:00.250Z');

test('a bound is a moment or a duration back from now', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['2026-03-01T00:00:00.000001Z', '2026-03-01T00:00:00.000001Z'],
    ['7d', '2026-03-24T12:00:00.250000Z'],
    ['24h', '2026-03-30T12:00:00.250000Z'],
    ['2w', '2026-03-17T12:00:00.250000Z'],
    ['15m', '2026-03-31T11:45:00.250000Z'],
    ['1h30m10s', '2026-03-31T10:29:50.250000Z'],
    ['0s', '2026-03-31T12:00:00.250000Z'],
    ['PT15M', '2026-03-31T11:45:00.250000Z'],
    ['P1D', '2026-03-30T12:00:00.250000Z'],
    ['P1M', '2026-02-28T12:00:00.250000Z'],
    ['P1Y', '2025-03-31T12:00:00.250000Z'],
    ['P1Y1M1DT1H', '2025-02-27T11:00:00.250000Z'],
  ];
  for (const [text, moment] of cases) assert.equal(resolveTimeBound(text, now), moment, text);
});

test('a bound that is neither is refused with an example', () => {
  for (const text of ['', 'd', '7', '7 d', '-7d', '1m1h', 'P', 'PT', 'P1DT', 'now', '1.5h'])
    assert.throws(() => readTimeBound(text), /is neither a date and time .* `7d`/, text);
  assert.throws(() => resolveTimeBound('P9999Y', now), /before the first year/);
  assert.throws(() => resolveTimeBound('999999w', now), /before the first year/);
});
