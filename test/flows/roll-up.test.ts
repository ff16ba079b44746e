import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, type Lab, labs, until } from '../support/lab.js';

const lab = labs();

const SET = `mutation ($input: SetRollUpInput!) { setRollUp(input: $input) {
  cluster { rollUpDays } job { id kind } problems { code } } }`;
const KEEP = `mutation ($input: SetRetentionInput!) { setRetention(input: $input) { job { id } } }`;
const JOB = `query ($id: ID!) { node(id: $id) { ... on Job { status } } }`;
const ROLLED = `query ($cluster: String!) { cluster(name: $cluster) { rolledUntil } }`;
const COUNTED = `query ($filter: FlowFilter!, $since: TimeBound, $until: TimeBound, $cluster: String!) {
  flows(filter: $filter) { nodes { counts(since: $since, until: $until) { events connections bytes allowed denied } } }
  cluster(name: $cluster) { completeness(since: $since, until: $until) { silentHours cutDays } } }`;
const POINTS = `query ($filter: FlowFilter!) { flows(filter: $filter) { nodes {
  history(by: HOUR) { points { at counts { events } } } } } }`;

const counted = ({ ask, cluster }: Lab, since: string | null, before: string | null) =>
  ask(COUNTED, { filter: { cluster: { eq: cluster } }, since, until: before, cluster });

const at = (time: string, verdict: string): object =>
  flow('shop/web', 'shop/api', 8080, {
    time: `2026-11-${time}:00Z`,
    verdict,
    bytes: 10,
    connections: 1,
  });

/** Whole days, both open and closed. */
const WINDOWS: readonly (readonly [string | null, string | null])[] = [
  [null, null],
  ['2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z'],
  ['2026-11-02T00:00:00Z', null],
  [null, '2026-11-02T00:00:00Z'],
  ['2026-11-01T00:00:00Z', '2026-11-20T00:00:00Z'],
];

/** Starts of hours as `11-19T05`, with their events. */
const pointsOf = async ({ ask, cluster }: Lab): Promise<readonly (readonly [string, string])[]> => {
  const { flows } = await ask(POINTS, { filter: { cluster: { eq: cluster } } });
  return flows.nodes[0].history.points.map(
    ({ at: hour, counts }: { at: string; counts: { events: string } }) => [
      hour.slice(5, 13),
      counts.events,
    ],
  );
};

const withoutSilence = ({ flows }: Awaited<ReturnType<typeof counted>>) => flows;

test('hours that are old enough become days: whole days sum as before, and a window that cuts one says so', async () => {
  const shop = lab('rolled');
  await shop.see(
    ...['01T08:10', '01T09:00', '01T09:30', '01T23:59'].map(time => at(time, 'ALLOWED')),
    at('01T10:00', 'DENIED'),
    at('02T05:00', 'ALLOWED'),
    at('06T23:30', 'ALLOWED'),
    at('19T05:00', 'ALLOWED'),
  );
  const sums = () =>
    Promise.all(WINDOWS.map(async window => withoutSilence(await counted(shop, ...window))));
  const before = await sums();
  const { cluster, job } = await shop.call(SET, { days: 7 });
  assert.deepEqual([cluster.rollUpDays, job.kind], [7, 'roll-up']);
  const rolled = async (): Promise<string | null> =>
    (await shop.ask(ROLLED, { cluster: shop.cluster })).cluster.rolledUntil;
  const points = () => pointsOf(shop);
  const isDay = ([hour]: readonly [string, string]) => hour.endsWith('T00') || hour > '11-12';
  await until(async () => (await points()).every(isDay), 'hours are rolled up');
  assert.equal(await rolled(), '2026-11-12T00:00:00.000000Z');
  assert.deepEqual(await points(), [
    ['11-19T05', '1'],
    ['11-06T00', '1'],
    ['11-02T00', '1'],
    ['11-01T00', '5'],
  ]);
  assert.deepEqual(await sums(), before);
  const cut = await counted(shop, '2026-11-01T08:00:00Z', '2026-11-02T06:00:00Z');
  assert.deepEqual(cut.cluster.completeness.cutDays, [
    '2026-11-01T00:00:00.000000Z',
    '2026-11-02T00:00:00.000000Z',
  ]);
  const whole = await counted(shop, '2026-11-01T00:00:00Z', '2026-11-03T00:00:00Z');
  assert.deepEqual(whole.cluster.completeness, { silentHours: 0, cutDays: [] });
  const gap = await counted(shop, '2026-11-02T00:00:00Z', '2026-11-07T00:00:00Z');
  assert.equal(gap.cluster.completeness.silentHours, 3 * 24);
  await shop.see(at('01T12:00', 'ALLOWED'));
  const late = await counted(shop, '2026-11-01T00:00:00Z', '2026-11-07T00:00:00Z');
  assert.equal(late.cluster.completeness.silentHours, 3 * 24, 'a day is seen once');
  await shop.call(SET, { days: 7 });
  await until(async () => (await points()).length === 4, 'what came late is rolled up too');
  assert.deepEqual((await points()).at(-1), ['11-01T00', '6']);
  assert.equal((await shop.call(SET, { days: 0 })).problems[0].code, 'DAYS_INVALID');
});

test('a day whose hours became one count is kept until its last hour is old enough', async () => {
  const shop = lab('kept');
  await shop.see(...['01T01:00', '01T20:00', '09T05:30'].map(time => at(time, 'ALLOWED')));
  await shop.call(SET, { days: 1 });
  await until(async () => (await pointsOf(shop)).length === 2, 'hours are rolled up');
  const kept = async (days: number) => {
    const { job } = await shop.call(KEEP, { days });
    const status = async () => (await shop.ask(JOB, { id: job.id })).node.status;
    await until(async () => (await status()) === 'DONE', 'old hours are forgotten');
    return pointsOf(shop);
  };
  assert.deepEqual(await kept(8), [
    ['11-09T05', '1'],
    ['11-01T00', '2'],
  ]);
  assert.deepEqual(await kept(7), [['11-09T05', '1']]);
});
