import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allReadings } from './inputs.js';

test('what is read from the files of inputs/ is what readings.txt says, problems word for word', () => {
  const written = readFileSync(new URL('readings.txt', import.meta.url), 'utf8');
  assert.equal(
    allReadings(),
    written,
    'where the change is meant: node --import tsx test/netpol/reading/write-readings.ts, and read its difference',
  );
});
