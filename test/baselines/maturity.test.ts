import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Maturity,
  maturityOf,
  missingOf,
  type OwnHour,
} from '../../src/baselines/maturity.js';

const NEEDS = { observationHours: 6, quietHours: 2, minEvents: 5 };

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, place) => from + place);

/** `hour: [new flows, events]` */
const own = (hours: Readonly<Record<number, readonly [number, number]>>): readonly OwnHour[] =>
  Object.entries(hours).map(([hour, [fresh, events]]) => ({ hour: Number(hour), fresh, events }));

type Case = {
  readonly name: string;
  readonly covered: readonly number[];
  readonly own: Readonly<Record<number, readonly [number, number]>>;
  readonly needs?: Partial<typeof NEEDS>;
  /** stable since, covered hours, quiet hours, last new */
  readonly closed: readonly [number | null, number, number, number | null];
  readonly open: readonly [number | null, number, number, number | null];
};

const same = (...at: Case['closed']) => ({ closed: at, open: at });

const CASES: readonly Case[] = [
  { name: 'nothing seen', covered: range(0, 50), own: {}, ...same(null, 0, 0, null) },
  {
    name: 'hours before the deployment was seen do not count',
    covered: range(0, 50),
    own: { 46: [1, 9] },
    ...same(null, 4, 3, 46),
  },
  {
    name: 'the last hour of the period makes it stable',
    covered: range(0, 6),
    own: { 0: [2, 9] },
    ...same(6, 6, 5, 0),
  },
  {
    name: 'an hour short of the period',
    covered: range(0, 5),
    own: { 0: [2, 9] },
    ...same(null, 5, 4, 0),
  },
  {
    name: 'gaps do not count',
    covered: [0, 1, 2, 40, 41],
    own: { 0: [1, 9] },
    ...same(null, 5, 4, 0),
  },
  {
    name: 'a gap puts it off by as much',
    covered: [0, 1, 2, 40, 41, 42],
    own: { 0: [1, 9] },
    ...same(43, 6, 5, 0),
  },
  {
    name: 'something new at the end of the period puts it off by the quiet hours',
    covered: range(0, 10),
    own: { 0: [1, 9], 5: [1, 1] },
    ...same(8, 10, 4, 5),
  },
  {
    name: 'too few events',
    covered: range(0, 50),
    own: { 0: [1, 4] },
    ...same(null, 50, 49, 0),
  },
  {
    name: 'the event that makes enough makes it stable',
    covered: range(0, 50),
    own: { 0: [1, 4], 30: [0, 1] },
    ...same(31, 50, 49, 0),
  },
  {
    name: 'something new after it was stable: open learning is over, a closed window learned it',
    covered: range(0, 20),
    own: { 0: [1, 9], 15: [1, 1] },
    closed: [18, 20, 4, 15],
    open: [6, 20, 19, 0],
  },
  {
    name: 'no quiet hours asked: the hour of something new may end the period',
    covered: range(0, 6),
    own: { 0: [1, 9], 5: [1, 1] },
    needs: { quietHours: 0 },
    ...same(6, 6, 0, 5),
  },
  {
    name: 'an hour that only flows tell of is covered',
    covered: range(0, 5),
    own: { 0: [1, 9], 5: [0, 1] },
    ...same(6, 6, 5, 0),
  },
];

const shown = ({ stableSince, coveredHours, quietHours, lastNew }: Maturity) => [
  stableSince,
  coveredHours,
  quietHours,
  lastNew,
];

for (const { name, covered, own: hours, needs, closed, open } of CASES)
  test(`maturity: ${name}`, () => {
    const watched = { covered, own: own(hours) };
    const asked = { ...NEEDS, ...needs };
    assert.deepEqual(shown(maturityOf(watched, asked, 'CLOSED')), closed, 'closed');
    assert.deepEqual(shown(maturityOf(watched, asked, 'OPEN')), open, 'open');
  });

const anyWatched = fc.record({
  covered: fc
    .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 })
    .map(hours => hours.toSorted((one, other) => one - other)),
  own: fc
    .uniqueArray(
      fc.record({
        hour: fc.integer({ min: 0, max: 60 }),
        fresh: fc.integer({ min: 0, max: 2 }),
        events: fc.integer({ min: 1, max: 4 }),
      }),
      { selector: ({ hour }) => hour, maxLength: 12 },
    )
    .map(hours => hours.toSorted((one, other) => one.hour - other.hour)),
});

test('nothing is missing of what is stable, and something of what is not', () => {
  fc.assert(
    fc.property(anyWatched, watched => {
      const at = maturityOf(watched, NEEDS, 'CLOSED');
      const { coveredHours, quietHours, events } = missingOf(at, NEEDS);
      assert.equal(at.stableSince !== null, coveredHours + quietHours + events === 0);
    }),
  );
});

test('open learning that has ended stays ended, whatever comes later', () => {
  fc.assert(
    fc.property(anyWatched, fc.integer({ min: 0, max: 60 }), (watched, now) => {
      const until = {
        covered: watched.covered.filter(hour => hour <= now),
        own: watched.own.filter(({ hour }) => hour <= now),
      };
      const before = maturityOf(until, NEEDS, 'OPEN').stableSince;
      if (before !== null) assert.equal(maturityOf(watched, NEEDS, 'OPEN').stableSince, before);
    }),
  );
});
