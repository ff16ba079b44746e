import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decaysAfter } from '../../src/baselines/decay.js';
import { patternOf } from '../../src/baselines/pattern.js';
import { flow, labs } from '../support/lab.js';

const lab = labs();

const LEARN =
  'mutation ($input: GenerateBaselinesInput!) { generateBaselines(input: $input) { problems { code } } }';
const SET =
  'mutation ($input: SetBaselineSettingsInput!) { setBaselineSettings(input: $input) { problems { code } } }';
const CONFIRM =
  'mutation ($input: ConfirmBaselineEntriesInput!) { confirmBaselineEntries(input: $input) { changed } }';
const DECAY = `query ($scope: BaselineDecayScope!) { baselineDecay(scope: $scope) { problems { code }
  entries { nodes { unseenDays lastSeenAt entry { direction port status } } } } }`;
const APPLY =
  'mutation ($input: ApplyBaselineDecayInput!) { applyBaselineDecay(input: $input) { changed problems { code } } }';

const at = (day: number): { readonly time: string } => ({
  time: new Date(Date.UTC(2026, 9, day, 10)).toISOString(),
});

test('what was not seen for long is proposed, by observation time, and taken out when somebody says so', async () => {
  const shop = lab('decay');
  const { cluster } = shop;
  await shop.see(
    flow('shop/web', 'shop/api', 8080, at(1)),
    flow('shop/web', 'shop/old', 9090, at(1)),
    flow('shop/web', 'shop/kept', 7070, at(1)),
  );
  await shop.call(LEARN);
  await shop.call(CONFIRM, { entries: [{ port: 7070 }] });
  const proposed = async () => (await shop.ask(DECAY, { scope: { cluster } })).baselineDecay;
  assert.deepEqual(
    await proposed(),
    { problems: [], entries: { nodes: [] } },
    'silence lets nothing decay',
  );
  await shop.see(flow('shop/web', 'shop/api', 8080, at(25)));
  assert.deepEqual((await proposed()).entries.nodes, [], '30 days by default');
  await shop.call(SET, { decayDays: 20 });
  const one = { unseenDays: 24, lastSeenAt: '2026-10-01T10:00:00.000000Z' };
  assert.deepEqual(
    (await proposed()).entries.nodes.toSorted((a: { entry: { direction: string } }) =>
      a.entry.direction === 'EGRESS' ? -1 : 1,
    ),
    ['EGRESS', 'INGRESS'].map(direction => ({
      ...one,
      entry: { direction, port: 9090, status: 'OBSERVED' },
    })),
  );
  assert.deepEqual(await shop.call(APPLY), { changed: 2, problems: [] });
  assert.deepEqual(await shop.call(APPLY), { changed: 0, problems: [] });
  assert.deepEqual((await proposed()).entries.nodes, []);
});

const SPAN = { first: '2026-10-01T00:10:00Z', coveredHours: 24 * 60 };

const seen = (days: readonly string[], clock: readonly number[], hours = days.length) => ({
  firstSeenAt: `${days[0]}T${String(clock[0]).padStart(2, '0')}:00:00Z`,
  days,
  hours,
  clock: clock.reduce((mask, hour) => mask | (1 << hour), 0),
});

for (const [name, flow, span, pattern] of [
  ['too short a time', seen(['2026-10-01'], [3]), { ...SPAN, coveredHours: 23 }, null],
  ['the first hour alone', seen(['2026-10-01'], [0]), SPAN, 'START_UP'],
  ['one later hour', seen(['2026-10-05'], [3]), SPAN, 'ONCE'],
  ['each night', seen(['2026-10-01', '2026-10-02', '2026-10-03'], [3]), SPAN, 'DAILY'],
  [
    'each day at another hour',
    seen(['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-04'], [3, 7, 12, 20]),
    SPAN,
    'REGULAR',
  ],
  ['each Monday', seen(['2026-10-05', '2026-10-12', '2026-10-19'], [3]), SPAN, 'WEEKLY'],
  ['each first of the month', seen(['2026-10-01', '2026-11-01'], [3]), SPAN, 'MONTHLY'],
  ['many hours of a day', seen(['2026-10-01'], [1, 2, 3, 4], 4), SPAN, 'REGULAR'],
] as const)
  test(`the pattern of what was seen: ${name}`, () => {
    assert.equal(patternOf(flow, span), pattern);
  });

test('a monthly entry decays after three months, others after the days that are set', () => {
  assert.deepEqual(
    (['MONTHLY', 'WEEKLY', 'DAILY', 'ONCE', null] as const).map(pattern =>
      decaysAfter({ pattern }, 30),
    ),
    [93, 30, 30, 30, 30],
  );
});
