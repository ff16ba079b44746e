import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { jsonText, listingText } from '../../../src/cli/print/listing.js';
import { BIG_INTEGERS } from '../../../src/cli/print/numbers.js';
import { csvText, markdownText, tableText } from '../../../src/cli/print/table.js';
import { PLAIN, terminalOf } from '../../../src/cli/print/terminal.js';
import { fittedWidths, widthOf } from '../../../src/cli/print/widths.js';

const WIDTHS: readonly {
  readonly of: readonly number[];
  readonly columns: number | null;
  readonly first?: number;
  readonly gives: readonly number[];
}[] = [
  { of: [10, 20, 30], columns: null, gives: [10, 20, 30] },
  { of: [10, 20, 30], columns: 80, gives: [10, 20, 30] },
  { of: [10, 20, 30], columns: 60, gives: [10, 20, 20] },
  { of: [10, 20, 30], columns: 50, gives: [10, 15, 15] },
  { of: [10, 20, 30], columns: 10, gives: [6, 6, 6] },
  { of: [4, 40], columns: 20, gives: [4, 9] },
  { of: [40, 30], columns: 60, first: 1, gives: [33, 20] },
  { of: [40, 60], columns: 80, first: 1, gives: [40, 33] },
  { of: [10, 60], columns: 80, first: 1, gives: [10, 60] },
];

for (const { of, columns, first, gives } of WIDTHS) {
  test(`columns of ${of} in a width of ${columns} become ${gives}`, () => {
    assert.deepEqual(fittedWidths(of, columns, { first }), gives);
  });
}

const TABLE = {
  heading: ['name', 'message'],
  rows: [
    ['web', 'a message that is much longer than the terminal is wide'],
    [{ text: 'api', color: 'red' as const }, 'short | cut'],
  ],
};

const IDS = {
  heading: ['what happened', 'id ends in'],
  rows: [
    ['a message that is much longer than the terminal is wide', 'ZTFhZjEyMw'],
    ['short', 'a-name-which-is-longer-than-any-terminal-is-wide/and-has-no-place-to-break'],
  ],
};

/** Every word of every cell, as a person would look for it. */
const wordsOf = (table: {
  readonly rows: readonly (readonly (string | { readonly text: string })[])[];
}) => table.rows.flat().flatMap(cell => (typeof cell === 'string' ? cell : cell.text).split(' '));

test('a table is never wider than the terminal, and whatever the width every word stands whole', () => {
  for (const table of [TABLE, IDS])
    for (const columns of [1, 20, 34, 40, 60, 80, 200]) {
      const text = tableText(table, { columns, colors: false });
      const words = text.split(/[\s│]+/);
      for (const word of wordsOf(table)) assert.ok(words.includes(word), `${word} at ${columns}`);
      assert.ok(!text.includes('…'));
      const longest = Math.max(...[...wordsOf(table), ...table.heading].map(word => word.length));
      for (const line of text.split('\n'))
        assert.ok(line.length <= Math.max(columns, longest + 20), `${columns}: ${line}`);
    }
});

test('where columns have no room beside each other they stand below each other', () => {
  assert.equal(
    tableText(IDS, { columns: 60, colors: false }),
    `what happened  a message that is much longer than the
               terminal is wide
id ends in     ZTFhZjEyMw

what happened  short
id ends in     ${IDS.rows[1]?.[1]}
`,
  );
});

test('cells with commas, quotes and line ends are quoted in CSV', () => {
  const table = {
    heading: ['a', 'b c'],
    rows: [
      ['1,2', 'say "no"'],
      [{ text: 'x', color: null }, ''],
    ],
  };
  assert.equal(csvText(table), 'a,b c\r\n"1,2","say ""no"""\r\nx,\r\n');
});

test('a table that goes to a file is not cut, and not coloured', () => {
  const text = tableText(TABLE, PLAIN);
  assert.match(text, /much longer than the terminal is wide/);
  assert.ok(!text.includes('\u001b'));
});

test('signs that take two columns are wrapped and filled up as what they take, and none is cut', () => {
  const rows = [
    ['東京の支店', 'plain'],
    ['one two', '支店 の 名前 です 📦 箱'],
  ];
  assert.equal(
    tableText({ heading: ['name', 'what'], rows }, { columns: 32, colors: false }),
    `┌────────────┬─────────────────┐
│ name       │ what            │
├────────────┼─────────────────┤
│ 東京の支店 │ plain           │
│ one two    │ 支店 の 名前    │
│            │ です 📦 箱      │
└────────────┴─────────────────┘
`,
  );
});

test('colours change nothing of the widths', () => {
  const bare = tableText(TABLE, { columns: 40, colors: false });
  const coloured = tableText(TABLE, { columns: 40, colors: true });
  assert.ok(coloured.includes('\u001b[31mapi\u001b[0m'));
  assert.equal(coloured.replaceAll('\u001b[31m', '').replaceAll('\u001b[0m', ''), bare);
});

test('a bar in a cell does not break a Markdown table', () => {
  assert.match(markdownText(TABLE), /^\| api \| short \\\| cut \|$/m);
});

test('a table without rows is no document, and an empty list in JSON', () => {
  const none = { heading: ['name'], rows: [], value: { clusters: [] }, empty: 'no clusters' };
  assert.equal(listingText(none, 'table'), '');
  assert.equal(listingText(none, 'markdown'), '');
  assert.equal(listingText(none, 'csv'), 'name\r\n');
  assert.equal(listingText(none, 'json'), '{\n  "clusters": []\n}\n');
  assert.equal(listingText(none, 'yaml'), 'clusters: []\n');
});

test('whole numbers are numbers in JSON as long as they are exact, and names stay text', () => {
  const value = { name: '25', flows: [{ events: '25', bytes: null, lost: '9007199254740993' }] };
  const exact = { name: '25', flows: [{ events: 25, bytes: null, lost: '9007199254740993' }] };
  assert.deepEqual(JSON.parse(jsonText(value)), exact);
});

test('numbers are those fields that the schema has as BigInt, and no others', () => {
  const schema = readFileSync(join(import.meta.dirname, '../../../schema.graphql'), 'utf8');
  const named = [...schema.matchAll(/^ {2}(\w+)(?:\([^)]*\))?: BigInt!?$/gm)].map(
    ([, name]) => name,
  );
  assert.deepEqual([...BIG_INTEGERS].toSorted(), [...new Set(named)].toSorted());
});

test('NO_COLOR and a dumb terminal turn colours off; a pipe has no width', () => {
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
  assert.deepEqual(terminalOf(screen, {}), { columns: 120, colors: true });
  assert.deepEqual(terminalOf(screen, { NO_COLOR: '' }), { columns: 120, colors: true });
  assert.deepEqual(terminalOf(screen, { NO_COLOR: '1' }), { columns: 120, colors: false });
  assert.deepEqual(terminalOf(screen, { TERM: 'dumb' }), { columns: 120, colors: false });
  for (const [own, COLUMNS, columns] of [
    [120, '40', 40],
    [120, '0', 120],
    [120, 'wide', 120],
    [0, undefined, 80],
    [0, '132', 132],
  ] as const)
    assert.equal(
      terminalOf(Object.assign(new PassThrough(), { isTTY: true, columns: own }), { COLUMNS })
        .columns,
      columns,
    );
  assert.deepEqual(terminalOf(new PassThrough(), { COLUMNS: '40' }), PLAIN);
  assert.deepEqual(terminalOf(new PassThrough(), {}), PLAIN);
});

test('a table that is drawn in pieces is one table', () => {
  const rows = Array.from({ length: 450 }, (_, place) => [`row ${place}`, 'x'.repeat(place % 9)]);
  const lines = tableText({ heading: ['a', 'b'], rows })
    .trimEnd()
    .split('\n');
  assert.equal(lines.length, 450 + 4);
  assert.equal(new Set(lines.map(line => line.length)).size, 1);
  for (const [place, [name = '']] of rows.entries())
    assert.ok(lines[place + 3]?.includes(`│ ${name} `), name);
});

test('what a name does to a terminal is shown, not done', () => {
  const text = tableText({ heading: ['name'], rows: [['a\u001b[31mb\nc\u202ed']] });
  assert.ok(text.includes('a\\u{1b}[31mb\\u{a}c\\u{202e}d'), text);
  assert.equal(text.split('\n').length, 6);
});

test('each sign is as wide as a terminal shows it', () => {
  const signs = Array.from({ length: 0x1_0000 }, (_, code) => code).filter(
    code => code < 0xd800 || code > 0xdfff,
  );
  const differing = signs
    .map(code => `a${String.fromCodePoint(code)}b`)
    .filter(text => widthOf(text) !== stringWidth(text));
  assert.deepEqual(differing, []);
});
