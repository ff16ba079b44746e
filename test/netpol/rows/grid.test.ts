import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grid } from '../../../src/netpol/rows/grid.js';

test('each pair of numbers is computed once, whatever the order in which they come', () => {
  const asked: string[] = [];
  const answer = grid((one, other) => {
    asked.push(`${one} ${other}`);
    return one * 1_000 + other;
  });
  const numbers = [0, 1, 63, 64, 65, 127, 128, 129, 500, 2];
  for (const round of [1, 2]) {
    for (const one of numbers) {
      for (const other of numbers) {
        assert.equal(answer(one, other), one * 1_000 + other, `${one} ${other}, round ${round}`);
      }
    }
  }
  assert.equal(asked.length, numbers.length ** 2);
  assert.equal(new Set(asked).size, asked.length);
});
