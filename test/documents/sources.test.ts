import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { FORMATS } from '../../src/flows/formats/formats.js';
import { type SourceTrust, TRUST, TRUST_FIELDS } from '../../src/flows/formats/trust.js';

const FILE = 'docs/sources.md';

const SHOWN = {
  reply: 'reply or not',
  verdict: 'verdict',
  direction: 'direction',
  ports: 'ports',
  cluster: 'cluster name',
  ids: 'record ids',
  names: 'names',
} as const;

const tableOf = (trust: SourceTrust): string =>
  [
    '| field | | |',
    '|---|---|---|',
    ...TRUST_FIELDS.map(
      field => `| ${SHOWN[field]} | ${trust[field].trust} | ${trust[field].why} |`,
    ),
  ].join('\n');

/** A mark, and the table after it. */
const MARK = /(<!-- trust: ([\w-]+) -->)\n(?:\n\|[^\n]*(?:\n\|[^\n]*)*\n)?/g;

const rendered = (text: string): string =>
  text.replace(
    MARK,
    (_, mark: string, name: string) => `${mark}\n\n${tableOf(TRUST[name as keyof typeof TRUST])}\n`,
  );

/** `UPDATE_DOCUMENTS=1` writes the tables anew. */
test('the document of the sources has the tables by which they are trusted', () => {
  const text = readFileSync(FILE, 'utf8');
  // biome-ignore lint/style/noProcessEnv: a switch of this test
  if (process.env['UPDATE_DOCUMENTS'] === '1') writeFileSync(FILE, rendered(text));
  else assert.equal(text, rendered(text));
  const marked = [...text.matchAll(MARK)].map(match => match[2]);
  assert.deepEqual(marked.toSorted(), Object.keys(TRUST).toSorted());
});

test('the document of the sources tells of each format', () => {
  const text = readFileSync(FILE, 'utf8');
  for (const { name } of FORMATS)
    assert.match(text, new RegExp(`^## ${name}$|\\bCSV\\b`, 'm'), name);
});
