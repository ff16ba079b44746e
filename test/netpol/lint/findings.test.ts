import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allFindings } from './cases.js';

test('every finding of every rule on the manifests of all cases reads as in findings.txt', () => {
  const written = readFileSync(new URL('findings.txt', import.meta.url), 'utf8');
  assert.equal(
    allFindings(),
    written,
    'where the change is meant: node --import tsx test/netpol/lint/write-findings.ts, and read its difference',
  );
});
