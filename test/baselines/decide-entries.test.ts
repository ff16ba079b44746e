import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, type Lab, labs } from '../support/lab.js';

const lab = labs();

const LEARN =
  'mutation ($input: GenerateBaselinesInput!) { generateBaselines(input: $input) { problems { code } } }';
const LOCK = `mutation ($input: LockBaselinesInput!) { lockBaselines(input: $input) { changed problems { code }
  baselines { state } } }`;

const decide = (shop: Lab, verb: 'Confirm' | 'Forbid' | 'Remove', input: object) =>
  shop.call(
    `mutation ($input: ${verb}BaselineEntriesInput!) { ${verb.toLowerCase()}BaselineEntries(input: $input) {
      changed problems { code severity path } } }`,
    input,
  );

const ENTRIES = `query ($filter: DeploymentFilter!) { deployments(filter: $filter) { nodes { name baseline { version entries { nodes {
  direction port status statusBy reason events peer { __typename ... on Deployment { name } ... on ExternalEntity { name } } } } } } } }`;

/** `web EGRESS api 8080 OBSERVED` */
const entries = async (shop: Lab): Promise<readonly string[]> => {
  const { deployments } = await shop.ask(ENTRIES, { filter: { cluster: { eq: shop.cluster } } });
  return deployments.nodes
    .flatMap((one: { name: string; baseline: { entries: { nodes: readonly never[] } } | null }) =>
      (one.baseline?.entries.nodes ?? []).map(
        ({ direction, peer, port, status }: Record<string, { name: string }>) =>
          `${one.name} ${direction} ${peer?.name} ${port} ${status}`,
      ),
    )
    .toSorted();
};

const tags = async (shop: Lab) => {
  const verdicts = await shop.verdicts();
  return Object.fromEntries(
    Object.entries(verdicts).map(([edge, verdict]) => [edge, verdict.replace(/^.*\[|\]$/g, '')]),
  );
};

const alerts = async (shop: Lab) => {
  const { alerts } = await shop.ask(
    `query ($filter: AlertFilter!) { alerts(filter: $filter) { nodes { rule rules severity state message } } }`,
    { filter: { cluster: { eq: shop.cluster } } },
  );
  return alerts.nodes;
};

const learned = async (name: string): Promise<Lab> => {
  const shop = lab(name);
  await shop.see(
    flow('shop/web', 'shop/api', 8080),
    flow('shop/web', 'shop/db', 5432),
    flow('shop/web', '203.0.113.9', 443),
  );
  await shop.call(LEARN);
  return shop;
};

const manifest = (name: string, tier: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', labels: { tier } },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name, tier } }, spec: { containers: [] } },
  },
});

test('what is forbidden is forbidden at both ends, is anomalous whatever the state, and is never learned again', async () => {
  const shop = await learned('forbid');
  const input = {
    deployments: ['shop/web'],
    entries: [{ direction: 'EGRESS', peer: 'shop/db' }],
    reason: 'through the API only',
  };
  assert.deepEqual(await decide(shop, 'Forbid', input), { changed: 2, problems: [] });
  const after = [
    'api INGRESS web 8080 OBSERVED',
    'db INGRESS web 5432 FORBIDDEN',
    'web EGRESS 203.0.113.9 443 OBSERVED',
    'web EGRESS api 8080 OBSERVED',
    'web EGRESS db 5432 FORBIDDEN',
  ];
  assert.deepEqual(await entries(shop), after);
  assert.deepEqual((await tags(shop))['shop/web -> shop/db TCP 5432'], 'ACTIVE ANOMALOUS');
  assert.deepEqual(await decide(shop, 'Forbid', { ...input, reason: null }), {
    changed: 0,
    problems: [{ code: 'UNCHANGED', severity: 'INFO', path: 'entries' }],
  });
  await shop.call(LEARN);
  assert.deepEqual(await entries(shop), after);
  assert.deepEqual(await alerts(shop), []);
  await shop.see(flow('shop/web', 'shop/db', 5432, { time: '2026-11-22T11:00:00Z' }));
  assert.deepEqual(await alerts(shop), [
    {
      rule: 'FORBIDDEN',
      rules: ['FORBIDDEN'],
      severity: 'HIGH',
      state: 'ACTIVE',
      message: '`shop/web` -> `shop/db` (TCP 5432): the baseline of `shop/web` forbids it',
    },
  ]);
});

test('an alert off what was forbidden is resolved when it is confirmed, and the flow is normal again', async () => {
  const shop = await learned('lift');
  const some = { entries: [{ peer: 'shop/db', direction: 'EGRESS' }] };
  await decide(shop, 'Forbid', some);
  await shop.see(flow('shop/web', 'shop/db', 5432, { time: '2026-11-22T11:00:00Z' }));
  assert.equal((await decide(shop, 'Confirm', some)).changed, 2);
  assert.deepEqual(
    (await alerts(shop)).map(({ state }: { state: string }) => state),
    ['RESOLVED'],
  );
  assert.equal((await tags(shop))['shop/web -> shop/db TCP 5432'], 'ACTIVE BASELINE');
});

test('what was never seen can be forbidden where its peer is known; a peer that nobody knows is a WARNING', async () => {
  const shop = await learned('beforehand');
  const scope = { deployments: ['shop/api'] };
  const place = { direction: 'EGRESS', port: 443, protocol: 'TCP' };
  const done = await decide(shop, 'Forbid', {
    ...scope,
    entries: [
      { ...place, peer: 'EXTERNAL:203.0.113.9' },
      { ...place, peer: '198.51.100.1' },
    ],
  });
  assert.deepEqual(done, {
    changed: 1,
    problems: [{ code: 'NOT_FOUND', severity: 'WARNING', path: 'entries[1]' }],
  });
  await shop.see(flow('shop/api', '203.0.113.9', 443));
  const [first] = await alerts(shop);
  assert.equal(first.rule, 'FORBIDDEN');
  assert.deepEqual(await decide(shop, 'Forbid', { ...scope, entries: [{}] }), {
    changed: 0,
    problems: [{ code: 'TOO_WIDE', severity: 'ERROR', path: 'entries[0]' }],
  });
  assert.deepEqual(await decide(shop, 'Forbid', { entries: [] }), {
    changed: 0,
    problems: [{ code: 'NOTHING_NAMED', severity: 'ERROR', path: 'entries' }],
  });
});

test('removed entries are learned again when they are seen again, confirmed ones stay unseen', async () => {
  const shop = await learned('remove');
  const of = (peer: string) => ({ entries: [{ direction: 'EGRESS', peer }] });
  await decide(shop, 'Remove', of('shop/db'));
  await decide(shop, 'Confirm', of('203.0.113.9'));
  await shop.call(LEARN, { since: '2026-11-22T10:30:00Z' });
  await shop.see(flow('shop/web', 'shop/api', 8080, { time: '2026-11-22T12:00:00Z' }));
  await shop.call(LEARN, { since: '2026-11-22T11:30:00Z' });
  assert.deepEqual(await entries(shop), [
    'api INGRESS web 8080 OBSERVED',
    'db INGRESS web 5432 REMOVED',
    'web EGRESS 203.0.113.9 443 CONFIRMED',
    'web EGRESS api 8080 OBSERVED',
    'web EGRESS db 5432 REMOVED',
  ]);
  const later = new Date(Date.now() + 3_600_000).toISOString();
  await shop.see(flow('shop/web', 'shop/db', 5432, { time: later }));
  await shop.call(LEARN);
  assert.ok((await entries(shop)).includes('web EGRESS db 5432 OBSERVED'));
});

test('policies from baselines make no rule of what was forbidden or removed, and say so', async () => {
  const shop = await learned('generate');
  await shop.take([manifest('web', 'front'), manifest('api', 'back'), manifest('db', 'back')]);
  const peers = ['shop/db', '203.0.113.9'].map(peer => ({ direction: 'EGRESS', peer }));
  await decide(shop, 'Forbid', { entries: peers.slice(0, 1) });
  await decide(shop, 'Remove', { entries: peers.slice(1) });
  const { policies, problems } = await shop.call(
    `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) {
      policies { name rules { direction peer ports } } problems { code message } } }`,
    { from: 'BASELINES', namespaces: ['shop'] },
  );
  const rules = JSON.stringify(policies);
  assert.ok(rules.includes('8080') && !rules.includes('5432') && !rules.includes('443'), rules);
  assert.deepEqual(
    problems.filter(({ code }: { code: string }) => code === 'ENTRIES_LEFT_OUT'),
    [
      {
        code: 'ENTRIES_LEFT_OUT',
        message:
          '3 entries of the baselines get no rule: 2 forbidden, 1 removed, at this end or the other',
      },
    ],
  );
});

test('locking in bulk takes the deployments that a selector finds, and counts those that changed', async () => {
  const shop = await learned('bulk');
  await shop.take([manifest('web', 'front'), manifest('api', 'back'), manifest('db', 'back')]);
  const labels = { matchLabels: { tier: 'back' } };
  const locked = { state: 'LOCKED' };
  assert.deepEqual(await shop.call(LOCK, { labels, reason: 'reviewed' }), {
    changed: 2,
    problems: [],
    baselines: [locked, locked],
  });
  assert.equal((await shop.call(LOCK, { labels })).changed, 0);
  const nobody = await shop.call(LOCK, { labels: { matchLabels: { tier: 'middle' } } });
  assert.deepEqual(nobody.problems, [{ code: 'NOT_FOUND' }]);
});
