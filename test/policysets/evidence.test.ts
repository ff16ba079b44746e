import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, labs } from '../support/lab.js';
import { SHOP } from '../support/shop.js';
import { simulate } from '../support/simulate.js';

const lab = labs();

const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) {
  policies { name rules { direction peer ports evidence { flows first last days events } } } problems { code severity message } } }`;
const ALERTS = `query ($cluster: String!) { alerts(filter: { cluster: { eq: $cluster } }, orderBy: { field: LAST_OCCURRED, direction: ASC }) { nodes {
  rule severity occurrences firstOccurredAt lastOccurredAt message } } }`;

const day = (number: number, hour = 10): string =>
  new Date(Date.UTC(2026, 9, 27 + number, hour)).toISOString();

const saw = (port: number, time: string, verdict: string | undefined, events = 1): object =>
  flow('shop/web', 'shop/api', port, { time, verdict, events });

/** 27 days of traffic to 8080, the last packet of which is dropped for want of memory; and others. */
const HISTORY = [
  ...Array.from({ length: 27 }, (_, number) => saw(8080, day(number), 'ALLOWED', 10)),
  saw(8080, day(27), 'ERROR', 2),
  saw(8081, day(3), 'ALLOWED', 4),
  saw(8081, day(20), 'DENIED', 6),
  saw(8082, day(4), 'DENIED'),
  saw(8083, day(5), 'AUDIT'),
  saw(8084, day(6), 'ERROR'),
  saw(8085, day(7), undefined),
];

type Rule = {
  readonly peer: string;
  readonly ports: readonly string[];
  readonly evidence: object;
};
type Told = { readonly code: string; readonly message: string };

const stamp = (time: string): string => time.replace('000Z', '000000Z');

test('what was let through in the window is evidence, whatever the dataplane said last', async () => {
  const shop = lab('evidence');
  await shop.take(SHOP);
  await shop.see(...HISTORY);
  const { policies, problems } = await shop.call(GENERATE, { deployments: ['api'], name: 'all' });
  const rules: readonly Rule[] = policies[0].rules.filter(({ peer }: Rule) => peer === 'shop/web');
  assert.deepEqual(
    rules.flatMap(({ ports }) => ports),
    ['TCP 8080', 'TCP 8081', 'TCP 8083', 'TCP 8084', 'TCP 8085'],
  );
  const doubted = problems.filter(({ code }: Told) => code.endsWith('_EVIDENCE'));
  assert.deepEqual(
    doubted.map(({ code, message }: Told) => [code, /\(TCP \d+\)/.exec(message)?.[0]]),
    [
      ['AUDITED_EVIDENCE', '(TCP 8083)'],
      ['FAILED_EVIDENCE', '(TCP 8084)'],
    ],
  );
  const late = await shop.call(GENERATE, {
    ...{ deployments: ['api'], name: 'late' },
    ...{ since: day(19, 0), until: day(28, 0) },
  });
  const [only, ...others]: readonly Rule[] = late.policies[0].rules.filter(
    ({ peer }: Rule) => peer === 'shop/web',
  );
  assert.deepEqual([only?.ports, others], [['TCP 8080'], []]);
  assert.deepEqual(only?.evidence, {
    flows: 1,
    first: stamp(day(19)),
    last: stamp(day(26, 11)),
    days: 8,
    events: '80',
  });
});

test('what the dataplane denied already is not newly blocked by a set that was made without it', async () => {
  const shop = lab('denied already');
  await shop.take(SHOP);
  await shop.see(...HISTORY);
  await shop.call(GENERATE, { deployments: ['api'], name: 'all' });
  const { simulation } = await simulate(shop, { policySet: 'all' });
  assert.deepEqual(simulation.summary, {
    ...{ stillAllowed: 5, newlyBlocked: 0, newlyAllowed: 0 },
    ...{ stillBlocked: 1, undecidable: 0 },
  });
  const blocked = simulation.days.filter(
    (one: { readonly class: string }) => one.class === 'STILL_BLOCKED',
  );
  assert.deepEqual(blocked, [
    { day: '2026-10-31', class: 'STILL_BLOCKED', flows: 1, events: '1' },
    { day: '2026-11-16', class: 'STILL_BLOCKED', flows: 1, events: '6' },
  ]);
});

test('a denial between two allowed packets alerts in one batch as in three, and an error never', async () => {
  const denied = saw(8080, '2026-11-20T10:20:00Z', 'DENIED', 3);
  const records = [
    saw(8080, '2026-11-20T10:10:00Z', 'ALLOWED', 5),
    denied,
    saw(8080, '2026-11-20T10:30:00Z', 'ALLOWED', 7),
    saw(8081, '2026-11-20T10:40:00Z', 'ERROR'),
    flow('shop/job', 'shop/api', 8080, { time: '2026-11-20T10:50:00Z', verdict: 'AUDIT' }),
  ];
  const [one, three] = [lab('one batch'), lab('three batches')];
  await one.see(...records);
  for (const record of records) await three.see(record);
  const alertsOf = async ({ ask, cluster }: typeof one) =>
    (await ask(ALERTS, { cluster })).alerts.nodes;
  const raised = await alertsOf(one);
  const at = (time: string) => ({ firstOccurredAt: time, lastOccurredAt: time });
  assert.deepEqual(raised, [
    {
      ...{ rule: 'DENIED', severity: 'MEDIUM', occurrences: '3' },
      ...at('2026-11-20T10:20:00.000000Z'),
      message: '`shop/web` -> `shop/api` (TCP 8080): policy denied it',
    },
    {
      ...{ rule: 'AUDITED', severity: 'LOW', occurrences: '1' },
      ...at('2026-11-20T10:50:00.000000Z'),
      message: '`shop/job` -> `shop/api` (TCP 8080): policy would deny it were it enforced',
    },
  ]);
  assert.deepEqual(await alertsOf(three), raised);
});

test('what the source let out and the destination refused is no evidence, unless some of it arrived', async () => {
  const shop = lab('refused');
  await shop.take(SHOP);
  const said = (port: number, reporter: string, verdict: string, events: number): object =>
    flow('shop/web', 'shop/api', port, { time: day(1), reporter, verdict, events });
  const all = [said(8080, 'SOURCE', 'ALLOWED', 3), said(8080, 'DESTINATION', 'DENIED', 3)];
  const some = [said(8081, 'SOURCE', 'ALLOWED', 3), said(8081, 'DESTINATION', 'DENIED', 2)];
  const alone = [said(8082, 'SOURCE', 'ALLOWED', 3)];
  for (const one of [...all, ...some.toReversed(), ...alone]) await shop.see(one);
  const { policies } = await shop.call(GENERATE, { deployments: ['api'], name: 'all' });
  const rules: readonly Rule[] = policies[0].rules.filter(({ peer }: Rule) => peer === 'shop/web');
  assert.deepEqual(
    rules.flatMap(({ ports }) => ports),
    ['TCP 8081', 'TCP 8082'],
  );
});
