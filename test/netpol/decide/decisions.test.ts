import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allDecisions } from './decisions.js';

test('decisions in the scene are those of decisions.txt, with their reasons and missing facts', () => {
  const written = readFileSync(new URL('decisions.txt', import.meta.url), 'utf8');
  assert.equal(
    allDecisions(),
    written,
    'where the change is meant: node --import tsx test/netpol/decide/write-decisions.ts, and read its difference',
  );
});
