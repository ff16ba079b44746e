import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../src/database/log.js';
import { maskError } from '../../src/graphql/mask.js';

const refusedBy = (code: string) =>
  Object.assign(new Error('invalid byte sequence for encoding "UTF8": 0x00'), { code });

test('text that Postgres cannot hold is bad input, other failures of the store are not shown', () => {
  const nul = maskError(refusedBy('22021'), 'r1', silentLog);
  assert.deepEqual(nul, {
    message: 'invalid byte sequence for encoding "UTF8": 0x00',
    extensions: { code: 'BAD_USER_INPUT', requestId: 'r1' },
  });
  const other = maskError(refusedBy('42P01'), 'r2', silentLog);
  assert.deepEqual(other, {
    message: 'internal server error',
    extensions: { code: 'INTERNAL', requestId: 'r2' },
  });
});

test('what the database cannot answer at the moment may be asked again', () => {
  for (const code of ['53300', '53100', '57P01', '08006', '55P03', '57014', 'ECONNREFUSED']) {
    const { extensions } = maskError(refusedBy(code), 'r3', silentLog);
    assert.deepEqual(
      [extensions?.['code'], extensions?.['reason'], extensions?.['retryAfter']],
      ['UNAVAILABLE', 'DATABASE', 2],
      code,
    );
  }
});
