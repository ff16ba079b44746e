import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjects } from '../../../src/netpol/index.js';

const pod = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n`;
const json = (name: string) => `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"${name}"}}`;

/** The names of what is read, then what is said, each with its place. */
function readingOf(text: string): readonly string[] {
  const { objects, problems } = readObjects([{ file: 'f', text }]);
  return [
    ...objects.map(({ name, locate }) => `${name} ${locate([]).line}:${locate([]).column}`),
    ...problems.map(({ place, message }) => `${place?.line}:${place?.column} ${message}`),
  ];
}

const table: readonly (readonly [string, string, ...string[]])[] = [
  ['a marker at the end of the text ends its document', `${pod('a')}---`, 'a 1:1'],
  [
    'a marker with a comment ends its document',
    `${pod('a')}--- # b\n${pod('b')}`,
    'a 1:1',
    'b 6:1',
  ],
  [
    'a comment that holds a percent sign is no directive',
    `# 100 %\n---\n${json('a')}${json('b')}`,
    'a 3:1',
    'b 3:57',
  ],
  [
    'a directive may have indented comments and blank lines after it',
    `%YAML 1.2\n  # a\n  \n---\n${pod('a')}`,
    'a 5:1',
  ],
  ['JSON arrays may stand one after the other', `[${json('a')}][${json('b')}]`, 'a 1:2', 'b 1:60'],
  [
    'strings of JSON may hold what is a marker in a stream',
    json('a').replace('}}', ',"labels":{"a":"\u2028--- b"}}}'),
    'a 1:1',
  ],
  ['a control character after the last object is no document', `${json('a')}\u001A`, 'a 1:1'],
];

for (const [what, text, ...expected] of table) {
  test(what, () => {
    assert.deepEqual(readingOf(text), expected);
  });
}

test('a fault is told in words with its place, and the next document is read', () => {
  assert.deepEqual(readingOf(`%YAML 1.2\na: 50%\n---\n${pod('c')}`), [
    'c 4:1',
    '2:1 this document cannot be read: missing directives-end/doc-start indicator line',
  ]);
});

test('an unclosed quote is told at the end marker, which is part of no document', () => {
  assert.deepEqual(readingOf("a: 'b\n..."), [
    "2:1 this document cannot be read: missing closing 'quote",
  ]);
});

const LONG = 'x'.repeat(1_000_000);

test('long broken JSON is told as broken JSON, at its fault', () => {
  const text = `{"a":"${LONG}" "b":1}\n---\n${json('c')}`;
  assert.deepEqual(readingOf(text), [
    'c 3:1',
    '1:1000009 this document cannot be read: not valid JSON',
  ]);
});

test('long JSON that is not closed is told as broken JSON, at its end', () => {
  const text = `{"a":"${LONG}"\n---\n${json('c')}`;
  assert.deepEqual(readingOf(text), ['c 3:1', '2:1 this document cannot be read: not valid JSON']);
});

/** JSON but for its last comma, which YAML allows. */
const almostJson = (length: number) =>
  `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"},`.padEnd(length - 1).concat('}');

test('short JSON that is broken is tried as YAML, however long the documents before it are', () => {
  assert.deepEqual(readingOf(`{"apiVersion":"v1","kind":"${LONG}"}\n---\n${almostJson(60)}`), [
    'null 1:1',
    'b 3:1',
  ]);
});

test('broken JSON of a million characters is tried as YAML, and not with one more', () => {
  assert.deepEqual(readingOf(almostJson(1_000_000)), ['b 1:1']);
  assert.deepEqual(readingOf(almostJson(1_000_001)), [
    '1:1000001 this document cannot be read: not valid JSON',
  ]);
});
