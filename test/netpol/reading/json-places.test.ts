import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjects } from '../../../src/netpol/index.js';

/** The text from the place of a path on, to the next mark. */
function textAt(text: string, ...path: readonly (string | number)[]): string | undefined {
  const [object] = readObjects([{ file: null, text }]).objects;
  const { column = 0 } = object?.locate(path) ?? {};
  return /^[^,}\]]*/.exec(text.slice(column - 1))?.[0];
}

const text =
  '{"apiVersion":"v1","kind":"Pod","spec":{"number":12,"yes":true,"nothing":null,"list":[1.5,-2 ,null,"last"]}}';

test('members and items after numbers and words of JSON have places of their own', () => {
  assert.equal(textAt(text, 'spec', 'yes'), 'true');
  assert.equal(textAt(text, 'spec', 'nothing'), 'null');
  assert.equal(textAt(text, 'spec', 'list'), '"list":[1.5');
  assert.equal(textAt(text, 'spec', 'list', 1), '-2 ');
  assert.equal(textAt(text, 'spec', 'list', 3), '"last"');
});

test('what is asked for inside a number or text of JSON has the place of that', () => {
  assert.equal(textAt(text, 'kind', 0), '"Pod"');
  assert.equal(textAt(text, 'spec', 'number', 0), '12');
  assert.equal(textAt(text, 'spec', 'list', 0, 1), '1.5');
});
