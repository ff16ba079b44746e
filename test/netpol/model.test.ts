import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCases } from './model/cases.js';
import { isRefused } from './model/refuse.js';
import { askWorld, worldOf } from './model/verdict.js';

for (const { file, name, modes, objects, refused, asked } of readCases()) {
  test(`the model, ${file}: ${name}`, () => {
    const world = worldOf(objects, modes);
    for (const { text, question, expected } of asked) {
      assert.deepEqual(askWorld(world, question), expected, text);
    }
    if (refused !== null) assert.equal(objects.filter(isRefused).length, refused);
  });
}
