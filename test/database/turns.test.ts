import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurns, slicesOf } from '../../src/database/statement.js';

const rows = Array.from({ length: 12_001 }, (_, row) => row);

test('rows of a whole upload are asked for some thousands at a time, in their order, and each once', async () => {
  const sizes: number[] = [];
  let running = 0;
  const found = await inTurns(rows, async some => {
    running += 1;
    assert.equal(running, 1, 'one after another: they share a connection');
    sizes.push(some.length);
    await new Promise(setImmediate);
    running -= 1;
    return some;
  });
  assert.deepEqual(found, rows);
  assert.ok(sizes.every(size => size <= 5_000));
  assert.deepEqual(slicesOf(rows).flat(), rows);
});

test('of no rows nothing is asked', async () => {
  const nobody = async (): Promise<never> => assert.fail('nothing was to be asked');
  assert.deepEqual(await inTurns([], nobody), []);
});
