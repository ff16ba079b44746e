import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { flow, type Lab, labs } from '../support/lab.js';

const lab = labs();

const SET = `mutation ($input: SetBaselineSettingsInput!) { setBaselineSettings(input: $input) {
  settings { observationHours learning } problems { code path } } }`;
const ADVANCE =
  'mutation ($input: AdvanceBaselinesInput!) { advanceBaselines(input: $input) { changed learning problems { code } } }';
const BASELINES = `query ($filter: DeploymentFilter!) { baselines(filter: $filter) { nodes { state version coveredHours lastNewAt stableSince events
  missing { coveredHours quietHours events } deployment { name }
  entries { nodes { direction port days hours events peer { ... on Deployment { name } ... on ExternalEntity { name } } } } } } }`;
const ALERTS = 'query ($filter: AlertFilter!) { alerts(filter: $filter) { nodes { rule } } }';

const SHORT = { learning: 'CONTINUOUS', observationHours: 6, quietHours: 2, minEvents: 5 };

/** The so manyth hour of 2026-11-20. */
const hour = (place: number, minutes = 10): { readonly time: string } => ({
  time: new Date(Date.UTC(2026, 10, 20, place, minutes)).toISOString(),
});

const baselines = async ({ ask, cluster }: Lab) =>
  (await ask(BASELINES, { filter: { cluster: { eq: cluster } } })).baselines.nodes;

type Found = {
  readonly deployment: { readonly name: string };
  readonly entries: readonly { readonly port: number }[];
};

const of = async (shop: Lab, name: string) => {
  const found = (await baselines(shop)).find(({ deployment }: Found) => deployment.name === name);
  assert.ok(found);
  return {
    ...found,
    ports: found.entries.nodes.map(({ port }: { port: number }) => port).toSorted(),
  };
};

const rules = async ({ ask, cluster }: Lab): Promise<readonly string[]> => {
  const { alerts } = await ask(ALERTS, { filter: { cluster: { eq: cluster } } });
  return alerts.nodes.map(({ rule }: { readonly rule: string }) => rule);
};

test('a baseline that learns by itself takes in what comes, is stable when enough was seen, and then learns no more', async () => {
  const shop = lab('by-itself');
  await shop.see(flow('shop/web', 'shop/api', 8080, hour(0)));
  assert.deepEqual(await shop.call(ADVANCE), {
    changed: 0,
    learning: 0,
    problems: [{ code: 'NONE_LEARNS' }],
  });
  await shop.call(SET, SHORT);
  assert.deepEqual(await shop.call(ADVANCE), { changed: 2, learning: 2, problems: [] });
  const first = await of(shop, 'web');
  assert.deepEqual(
    [first.state, first.coveredHours, first.missing],
    ['LEARNING', 1, { coveredHours: 5, quietHours: 2, events: 4 }],
  );
  await shop.see(
    ...[1, 2, 3].map(place => flow('shop/web', 'shop/api', 8080, hour(place))),
    flow('shop/web', '203.0.113.9', 443, hour(3)),
  );
  await shop.call(ADVANCE);
  assert.deepEqual((await of(shop, 'web')).ports, [443, 8080]);
  assert.deepEqual(await rules(shop), [], 'while it learns nothing is new');
  await shop.see(
    ...[20, 21].map(place => flow('shop/web', 'shop/api', 8080, hour(place))),
    flow('shop/web', 'shop/late', 9090, hour(22)),
  );
  await shop.call(ADVANCE);
  const stable = await of(shop, 'web');
  assert.deepEqual(
    [stable.state, stable.stableSince, stable.lastNewAt, stable.ports],
    ['STABLE', '2026-11-20T22:00:00.000000Z', '2026-11-20T03:00:00.000000Z', [443, 8080]],
  );
  assert.equal((await shop.call(ADVANCE)).changed, 0, 'a second call changes nothing');
  await shop.see(flow('shop/web', '198.51.100.1', 443, hour(23)));
  assert.deepEqual(await rules(shop), ['NEW_EXTERNAL']);
});

test('settings hold by place, each by itself, and null takes one back', async () => {
  const shop = lab('places');
  await shop.see(flow('shop/web', 'pay/api', 8080));
  await shop.call(SET, SHORT);
  const namespace = 'pay';
  const set = (input: object) => shop.call(SET, input);
  assert.deepEqual((await set({ namespace, observationHours: 72 })).settings, {
    observationHours: 72,
    learning: 'CONTINUOUS',
  });
  const own = await set({ namespace, deployment: 'api', learning: 'ON_DEMAND' });
  assert.deepEqual(own.settings, { observationHours: 72, learning: 'ON_DEMAND' });
  assert.equal((await shop.call(ADVANCE)).learning, 1);
  assert.equal((await set({ namespace, observationHours: null })).settings.observationHours, 6);
  const wrong = await set({ observationHours: 0, staleDays: 5_000 });
  assert.deepEqual(wrong, {
    settings: null,
    problems: [
      { code: 'OUT_OF_BOUNDS', path: 'observationHours' },
      { code: 'OUT_OF_BOUNDS', path: 'staleDays' },
    ],
  });
});

const stable = async (name: string, settings: object = {}): Promise<Lab> => {
  const shop = lab(name);
  await shop.see(
    ...[0, 1, 2, 3, 4, 5].map(place => flow('shop/web', 'shop/api', 8080, hour(place))),
  );
  await shop.call(SET, { ...SHORT, ...settings });
  await shop.call(ADVANCE);
  assert.equal((await of(shop, 'web')).state, 'lockWhenStable' in settings ? 'LOCKED' : 'STABLE');
  return shop;
};

test('off a stable baseline an alert is raised where a rule asks for it, of the severity that it asks for', async () => {
  const shop = await stable('off-stable');
  const late = (place: number) => flow('shop/web', 'shop/late', 9090, hour(place));
  await shop.see(late(6));
  assert.deepEqual(await rules(shop), [], 'no rule asks');
  const input = {
    name: 'Off stable baselines',
    criterion: 'OFF_BASELINE',
    severity: 'HIGH',
    stableSeverity: 'LOW',
    scope: { clusters: [shop.cluster] },
  };
  const { createAlertRule } = await shop.ask(
    'mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) { problems { code } } }',
    { input },
  );
  assert.deepEqual(createAlertRule.problems, []);
  await shop.see(late(7));
  const { alerts } = await shop.ask(
    'query ($filter: AlertFilter!) { alerts(filter: $filter) { nodes { rule severity } } }',
    { filter: { cluster: { eq: shop.cluster } } },
  );
  assert.deepEqual(alerts.nodes, [{ rule: 'OFF_BASELINE', severity: 'LOW' }]);
});

const pod = (hash: string, place: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `web-${hash}-x2x8p`,
    namespace: 'shop',
    labels: { app: 'web', 'pod-template-hash': hash },
    creationTimestamp: hour(place).time,
    ownerReferences: [
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: `web-${hash}`,
        controller: true,
        uid: hash,
      },
    ],
  },
  spec: { containers: [] },
  status: { phase: 'Running', podIP: `10.0.0.${place + 1}`, startTime: hour(place).time },
});

test('a release opens a locked baseline for the hours that are set, and it is locked again with what was new', async () => {
  const shop = await stable('release', {
    ...{ lockWhenStable: true, relearnOn: 'NEW_RELEASE', relearnHours: 2 },
  });
  const took = (hash: string, place: number) =>
    shop.take([pod(hash, place)], { observedAt: hour(place, 20).time });
  await took('5c7d9', 0);
  await shop.call(ADVANCE);
  assert.equal((await of(shop, 'web')).state, 'LOCKED', 'the first pods are no release');
  await took('6d8e0', 8);
  await shop.see(flow('shop/web', 'shop/late', 9090, hour(8, 30)));
  await shop.call(ADVANCE);
  const open = await of(shop, 'web');
  assert.deepEqual([open.state, open.ports], ['LEARNING', [8080, 9090]]);
  await shop.see(
    flow('shop/web', 'shop/api', 8080, hour(9)),
    flow('shop/web', 'shop/later', 9091, hour(10)),
  );
  await shop.call(ADVANCE);
  const after = await of(shop, 'web');
  assert.deepEqual([after.state, after.ports], ['LOCKED', [8080, 9090]]);
});

const HOURS_OF_WEEK = Array.from({ length: 7 * 24 }, (_, place) => place);

/** A shop at work: calls in each hour, an export each night, a report once a week. */
const clean = (week: number): readonly object[] =>
  HOURS_OF_WEEK.flatMap(place => {
    const at = hour(week * 168 + place);
    return [
      flow('shop/web', 'shop/api', 8080, at),
      flow('shop/api', 'shop/db', 5432, at),
      flow(`203.0.113.${place % 20}`, 'shop/web', 80, at),
      ...(place % 24 === 3 ? [flow('shop/api', '198.51.100.7', 443, at)] : []),
      ...(place === 50 ? [flow('shop/api', '198.51.100.8', 443, at)] : []),
    ];
  });

test('nothing fires on a clean week after a week of learning, stable or locked', async () => {
  const shop = lab('clean-week');
  await shop.call(
    'mutation ($input: ImportInventoryInput!) { importInventory(input: $input) { problems { code } } }',
    { manifests: '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}' },
  );
  await shop.call(SET, { learning: 'CONTINUOUS', lockWhenStable: true, observationHours: 168 });
  await shop.see(...clean(0));
  await shop.call(ADVANCE);
  const states = (await baselines(shop)).map(({ state }: { state: string }) => state);
  assert.deepEqual(states, ['LOCKED', 'LOCKED', 'LOCKED']);
  await shop.see(...clean(1));
  await shop.call(ADVANCE);
  assert.deepEqual(await rules(shop), []);
  await shop.see(flow('shop/web', 'shop/db', 5432, hour(337)));
  assert.deepEqual(await rules(shop), ['OFF_BASELINE'], 'and it would fire');
});

const end = fc.constantFrom('shop/web', 'shop/api', 'shop/db', '203.0.113.9');

const observed = fc
  .record({
    ends: fc.tuple(end, end).filter(([one, other]) => one !== other),
    port: fc.constantFrom(80, 5432),
    place: fc.integer({ min: 0, max: 14 }),
    verdict: fc.constantFrom('ALLOWED', 'DENIED', undefined),
  })
  .map(({ ends: [source, destination], port, place, verdict }) =>
    flow(source, destination, port, { ...hour(place), verdict, events: 2 }),
  );

/** Each has an id: without one, two chunks of the same bytes are one that was sent again. */
const numbered = fc
  .array(observed, { minLength: 1, maxLength: 16 })
  .map(records => records.map((one, place) => ({ ...one, id: `r-${place}` })));

const cut = numbered.chain(records =>
  fc.record({
    records: fc.constant(records),
    order: fc.shuffledSubarray(
      records.map((_, place) => place),
      { minLength: records.length },
    ),
    pieces: fc.integer({ min: 2, max: 4 }),
  }),
);

/** What baselines hold; versions count what was done. */
const held = async (shop: Lab): Promise<readonly string[]> =>
  (await baselines(shop))
    .filter(({ entries }: Found) => entries.length > 0)
    .map(({ version: _, entries, ...one }: Found & { version: number }) =>
      JSON.stringify({ ...one, entries: entries.map(entry => JSON.stringify(entry)).toSorted() }),
    )
    .toSorted();

test('the same records in any cut and order, advanced in between or not, are the same baselines', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(cut, async ({ records, order, pieces }) => {
      run += 1;
      const [whole, parts] = [lab(`once-${run}`), lab(`pieces-${run}`)];
      const needs = { ...SHORT, observationHours: 3, minEvents: 4 };
      await whole.see(...records);
      await whole.call(SET, needs);
      await whole.call(ADVANCE);
      for (let piece = 0; piece < pieces; piece += 1) {
        const some = order.filter((_, place) => place % pieces === piece);
        if (some.length === 0) continue;
        await parts.see(...some.map(place => records[place] ?? {}));
        if (piece === 0) await parts.call(SET, needs);
        await parts.call(ADVANCE);
      }
      assert.deepEqual(await held(parts), await held(whole));
    }),
    { numRuns: 12 },
  );
});
