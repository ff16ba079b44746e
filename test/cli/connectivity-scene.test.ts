import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allLists } from './scene.js';

test('the connectivity commands print what scene.txt says, in every format', async () => {
  const written = readFileSync(new URL('scene.txt', import.meta.url), 'utf8');
  assert.equal(
    await allLists(),
    written,
    'where the change is meant: node --import tsx test/cli/write-scene.ts, and read its difference',
  );
});
