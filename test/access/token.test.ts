import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashOf, isTokenText, newTokenText, TokenKind } from '../../src/access/token.js';

test('a token has a mark that scanners find, and a checksum', () => {
  for (const [kind, mark] of [
    [TokenKind.API, 'wgt_'],
    [TokenKind.SENSOR, 'wgs_'],
  ] as const) {
    const text = newTokenText(kind);
    assert.match(text, /^wg[tsb]_[0-9A-Za-z]{49}$/);
    assert.ok(text.startsWith(mark));
    assert.ok(isTokenText(text));
    assert.notEqual(newTokenText(kind), text);
  }
  assert.equal(hashOf('a').length, 64);
});

test('a token with one other character is told from a token', () =>
  fc.assert(
    fc.property(fc.nat({ max: 48 }), fc.constantFrom(...'0aZ9x'), (place, other) => {
      const text = newTokenText(TokenKind.API);
      const at = place + 4;
      fc.pre(text[at] !== other);
      return !isTokenText(text.slice(0, at) + other + text.slice(at + 1));
    }),
    { numRuns: 50 },
  ));
