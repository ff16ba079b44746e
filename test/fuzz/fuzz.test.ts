import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSchema } from '../../src/schema.js';
import { sharedServer } from '../support/shared-server.js';
import type { Fuzzed } from './budget.js';
import { fuzzDoor } from './fuzz-door.js';
import { fuzzFlows } from './fuzz-flows.js';
import { fuzzGraphql } from './fuzz-graphql.js';
import { fuzzManifests } from './fuzz-manifests.js';
import { fillWorld } from './fuzz-world.js';

// The same runs each time: `npm run fuzz:graphql` and its like look at others, for as long as one likes.
const server = sharedServer();
const SEED = 'test';

const budget = (runs: number) => ({ runs, until: Number.POSITIVE_INFINITY });

function assertNothing({ asked, finding }: Fuzzed, runs: number): void {
  assert.equal(finding, null, JSON.stringify(finding));
  assert.equal(asked, runs);
}

test('mutated records of every flow format are read or refused, one by one', async () =>
  assertNothing(await fuzzFlows(SEED, budget(1_000)), 1_000));

test('mutated manifests are read or refused, one by one', () =>
  assertNothing(fuzzManifests(SEED, budget(300)), 300));

test('mutated bytes at the doors of a server are answered, and never INTERNAL', async () =>
  assertNothing(await fuzzDoor(server(), SEED, budget(60)), 60));

test('random operations are answered, and never INTERNAL', async () => {
  const schema = await createSchema();
  const known = await fillWorld(server());
  const place = { server: server().server, schema, known };
  assertNothing(await fuzzGraphql(place, SEED, budget(300)), 300);
});
