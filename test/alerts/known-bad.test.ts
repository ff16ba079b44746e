import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badAround, badBlocks, namedBad } from '../../src/alerts/known-bad.js';
import { patternAddresses } from '../../src/alerts/read-stix.js';
import { flow, labs } from '../support/lab.js';
import { namespace } from '../support/manifests.js';
import { deployment } from '../support/shop.js';

const PATTERNS: readonly (readonly [string, readonly string[] | null])[] = [
  [`[ipv4-addr:value = '198.51.100.7']`, ['198.51.100.7']],
  [`[ipv4-addr:value = '198.51.100.7/24']`, ['198.51.100.0/24']],
  [
    `[ipv4-addr:value = '192.0.2.1' OR ipv6-addr:value = '2001:DB8::1']`,
    ['192.0.2.1', '2001:db8::1'],
  ],
  [
    `[ipv4-addr:value = '192.0.2.1'] OR [ipv4-addr:value = '192.0.2.2']`,
    ['192.0.2.1', '192.0.2.2'],
  ],
  [`[ipv4-addr:value IN ('192.0.2.1', '192.0.2.2')]`, ['192.0.2.1', '192.0.2.2']],
  [`[ipv4-addr:value ISSUBSET '192.0.2.0/24']`, ['192.0.2.0/24']],
  [`[ipv4-addr:value = '192.0.2.1' AND network-traffic:dst_port = 443]`, null],
  [`[ipv4-addr:value != '192.0.2.1']`, null],
  [`[NOT ipv4-addr:value = '192.0.2.1']`, null],
  [`[ipv4-addr:value = '192.0.2.1'] FOLLOWEDBY [ipv4-addr:value = '192.0.2.2']`, null],
  [`[ipv4-addr:value = '192.0.2.1'] AND [ipv4-addr:value = '192.0.2.2']`, null],
  [`[domain-name:value = 'bad.example']`, null],
  [`[ipv4-addr:value = '192.0.2.1' OR domain-name:value = 'bad.example']`, null],
  [`[ipv4-addr:value = 'nowhere']`, null],
  [`[ipv4-addr:value LIKE '192.%']`, null],
  [`[ipv4-addr:value = '192.0.2.1'] WITHIN 300 SECONDS`, null],
];

test('a STIX pattern is taken where each address alone meets it, and else not at all', () => {
  for (const [pattern, addresses] of PATTERNS)
    assert.deepEqual(patternAddresses(pattern), addresses, pattern);
});

test('an address lies in the blocks around it, of its own family', () => {
  const blocks = badBlocks(['192.0.2.0/24', '192.0.2.7', '0.0.0.0/0', '2001:db8::/32', '::/0']);
  assert.deepEqual(badAround(blocks, '192.0.2.7').toSorted(), [
    '0.0.0.0/0',
    '192.0.2.0/24',
    '192.0.2.7',
  ]);
  assert.deepEqual(badAround(blocks, '192.0.2.128/25').toSorted(), ['0.0.0.0/0', '192.0.2.0/24']);
  assert.deepEqual(badAround(blocks, '192.0.0.0/16'), ['0.0.0.0/0']);
  assert.deepEqual(badAround(blocks, '2001:db8::9').toSorted(), ['2001:db8::/32', '::/0']);
  assert.deepEqual(badAround(blocks, 'nowhere'), []);
});

test('an indicator holds for its time', () => {
  const one = {
    address: '192.0.2.1',
    validFrom: '2026-11-20T00:00:00Z',
    validUntil: '2026-11-22T00:00:00Z',
    name: 'C2',
  };
  const named = (first: string, last: string) =>
    namedBad({ parameters: { indicators: [one] } }, ['192.0.2.1'], { first, last });
  assert.deepEqual(named('2026-11-19T23:00:00Z', '2026-11-20T00:00:00Z'), { name: 'C2' });
  assert.equal(named('2026-11-19T22:00:00Z', '2026-11-19T23:59:59.999999Z'), null);
  assert.equal(named('2026-11-22T00:00:00Z', '2026-11-22T01:00:00Z'), null);
  assert.deepEqual(named('2026-11-21T23:59:59.999Z', '2026-11-22T01:00:00Z'), { name: 'C2' });
});

const lab = labs();

const IMPORT = `mutation ($input: ImportKnownBadInput!) { importKnownBad(input: $input) { added removed rule { parameters }
  problems { code severity } } }`;
const ALERTS = `query ($filter: AlertFilter!) { alerts(filter: $filter) { nodes { rule message state } } }`;

const indicator = (pattern: string, other: object = {}): object => ({
  type: 'indicator',
  spec_version: '2.1',
  pattern,
  pattern_type: 'stix',
  valid_from: '2026-11-01T00:00:00Z',
  ...other,
});

test('a list of indicators is taken in, raises alerts for its time, and is kept current', async () => {
  const shop = lab('indicators');
  const put = (given: object) => shop.call(IMPORT, { cluster: undefined, ...given });
  const bundle = (...objects: readonly object[]) =>
    put({ format: 'STIX', text: JSON.stringify({ type: 'bundle', objects }) });
  const first = await bundle(
    indicator(`[ipv4-addr:value = '192.0.2.1']`, { name: 'C2 of somebody' }),
    indicator(`[ipv4-addr:value = '192.0.2.2']`, { valid_from: '2026-11-29T00:00:00Z' }),
    indicator(`[ipv4-addr:value = '192.0.2.3']`, { valid_until: '2026-11-02T00:00:00Z' }),
    indicator(`[domain-name:value = 'bad.example']`),
    { type: 'malware', name: 'm' },
  );
  assert.deepEqual([first.added, first.removed], [2, 0]);
  assert.deepEqual(first.problems.map(({ code }: { code: string }) => code).toSorted(), [
    'EXPIRED',
    'OTHER_OBJECT',
    'OTHER_PATTERN',
  ]);
  await shop.see(flow('shop/web', '192.0.2.1', 443), flow('shop/web', '192.0.2.2', 443));
  const { alerts } = await shop.ask(ALERTS, {
    filter: { cluster: { eq: shop.cluster }, rule: 'KNOWN_BAD' },
  });
  assert.equal(alerts.nodes.length, 1);
  assert.match(alerts.nodes[0].message, /192\.0\.2\.1.*is a known bad address: C2 of somebody$/);
  const merged = await put({
    format: 'PLAIN',
    text: '# more\n198.51.100.0/24\nnowhere\n',
    mode: 'MERGE',
  });
  assert.deepEqual([merged.added, merged.removed], [1, 0]);
  assert.deepEqual(merged.problems, [{ code: 'BAD_ADDRESS', severity: 'WARNING' }]);
  const back = await put({
    format: 'STIX',
    text: JSON.stringify([indicator(`[ipv4-addr:value = '192.0.2.1']`, { revoked: true })]),
    mode: 'MERGE',
  });
  assert.deepEqual([back.added, back.removed], [0, 1]);
  const unreadable = await put({ format: 'STIX', text: '{' });
  assert.deepEqual(
    [unreadable.rule, unreadable.problems],
    [null, [{ code: 'UNREADABLE', severity: 'ERROR' }]],
  );
  const last = await put({ format: 'PLAIN', text: '203.0.113.9' });
  assert.deepEqual([last.added, last.removed], [1, 2], 'the list replaces all of before');
});

const CREATE =
  'mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) { rule { id scope { podSelector namespaceSelector } } problems { code } } }';
const DELETE =
  'mutation ($input: DeleteAlertRuleInput!) { deleteAlertRule(input: $input) { problems { code } } }';
const NAMES = `query ($filter: AlertFilter!) { alerts(filter: $filter) { nodes { deployment { name } definitions { name } } } }`;

const tiers = (...names: readonly string[]) => ({
  matchExpressions: [{ key: 'tier', operator: 'In', values: names }],
});

test('a rule is about the pods and namespaces that its selectors select, and shares its name with rules of other namespaces', async () => {
  const shop = lab('selected');
  const make = async (given: object) =>
    (
      await shop.ask(CREATE, {
        input: { name: 'bad', criterion: 'KNOWN_BAD', addresses: ['198.51.100.9'], ...given },
      })
    ).createAlertRule;
  const prod = { ...namespace('shop'), metadata: { name: 'shop', labels: { stage: 'prod' } } };
  await shop.take([
    prod,
    deployment('web', { tier: 'front' }),
    deployment('api', { tier: 'back' }),
  ]);
  const clusters = [shop.cluster];
  const stage = { matchLabels: { stage: 'prod' } };
  const made = await Promise.all([
    make({ name: 'front', scope: { clusters, podSelector: tiers('front') } }),
    make({ name: 'prod', scope: { clusters, namespaceSelector: stage } }),
    make({
      name: 'test',
      scope: { clusters, namespaceSelector: { matchLabels: { stage: 'test' } } },
    }),
    make({ name: 'not back', scope: { clusters }, exclusions: [{ podSelector: tiers('back') }] }),
  ]);
  assert.deepEqual(made[0].rule.scope.podSelector, tiers('front'));
  await shop.see(flow('shop/web', '198.51.100.9', 443), flow('shop/api', '198.51.100.9', 443));
  const { alerts } = await shop.ask(NAMES, { filter: { cluster: { eq: shop.cluster } } });
  const rulesOf = (name: string) =>
    alerts.nodes
      .filter((one: { deployment: { name: string } }) => one.deployment.name === name)
      .flatMap(({ definitions }: { definitions: { name: string }[] }) =>
        definitions.map(one => one.name),
      )
      .toSorted();
  assert.deepEqual(rulesOf('web'), ['front', 'not back', 'prod']);
  assert.deepEqual(rulesOf('api'), ['prod']);
  const ofShop = await make({ name: 'team', scope: { namespaces: ['shop'] } });
  assert.deepEqual((await make({ name: 'team', scope: { namespaces: ['pay'] } })).problems, []);
  assert.deepEqual(
    (await make({ name: 'TEAM', scope: { namespaces: ['shop', 'shop'] } })).problems,
    [{ code: 'NAME_TAKEN' }],
  );
  assert.deepEqual((await make({ name: 'all', exclusions: [{ podSelector: {} }] })).problems, [
    { code: 'NOTHING_NAMED' },
  ]);
  for (const { rule } of [...made, ofShop]) await shop.ask(DELETE, { input: { id: rule.id } });
});

const ACTIONS = `query ($filter: AlertFilter!) { alerts(filter: $filter) { nodes { id state actions { id kind state decidedBy } } } }`;
const DECIDE = `mutation ($input: DecideAlertActionInput!) { decideAlertAction(input: $input) { action { state } problems { code severity } } }`;
const RESOLVE =
  'mutation ($input: ResolveAlertsInput!) { resolveAlerts(input: $input) { problems { code } } }';

type Asked = { id: string; actions: { id: string; state: string }[] };

test('what a rule asks to be done expires after a day and with its alert, is asked for again, and what was decided stays', async () => {
  const shop = lab('expiring');
  const rule = { name: 'cut', criterion: 'KNOWN_BAD', addresses: ['198.51.100.66'] };
  const scope = { clusters: [shop.cluster] };
  await shop.see(flow('shop/web', 'shop/api', 80));
  await shop.ask(CREATE, { input: { ...rule, scope, enforcement: 'KILL_POD' } });
  const call = (minute: number) =>
    shop.see(flow('shop/web', '198.51.100.66', 443, { time: `2026-11-22T10:0${minute}:00Z` }));
  const asked = async (): Promise<Asked> =>
    (await shop.ask(ACTIONS, { filter: { cluster: { eq: shop.cluster } } })).alerts.nodes[0];
  const states = async () => (await asked()).actions.map(({ state }) => state);
  const decide = async (id: string | undefined, approve: boolean) => {
    const { decideAlertAction } = await shop.ask(DECIDE, { input: { id, approve } });
    return [decideAlertAction.action.state, decideAlertAction.problems];
  };
  const aDayLater = () =>
    shop.execute(
      `update alert_action t set requested_at = requested_at - interval '24 hours' from cluster c where c.id = t.cluster_id and c.name = '${shop.cluster}'`,
    );
  const late = [{ code: 'EXPIRED', severity: 'WARNING' }];
  await call(0);
  assert.deepEqual(await states(), ['REQUESTED']);
  await call(1);
  assert.deepEqual(await states(), ['REQUESTED'], 'at most once a day');
  await aDayLater();
  const [first] = (await asked()).actions;
  assert.equal(first?.state, 'EXPIRED');
  assert.deepEqual(await decide(first?.id, true), ['EXPIRED', late]);
  await call(2);
  const [, second] = (await asked()).actions;
  assert.deepEqual(await states(), ['EXPIRED', 'REQUESTED']);
  assert.deepEqual(await decide(second?.id, true), ['APPROVED', []]);
  await aDayLater();
  await call(3);
  assert.deepEqual(await states(), ['EXPIRED', 'APPROVED', 'REQUESTED']);
  const { id, actions } = await asked();
  await shop.ask(RESOLVE, { input: { ids: [id] } });
  assert.deepEqual(await states(), ['EXPIRED', 'APPROVED', 'EXPIRED']);
  assert.deepEqual(await decide(actions[2]?.id, false), ['EXPIRED', late]);
  await call(4);
  assert.deepEqual(
    await states(),
    ['EXPIRED', 'APPROVED', 'EXPIRED', 'REQUESTED'],
    'the incident is back: what expired with it does not hold up what is asked now',
  );
});
