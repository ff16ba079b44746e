import assert from 'node:assert/strict';
import { test } from 'node:test';
import { files, textOf } from './tree.js';

/** Everything that cites: code, cases and statements, without this file and what recorded data says of itself. */
const citing = files.filter(
  file =>
    /^(src|test|bench|build|migrations)\/.*\.(ts|mjs|sql|yaml|graphql)$/.test(file) &&
    !file.startsWith('test/documents/') &&
    !file.startsWith('src/generated/'),
);

type Citation = { readonly file: string; readonly text: string };

const found = (pattern: RegExp, within: readonly string[] = citing): readonly Citation[] =>
  within.flatMap(file =>
    [...textOf(file).matchAll(pattern)].map(([, text = '']) => ({ file, text })),
  );

/** Numbers in the first column of a document's tables: `| 17 | …` and `| T9 | …`. */
const rowsOf = (document: string): readonly string[] =>
  [...textOf(document).matchAll(/^\| (T?\d+) \|/gm)].map(([, number = '']) => number);

const law = rowsOf('docs/law.md');
const traps = rowsOf('docs/traps.md');

test('rows of the law and traps are numbered, each number once', () => {
  assert.deepEqual(
    law,
    law.map((_, place) => String(place + 1)),
  );
  assert.equal(new Set(traps).size, traps.length);
});

/** A comment names a document by its path from the top of the repository, so that a newcomer finds it. */
test('every document that code and tests cite is in the repository', () => {
  const missing = found(/(?<![\w./-])([\w./-]+\.md)\b/g).filter(
    ({ text }) => !files.includes(text),
  );
  assert.deepEqual(missing, []);
});

test('every section that code and tests cite of a document is there', () => {
  const cited = found(/\((docs\/[\w-]+\.md, [^)]*)\)/g).filter(({ text }) => !/, T\d/.test(text));
  assert.ok(cited.length >= 5);
  const missing = cited.filter(({ text }) => {
    const [document = '', section = ''] = text.split(', ');
    return !textOf(document).includes(`\n## ${section}\n`);
  });
  assert.deepEqual(missing, []);
});

const engine = citing.filter(file => /^(src|test)\/netpol\//.test(file));

/** "Row 17", "rows 10, 11 and 17", "Rows 15 to 21". */
const ROWS = /\b[Rr]ows? (\d+(?:(?:, | and | to )\d+)*)\b(?! (?:ms|bytes))/g;

test('every row of the law that the engine and its tests cite is there', () => {
  const cited = found(ROWS, engine).flatMap(({ file, text }) =>
    [...text.matchAll(/\d+/g)].map(([row]) => ({ file, row })),
  );
  assert.ok(cited.length >= 40);
  assert.deepEqual(
    cited.filter(({ row }) => !law.includes(row)),
    [],
  );
});

test('every trap that is cited is there', () => {
  const cited = [...found(/docs\/traps\.md, (T\d+)/g), ...found(/\btraps? (T\d+)/g)];
  assert.ok(cited.length >= 3);
  assert.deepEqual(
    cited.filter(({ text }) => !traps.includes(text)),
    [],
  );
});

for (const [document, folder] of [
  ['docs/law.md', 'src/netpol/'],
  ['docs/traps.md', ''],
  ['docs/identity-and-time.md', ''],
] as const) {
  test(`every file that ${document} names is there`, () => {
    const named = [...textOf(document).matchAll(/`([\w./-]+\.(?:ts|md))`/g)];
    assert.ok(named.length >= 5);
    const missing = named
      .map(([, name = '']) => name)
      .filter(name => !files.includes(name) && !files.includes(`${folder}${name}`));
    assert.deepEqual(missing, []);
  });
}
