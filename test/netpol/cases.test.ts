import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Severity } from '../../src/netpol/index.js';
import { readCases } from './model/cases.js';
import { askEngine, engineOf } from './model/engine.js';

for (const { file, name, modes, objects, refused, asked } of readCases()) {
  test(`the engine, ${file}: ${name}`, () => {
    const engine = engineOf(objects, modes, 'yaml documents');
    for (const { text, question, expected } of asked) {
      assert.deepEqual(askEngine(engine, question), expected, text);
    }
    if (refused === null) return;
    const problems = engine.reading.problems.filter(({ severity }) => severity === Severity.ERROR);
    assert.equal(problems.length > 0, refused > 0, JSON.stringify(engine.reading.problems));
    for (const { place } of problems) assert.ok(place && place.line > 1 && place.column > 0);
  });
}
