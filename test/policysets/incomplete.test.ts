import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Completeness } from '../../src/flows/completeness.js';
import { confidenceOf } from '../../src/netpol/index.js';
import { doubtsOf, noRestart } from '../../src/policysets/incomplete.js';

const WHOLE: Completeness = {
  since: null,
  until: null,
  firstSeenAt: '2026-11-01T00:00:00Z',
  lastSeenAt: '2026-11-11T00:00:00Z',
  flows: 10,
  lostEvents: '0',
  rejectedRecords: '0',
  unresolvedFlows: 0,
  silentHours: 0,
  silentDeployments: [],
  unresolvedShare: 0,
  idleCronJobs: [],
  cutDays: [],
  forgottenUntil: null,
  sources: [
    {
      name: 'hubble',
      accepted: '300',
      duplicates: '0',
      withoutId: '0',
      lost: '0',
      sampling: null,
      skipped: {},
      rejected: {},
      firstAt: null,
      lastAt: null,
      gapCount: 0,
      gaps: [],
    },
  ],
};

const source = WHOLE.sources[0];

const CASES: readonly (readonly [string, Partial<Completeness>, string, number, RegExp])[] = [
  ['lost events', { lostEvents: '100' }, 'EVENTS_LOST', 0.75, /lost 100 events/],
  ['rejected records', { rejectedRecords: '100' }, 'RECORDS_REJECTED', 0.75, /100 records/],
  ['gaps', { silentHours: 24 }, 'GAPS', 0.9, /24 hours/],
  ['a gap of nearly all', { silentHours: 239 }, 'GAPS', 0.1, /239 hours/],
  [
    'a day',
    { lastSeenAt: '2026-11-02T06:00:00Z' },
    'SHORT_WINDOW',
    0.8,
    /only 30 hours of traffic/,
  ],
  ['a moment', { lastSeenAt: '2026-11-01T00:00:01Z' }, 'SHORT_WINDOW', 0.5, /only a moment/],
  ['a minute', { lastSeenAt: '2026-11-01T00:01:00Z' }, 'SHORT_WINDOW', 0.5, /only 1 minute of/],
  ['jobs', { idleCronJobs: ['shop/nightly'] }, 'JOBS_NOT_RUN', 0.9, /1 CronJob never.*nightly/],
  [
    'sampling',
    { sources: source === undefined ? [] : [{ ...source, sampling: 50 }] },
    'SAMPLED',
    0.7,
    /one of 50/,
  ],
];

for (const [what, parts, code, factor, says] of CASES)
  test(`${what} lower the confidence and are told`, () => {
    const doubts = doubtsOf({ ...WHOLE, ...parts });
    assert.deepEqual(
      doubts.map(({ problem, factor: share }) => [problem.code, share]),
      [[code, factor]],
    );
    assert.match(doubts[0]?.problem.message ?? '', says);
  });

test('a window in which nothing is missing leaves no doubt', () => {
  assert.deepEqual(doubtsOf(WHOLE), []);
  assert.deepEqual(doubtsOf({ ...WHOLE, firstSeenAt: null, lastSeenAt: null }), []);
  assert.deepEqual(noRestart([]), []);
  assert.equal(noRestart(['shop/web'])[0]?.problem.code, 'NO_RESTART');
});

test('the confidence is 1 for a week of many events, less for less, and never more than what was seen', () => {
  const of = (days: number, events: bigint, seen = 1) => confidenceOf({ days, events }, seen);
  assert.equal(of(7, 99n), 1);
  assert.equal(of(30, 1_000_000n), 1);
  assert.equal(of(1, 1n), 0.15);
  assert.equal(of(3, 9n), 0.45);
  assert.equal(of(7, 99n, 0.5), 0.5);
  assert.equal(of(7, 99n, 2), 1);
  assert.equal(confidenceOf(null, 0.1), 1);
});
