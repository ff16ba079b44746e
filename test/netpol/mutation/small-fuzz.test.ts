import { test } from 'node:test';
import fc from 'fast-check';
import { smallWorld } from '../model/arbitrary-world.js';
import { described, trial } from '../model/trial.js';

/**
 * Some worlds that differ from those of `fuzz.test.ts`. Mutation testing runs this file in its place:
 * it is over in a second and does not shrink what it finds.
 */
test('engine and model agree on the verdicts of a few worlds', () => {
  for (const [place, world] of fc.sample(smallWorld, { seed: 77, numRuns: 30 }).entries()) {
    const found = trial(world, place, 50, new Map());
    if (found !== null) throw new Error(described(found));
  }
});
