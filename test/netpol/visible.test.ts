import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import {
  csvField,
  dotQuoted,
  markdownCell,
  renderDocument,
  visible,
  visibleJson,
} from '../../src/netpol/index.js';

const HIDDEN: readonly (readonly [what: string, text: string, shown: string])[] = [
  ['an escape sequence', '\u001b[2J', '\\u{1b}[2J'],
  ['a sequence that begins by one character', '\u009b2J', '\\u{9b}2J'],
  ['a carriage return', 'a\rb', 'a\\u{d}b'],
  ['a line feed', 'a\nb', 'a\\u{a}b'],
  ['a turn of the direction', 'a\u202eb', 'a\\u{202e}b'],
  ['an isolate', 'a\u2066b', 'a\\u{2066}b'],
  ['a mark of Arabic letters', 'a\u061cb', 'a\\u{61c}b'],
  ['a character of no width', 'a\u200bb', 'a\\u{200b}b'],
  ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
  ['a tag', 'a\u{e0041}b', 'a\\u{e0041}b'],
];

for (const [what, text, shown] of HIDDEN)
  test(`${what} is shown in a line, kept in JSON, and cannot be hidden in a comment`, () => {
    assert.equal(visible(text), shown);
    const json = visibleJson(JSON.stringify({ text }));
    assert.deepEqual(JSON.parse(json), { text });
    assert.equal(visible(json), json);
    assert.equal(visible(csvField(text)), csvField(text));
    assert.equal(visible(markdownCell(text)), markdownCell(text));
    const policy = { metadata: { name: 'x' }, spec: { ingress: [{}] } };
    const ingress = new Map([[0, `seen from ${text}\nkind: Secret`]]);
    const yaml = renderDocument(policy, { document: `of ${text}: {}`, ingress });
    assert.deepEqual(parse(yaml), policy);
    assert.equal(visible(yaml.replaceAll('\n', '')), yaml.replaceAll('\n', ''));
  });

for (const [text, field] of [
  ['shop/web', 'shop/web'],
  ['=1+1', "'=1+1"],
  ['+cmd|x', "'+cmd|x"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
  ['\t=1', '\\u{9}=1'],
  ['-12.5', '-12.5'],
  ['+3', '+3'],
  ['-', '-'],
  ['a,b', '"a,b"'],
] as const)
  test(`a field of CSV that holds ${JSON.stringify(text)} is no formula`, () =>
    assert.equal(csvField(text), field));

for (const [text, cell] of [
  ['shop/web[Deployment]', 'shop/web[Deployment]'],
  ['a|b', 'a\\|b'],
  ['a\\|b', 'a\\\\\\|b'],
  ['[x](javascript:alert(1))', '[x\\](javascript:alert(1))'],
  ['![x](http://evil.example/i.png)', '![x\\](http://evil.example/i.png)'],
  ['<img src=x>', '\\<img src=x>'],
] as const)
  test(`a cell of Markdown that holds ${JSON.stringify(text)} is one cell of text`, () =>
    assert.equal(markdownCell(text), cell));

for (const [text, quoted] of [
  ['a"b', '"a\\"b"'],
  ['a\\', '"a\\\\"'],
  ['a\\" -> b; x [label="', '"a\\\\\\" -> b; x [label=\\""'],
  ['a\nb', '"a\\\\u{a}b"'],
] as const)
  test(`a name of DOT that holds ${JSON.stringify(text)} ends where it ends`, () =>
    assert.equal(dotQuoted(text), quoted));
