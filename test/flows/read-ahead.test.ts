import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostAfter } from '../../src/flows/ingest/ingest.js';
import { inBatches } from '../../src/flows/ingest/read-ahead.js';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 1; number <= count; number++) yield number;
}

/** Batches as the work saw them; each waits until it is let go on. */
const gated = () => {
  const batches: (readonly number[])[] = [];
  const gates: (() => void)[] = [];
  return {
    batches,
    work: async (batch: readonly number[]): Promise<boolean> => {
      batches.push(batch);
      await new Promise<void>(open => gates.push(open));
      return true;
    },
    /** Lets the next work end; afterwards everything that can go on has gone on. */
    release: async (): Promise<void> => {
      gates.shift()?.();
      await new Promise(done => setImmediate(done));
    },
    settled: () => new Promise(done => setImmediate(done)),
  };
};

test('more is made while work is under way, and what is ready is one batch up to the limit', async () => {
  const { batches, work, release, settled } = gated();
  const made: number[] = [];
  async function* noted(): AsyncGenerator<number> {
    for await (const number of numbers(9)) {
      made.push(number);
      yield number;
    }
  }
  const done = inBatches(noted(), { most: () => 3, patience: 0 }, work);
  await settled();
  assert.deepEqual(batches, [[1]]);
  assert.deepEqual(made, [1, 2, 3, 4], 'three wait, the next is not made before');
  await release();
  assert.deepEqual(batches.slice(1), [[2, 3, 4]]);
  assert.deepEqual(made, [1, 2, 3, 4, 5, 6, 7]);
  await release();
  await release();
  await release();
  await done;
  assert.deepEqual(batches, [[1], [2, 3, 4], [5, 6, 7], [8, 9]]);
});

test('work that fails is told at once, even while the input is silent, and nothing more is begun', async () => {
  const seen: (readonly number[])[] = [];
  async function* silent(): AsyncGenerator<number> {
    yield 1;
    yield 2;
    await new Promise(() => {});
  }
  const fail = async (batch: readonly number[]): Promise<boolean> => {
    seen.push(batch);
    await new Promise(done => setImmediate(done));
    throw new Error('out of order');
  };
  await assert.rejects(inBatches(silent(), { most: () => 5, patience: 0 }, fail), /out of order/);
  assert.deepEqual(seen, [[1]]);
});

test('what was ready before the input failed is still worked on', async () => {
  const seen: number[] = [];
  async function* broken(): AsyncGenerator<number> {
    yield* numbers(3);
    throw new Error('cut off');
  }
  const slow = async (batch: readonly number[]): Promise<boolean> => {
    await new Promise(done => setImmediate(done));
    seen.push(...batch);
    return true;
  };
  await assert.rejects(inBatches(broken(), { most: () => 2, patience: 0 }, slow), /cut off/);
  assert.deepEqual(seen, [1, 2, 3]);
});

test('a batch waits until it is full or nothing more comes', async () => {
  const { batches, work, release, settled } = gated();
  const done = inBatches(numbers(7), { most: () => 3, patience: 60_000 }, work);
  await settled();
  assert.deepEqual(batches, [[1, 2, 3]]);
  await release();
  await release();
  await release();
  await done;
  assert.deepEqual(batches, [[1, 2, 3], [4, 5, 6], [7]]);
});

test('a batch that is not full begins when its first has waited long enough, also behind other work', async ({
  mock,
}) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { batches, work, release, settled } = gated();
  const two = Promise.withResolvers<void>();
  const three = Promise.withResolvers<void>();
  async function* slow(): AsyncGenerator<number> {
    yield 1;
    await two.promise;
    yield 2;
    await three.promise;
    yield 3;
  }
  const done = inBatches(slow(), { most: () => 5, patience: 10 }, work);
  await settled();
  mock.timers.tick(9);
  await settled();
  assert.deepEqual(batches, [], 'one waits');
  mock.timers.tick(1);
  await settled();
  assert.deepEqual(batches, [[1]]);
  two.resolve();
  await settled();
  mock.timers.tick(10);
  three.resolve();
  await settled();
  await release();
  assert.deepEqual(batches, [[1], [2, 3]]);
  await release();
  await done;
});

test('work that answers false is the last', async () => {
  const seen: number[] = [];
  await inBatches(
    numbers(5),
    { most: () => 1, patience: 0 },
    async batch => seen.push(...batch) < 2,
  );
  assert.deepEqual(seen, [1, 2]);
});

test('transactions grow while they are quick and full, and shrink when one was slow', () => {
  assert.equal(mostAfter(20, 20, 1_000), 40);
  assert.equal(mostAfter(20, 7, 1_000), 20, 'more were not ready');
  assert.equal(mostAfter(64, 64, 1_000), 64);
  assert.equal(mostAfter(20, 20, 6_000), 20);
  assert.equal(mostAfter(40, 12, 20_000), 20);
  assert.equal(mostAfter(5, 5, 20_000), 5);
});
