import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCases } from './model/cases.js';
import { isRefused } from './model/refuse.js';
import { modelVerdict } from './model/verdict.js';

for (const { file, name, modes, objects, refused, asked } of readCases()) {
  test(`the model, ${file}: ${name}`, () => {
    for (const { text, question, expected } of asked) {
      assert.deepEqual(modelVerdict(objects, modes, question), expected, text);
    }
    if (refused !== null) assert.equal(objects.filter(isRefused).length, refused);
  });
}
