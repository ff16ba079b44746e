import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PastHour, PastPolicy } from '../../src/alerts/cluster-past.store.js';
import { outsideChanges } from '../../src/alerts/past-changes.js';
import { pastGaps } from '../../src/alerts/past-gaps.js';
import { isGap, lookedAt, type Silence } from '../../src/alerts/silence.js';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 22);

/** A source looked at each minute; of each minute whether it showed what was of then. */
const watched = (came: readonly boolean[], behind = 0): Silence => {
  let newest = START - behind;
  let silence = lookedAt(null, newest, START);
  for (const [place, isNew] of came.entries()) {
    const at = START + (place + 1) * MINUTE;
    if (isNew) newest = at - behind;
    silence = lookedAt(silence, newest, at);
  }
  return silence;
};

const minutes = (count: number, isNew: boolean): readonly boolean[] =>
  Array.from({ length: count }, () => isNew);
const every = (period: number, times: number): readonly boolean[] =>
  Array.from({ length: period * times }, (_, place) => (place + 1) % period === 0);

const SILENCES: readonly (readonly [string, readonly boolean[], number, boolean])[] = [
  ['it came each minute, and stopped', [...minutes(60, true), ...minutes(120, false)], 0, true],
  ['it has not stopped for long enough', [...minutes(60, true), ...minutes(119, false)], 0, false],
  ['it came a few times', [...minutes(9, true), ...minutes(500, false)], 0, false],
  ['it comes once an hour', [...every(60, 20), ...minutes(179, false)], 0, false],
  ['it came once an hour', [...every(60, 20), ...minutes(180, false)], 0, true],
  ['it came once a day', [...every(1_440, 12), ...minutes(2_000, false)], 0, false],
  [
    'it was of an archive',
    [...minutes(500, true), ...minutes(500, false)],
    7 * 24 * 60 * MINUTE,
    false,
  ],
  [
    'a gap of hours is forgotten',
    [...minutes(60, true), ...minutes(600, false), ...minutes(60, true), ...minutes(120, false)],
    0,
    true,
  ],
];

test('a source is silent when it came steadily and stopped for longer than it pauses', () => {
  for (const [name, came, behind, expected] of SILENCES)
    assert.equal(isGap(watched(came, behind), 120), expected, name);
});

test('time in which nobody looked is no silence', () => {
  const before = watched(minutes(60, true));
  const after = lookedAt(before, before.newestAt, before.checkedAt + 600 * MINUTE);
  assert.equal(after.silentSeconds, 120);
});

const HOUR = 60 * MINUTE;

/** Hours of a source that came all the time, but in the hours that are left out. */
const hoursBut = (count: number, ...without: readonly number[]): readonly PastHour[] =>
  Array.from({ length: count }, (_, hour) => hour)
    .filter(hour => !without.includes(hour))
    .map(hour => ({
      source: 'hubble',
      records: 500,
      firstAt: START + hour * HOUR,
      lastAt: START + (hour + 1) * HOUR - 1,
    }));

test('gaps of the past are those that the rule would have told', () => {
  const window = { from: START + 24 * HOUR, until: START + 48 * HOUR };
  const starts = (hours: readonly PastHour[], minutes = 120) =>
    pastGaps(hours, minutes, window).map(at => Math.ceil((at - START) / HOUR));
  assert.deepEqual(starts(hoursBut(48)), []);
  assert.deepEqual(starts(hoursBut(48, 30, 31, 32, 40, 41, 42, 43)), [30, 40]);
  assert.deepEqual(starts(hoursBut(48, 30, 31, 32, 40, 41, 42, 43), 200), [40]);
  assert.deepEqual(starts(hoursBut(48, 10, 11, 12)), [], 'before the window');
  assert.deepEqual(starts(hoursBut(45)), [45], 'it lasts');
  assert.deepEqual(starts([]), []);
});

type Step = readonly [hour: number, meaning: string | null];

/** From an hour of the day on, the last one still. */
const versions = (...steps: readonly Step[]) =>
  steps.flatMap(([hour, meaning], place): readonly PastPolicy[] => {
    const at = (one: number): string => `2026-11-22T${String(one).padStart(2, '0')}`;
    const next = steps[place + 1];
    const policy = { policyId: 'p', kind: 'NetworkPolicy', namespace: 'shop', name: 'api' };
    return meaning === null
      ? []
      : [{ ...policy, document: meaning, validFrom: at(hour), validTo: next ? at(next[0]) : null }];
  });

const CHANGES: readonly (readonly [string, readonly Step[], string])[] = [
  ['nothing was known before the first', [[0, 'a']], ''],
  ['it was made', [[4, 'a']], '04 made'],
  [
    'before the window',
    [
      [1, 'a'],
      [2, 'b'],
    ],
    '',
  ],
  [
    'changed, and deleted besides',
    [
      [0, 'a'],
      [4, 'b'],
      [5, null],
    ],
    '04 changed, 05 deleted',
  ],
  [
    'taken back, and changed once more',
    [
      [0, 'a'],
      [4, 'b'],
      [5, 'a'],
      [6, 'b'],
    ],
    '04 changed, 06 changed',
  ],
  [
    'as a set has it',
    [
      [0, 'a'],
      [4, 'ours'],
      [5, 'b'],
    ],
    '05 changed',
  ],
  [
    'after the window',
    [
      [0, 'a'],
      [9, 'b'],
    ],
    '',
  ],
  [
    'a change of labels',
    [
      [0, 'a'],
      [4, 'a'],
    ],
    '',
  ],
];

test('changes of the past are those that the rule would have told', () => {
  for (const [name, steps, expected] of CHANGES) {
    const found = outsideChanges(versions(...steps), {
      meaningOf: ({ document }) => document as string,
      isOurs: meaning => meaning === 'ours',
      firstKnown: '2026-11-22T00',
      since: '2026-11-22T03',
      until: '2026-11-22T09',
    });
    const told = found.map(({ at, did }) => `${at.slice(-2)} ${did}`).join(', ');
    assert.equal(told, expected, name);
  }
});
