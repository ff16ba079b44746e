import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const ROW = /^\| (?<promise>[^|]+) \| `(?<file>[^`]+)`: `(?<title>[^`]+)` \|$/;

const isRow = (line: string): boolean =>
  line.startsWith('| ') && !line.startsWith('| promise |') && !line.startsWith('|---');

test('every promise names a test that exists', async () => {
  const text = await readFile('docs/promises.md', 'utf8');
  const rows = text.split('\n').filter(isRow);
  assert.ok(rows.length > 10);
  for (const row of rows) {
    const { file = '', title = '' } = ROW.exec(row)?.groups ?? {};
    assert.notEqual(file, '', `a row that names no test: ${row}`);
    const source = await readFile(file, 'utf8');
    assert.ok(source.includes(title), `\`${file}\` has no test whose title holds \`${title}\``);
  }
});
