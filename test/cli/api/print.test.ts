import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { listingText } from '../../../src/cli/print/listing.js';
import { fittedWidths, markdownText, tableText } from '../../../src/cli/print/table.js';
import { PLAIN, terminalOf } from '../../../src/cli/print/terminal.js';

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
    assert.deepEqual(fittedWidths(of, columns, first), gives);
  });
}

const TABLE = {
  heading: ['name', 'message'],
  rows: [
    ['web', 'a message that is much longer than the terminal is wide'],
    [{ text: 'api', color: 'red' as const }, 'short | cut'],
  ],
};

test('a table is as wide as the terminal, and cut cells end in …', () => {
  const lines = tableText(TABLE, { columns: 40, colors: false }).trimEnd().split('\n');
  assert.deepEqual([...new Set(lines.map(line => line.length))], [40]);
  assert.match(lines.join('\n'), /web .*…/);
});

test('a table that goes to a file is not cut, and not coloured', () => {
  const text = tableText(TABLE, PLAIN);
  assert.match(text, /much longer than the terminal is wide/);
  assert.ok(!text.includes('\u001b'));
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

test('an empty list says so in a table, and is an empty list in JSON', () => {
  const none = { heading: ['name'], rows: [], value: [], empty: 'no clusters' };
  assert.equal(listingText(none, 'table'), 'no clusters\n');
  assert.equal(listingText(none, 'json'), '[]\n');
  assert.equal(listingText(none, 'yaml'), '[]\n');
});

test('NO_COLOR and a dumb terminal turn colours off; a pipe has no width', () => {
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
  assert.deepEqual(terminalOf(screen, {}), { columns: 120, colors: true });
  assert.deepEqual(terminalOf(screen, { NO_COLOR: '' }), { columns: 120, colors: true });
  assert.deepEqual(terminalOf(screen, { NO_COLOR: '1' }), { columns: 120, colors: false });
  assert.deepEqual(terminalOf(screen, { TERM: 'dumb' }), { columns: 120, colors: false });
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
