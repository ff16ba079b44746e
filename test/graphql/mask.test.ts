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
  const other = maskError(refusedBy('53300'), 'r2', silentLog);
  assert.deepEqual(other, {
    message: 'internal server error',
    extensions: { code: 'INTERNAL', requestId: 'r2' },
  });
});
