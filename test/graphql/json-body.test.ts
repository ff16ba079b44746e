import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueCounter } from '../../src/graphql/json-body.js';
import { withServer } from '../server/running.js';

for (const [value, count] of [
  [1, 1],
  [[], 2],
  [[1, 2, 3], 4],
  [{ a: 1, b: 'x,[{' }, 3],
  [{ a: '\\', b: '"', c: '\\"' }, 4],
  [{ 'k,"\\': [1, { a: [] }] }, 6],
] as const)
  test(`${JSON.stringify(value)} holds ${count} values, however its bytes are cut`, () => {
    const bytes = Buffer.from(JSON.stringify(value));
    for (const step of [1, 3, bytes.length]) {
      const counter = valueCounter();
      let counted = 0;
      for (let at = 0; at < bytes.length; at += step)
        counted = counter(bytes.subarray(at, at + step));
      assert.equal(counted, count);
    }
  });

test('a body of a million values, and a document of a million characters, are refused before they are read', () =>
  withServer(async ({ post }) => {
    const values = await post({ query: '{ __typename }', variables: { a: Array(1e6).fill(0) } });
    assert.deepEqual(
      [values.status, values.body.errors[0].extensions.code],
      [413, 'COST_EXCEEDED'],
    );
    const long = await post({ query: `{ __typename } # ${'x'.repeat(1e6)}` });
    assert.deepEqual([long.status, long.body.errors[0].extensions.code], [400, 'COST_EXCEEDED']);
    const text = await post({ query: '{ __typename }', variables: { a: ','.repeat(1e6) } });
    assert.equal(text.body.data.__typename, 'Query');
  }));
