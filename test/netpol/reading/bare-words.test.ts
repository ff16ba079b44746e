import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjects } from '../../../src/netpol/index.js';

const read = (value: string) =>
  readObjects([{ file: null, text: `{apiVersion: v1, kind: Pod, spec: ${value}}` }]);

const meaningOf = (written: string): unknown => read(written).objects[0]?.value['spec'];
const faultOf = (written: string): string | undefined => read(written).problems[0]?.message;

test('words that only begin or end with a word for a boolean are texts', () => {
  for (const word of ['casino', 'proxy-on', 'python', 'Yes-or', 'one', 'offline', 'nope', 'oFF'])
    assert.equal(meaningOf(word), word);
});

test('all of YAML 1.1’s words for booleans are booleans', () => {
  for (const word of ['yes', 'Yes', 'YES', 'on', 'On', 'ON']) assert.equal(meaningOf(word), true);
  for (const word of ['no', 'No', 'NO', 'off', 'Off', 'OFF']) assert.equal(meaningOf(word), false);
});

test('what only begins or ends with an octal number is a text', () => {
  for (const word of ['01abc', '0123-4567', '00:1a:2b', 'v010', '-x01'])
    assert.equal(meaningOf(word), word);
});

test('an octal number may have a sign', () => {
  assert.deepEqual(['010', '+017', '-010'].map(meaningOf), [8, 15, -8]);
});

test('a word that is tagged as a boolean or number is one', () => {
  assert.equal(meaningOf('!!bool on'), true);
  assert.equal(meaningOf('!!bool "No"'), false);
  assert.equal(meaningOf('!!int 010'), 8);
});

test('what is wrong is told as it is written, without a final period', () => {
  assert.equal(
    faultOf('*app.kubernetes.io'),
    'this document cannot be read: unresolved alias (the anchor must be set before the alias): app.kubernetes.io',
  );
  assert.equal(
    faultOf('!<!> a'),
    "this document cannot be read: verbatim tags aren't resolved, so !<!> is invalid",
  );
});
