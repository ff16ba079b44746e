import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainText } from '../../../src/netpol/plain-text.js';
import { libraryText } from '../../../src/netpol/render.js';

// biome-ignore format: a list of words
const SCALARS = [
  'web', 'on', 'Yes', 'y', 'null', 'true', '53', '053', '0', '1e3', '10.0.0.0/8', '1.2.3.4', '1.2', 'a b', 'x: y', '', '#',
  'fd00::/8', '0x1f', '-1', 'a-b/c.d_e', 'é', 'a\nb', '~', '.inf', '12:30', '=', '<<', 'a:', 53, 0, -3, 1.5, 2 ** 60, true, false, null,
];

const { value: tree } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 5 },
    { weight: 3, arbitrary: fc.constantFrom<unknown>('web', 'on', '53', 53, true, '10.0.0.0/8') },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(...SCALARS) },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    {
      weight: 3,
      arbitrary: fc
        .uniqueArray(fc.constantFrom('from', 'to', 'ports', 'app', 'a.b/c', 'on', 'a b'), {
          maxLength: 3,
        })
        .chain(keys => fc.tuple(...keys.map(key => fc.tuple(fc.constant(key), tie('value')))))
        .map(entries => new Map(entries)),
    },
  ),
}));

test('what is written without the library has the bytes that it would write', () => {
  let plain = 0;
  fc.assert(
    fc.property(tree, document => {
      const text = plainText(document);
      if (text === null) return;
      plain += 1;
      assert.equal(text, libraryText(document, {}));
    }),
    { numRuns: 5_000 },
  );
  assert.ok(plain > 300, `only ${plain} documents were plain`);
});

test('a list in a list, a list alone and nothing at all are left to the library', () => {
  assert.equal(plainText(new Map([['a', [['b']]]])), null);
  assert.equal(plainText(['a']), null);
  assert.equal(plainText(new Map()), null);
});
