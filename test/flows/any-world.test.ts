import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { labs } from '../support/lab.js';
import { lawRuns } from '../support/law-runs.js';
import { sendAll, toldOf, toTheHour } from './support/world/told.js';
import { anyCut, inOne, type Sending, type Told, tellings } from './support/world/world.js';

const lab = labs();

/** Each asks whole clusters, before and after an import: some seconds. */
const RUNS = lawRuns(2);

type Files = { readonly all: readonly Told[]; readonly cut: readonly Sending[] };

const files: fc.Arbitrary<Files> = tellings(14).chain(all =>
  fc.record({ all: fc.constant(all), cut: anyCut(all) }),
);

const firstShown = (cut: readonly Sending[]): readonly Sending[] => [
  'SNAPSHOT',
  ...cut.filter(one => one !== 'SNAPSHOT'),
];

let clusters = 0;

/** What is told of one cluster, which was sent all of it in this order. */
async function toldAfter(sendings: readonly Sending[]): Promise<object> {
  clusters += 1;
  const shop = lab(`world-${clusters}`);
  await sendAll(shop, sendings);
  return toldOf(shop);
}

test(`what is known is the same in any cut and order of the records, some of which come twice (${RUNS} runs)`, async () => {
  const property = fc.asyncProperty(files, async ({ all, cut }) => {
    assert.deepEqual(await toldAfter(firstShown(cut)), await toldAfter(inOne(all)));
  });
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
});

test(`and, to the hour, wherever the inventory comes between them (${RUNS} runs)`, async () => {
  const property = fc.asyncProperty(files, async ({ all, cut }) => {
    assert.deepEqual(toTheHour(await toldAfter(cut)), toTheHour(await toldAfter(inOne(all))));
  });
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
});
