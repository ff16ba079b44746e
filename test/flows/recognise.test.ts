import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Lab, labs } from '../support/lab.js';
import { lawRuns } from '../support/law-runs.js';
import { node, pod } from '../support/manifests.js';
import { edges, SHOP, seen } from './support/whose.js';
import { NAMES, SERVED } from './support/whose-service.js';
import { podName, SHOWN_AT, SNAPSHOT, timeAt } from './support/world/snapshot.js';

const lab = labs();

const AT = { observedAt: '2026-11-20T00:00:00Z' };

const COUNTS = `query ($filter: FlowFilter!) { flows(first: 200, filter: $filter) { nodes {
  port servicePort events bytes firstSeenAt lastSeenAt trafficClass policyVerdict tags
  history(by: HOUR) { points { at counts { events allowed bytes } } }
} } }`;

/** Each name of the pods of `shop/api`, twice, by a client that is known by its address alone. */
const records = NAMES.flatMap(([name, port], place) =>
  ['10:00', '11:30'].map(time => ({
    ...seen({ ip: '10.1.0.40' }, name, port),
    time: `2026-11-22T${time}:${String(place).padStart(2, '0')}Z`,
    bytes: 100 + place,
  })),
);

const told = async (shop: Lab) => ({
  edges: await edges(shop),
  counts: (await shop.ask(COUNTS, { filter: { cluster: { eq: shop.cluster } } })).flows.nodes,
});

test('a pod is one peer by any of its names, also where the inventory comes after the records', async () => {
  const first = lab('inventory-first');
  await first.take(SERVED, AT);
  await first.see(...records);
  const later = lab('inventory-later');
  await later.see(...records);
  assert.equal((await edges(later)).length > 5, true);
  await later.take(SERVED, AT);
  const expected = await told(first);
  assert.deepEqual(expected.edges, ['shop/web -> shop/api TCP 80/8080']);
  assert.deepEqual(await told(later), expected);
  const inTwo = lab('pods-last');
  const isPod = (object: object): boolean => (object as { kind: string }).kind === 'Pod';
  await inTwo.take(
    SERVED.filter(object => !isPod(object)),
    AT,
  );
  await inTwo.see(...records);
  await inTwo.take(SERVED, AT);
  assert.deepEqual(await told(inTwo), expected);
});

const CONTROL = [
  node('n1', '192.0.2.7'),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default' },
    spec: { clusterIP: '10.96.0.1', ports: [{ port: 443 }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'kubernetes', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '192.0.2.2' }], ports: [{ port: 6443 }] }],
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'dns', namespace: 'kube-system' },
    spec: {
      clusterIP: '10.96.0.10',
      selector: { app: 'dns' },
      ports: [{ port: 53, protocol: 'UDP' }],
    },
  },
  pod('dns-0', { namespace: 'kube-system', labels: { app: 'dns' }, ip: '10.1.0.53' }),
];

const CLASSES = `query ($cluster: String!) { flows(filter: { cluster: { eq: $cluster } }) { nodes {
  port trafficClass destination { __typename } } } }`;

test('what a flow is for is told by whose its ends are, however and whenever they are told', async () => {
  const web = { namespace: 'shop', pod: 'web-0' };
  const calls = [
    seen(web, { ip: '192.0.2.7' }, 10_250),
    seen(web, { ip: '10.96.0.1' }, 443),
    { ...seen(web, { ip: '10.96.0.10' }, 53), protocol: 'UDP' },
    { ...seen(web, { ip: '203.0.113.53' }, 53), protocol: 'UDP' },
    seen(web, { ip: '203.0.113.9' }, 444),
    seen({ ip: '203.0.113.9' }, web, 445),
  ];
  const [first, later] = [lab('classes-first'), lab('classes-later')];
  await first.take(CONTROL, AT);
  await first.see(...calls);
  await later.see(...calls);
  await later.take(CONTROL, AT);
  for (const { ask, cluster } of [first, later]) {
    const { nodes } = (await ask(CLASSES, { cluster })).flows;
    const told = nodes.map(
      (flow: { port: number; trafficClass: string; destination: { __typename: string } }) =>
        `${flow.port} ${flow.destination.__typename} ${flow.trafficClass}`,
    );
    assert.deepEqual(told.toSorted(), [
      '10250 ClusterNode NODE_AGENT',
      '444 ExternalEntity EXTERNAL',
      '445 Deployment EXTERNAL',
      '53 Deployment DNS',
      '53 ExternalEntity EXTERNAL',
      '6443 ExternalEntity CONTROL_PLANE',
    ]);
  }
});

/** 1,000 were tried by hand. */
const RUNS = lawRuns();

test(`named and numbered ends agree: any names in any order are one edge (${RUNS} runs)`, async () => {
  const shop = lab('any-names');
  await shop.take(SERVED, AT);
  const events = async (): Promise<readonly string[]> =>
    (await shop.ask(COUNTS, { filter: { cluster: { eq: shop.cluster } } })).flows.nodes.map(
      (flow: { port: number; events: string }) => `${flow.port} ${flow.events}`,
    );
  let sum = 0;
  const property = fc.asyncProperty(
    fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 12 }),
    async names => {
      const start = Date.parse('2026-11-22T10:00:00Z') + sum * 1_000;
      await shop.see(
        ...names.map(([name, port], at) => ({
          ...seen({ ip: '10.1.0.40' }, name, port),
          time: new Date(start + at * 1_000).toISOString(),
        })),
      );
      sum += names.length;
      assert.deepEqual(await events(), [`8080 ${sum}`]);
    },
  );
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
});

test('what pods are called by labels alone may be taught by later records', async () => {
  const shop = lab('taught-later');
  const labels = { app: 'pay' };
  await shop.see(seen({ namespace: 'shop', pod: 'web-0' }, { namespace: 'shop', labels }));
  assert.deepEqual(await edges(shop), ['shop/web -> UNRESOLVED:shop{app=pay} TCP 8080']);
  await shop.see(
    seen({ namespace: 'shop', pod: 'pay-6d5f7c8b9d-x7k2p', labels }, { ip: '203.0.113.9' }, 443),
  );
  assert.deepEqual(await edges(shop), [
    'shop/pay -> EXTERNAL:203.0.113.9 TCP 443',
    'shop/web -> shop/pay TCP 8080',
  ]);
});

test("each hour of a flow is of whom it was then, and what was nobody's stays unresolved", async () => {
  const shop = lab('two-in-turn');
  await shop.see(
    { ...seen({ ip: '10.1.0.40' }, { ip: '10.1.0.41' }), time: '2026-11-19T10:00:00Z' },
    seen({ ip: '10.1.0.40' }, { ip: '10.1.0.41' }),
  );
  await shop.take(SHOP, AT);
  assert.deepEqual(await edges(shop), [
    'UNRESOLVED:10.1.0.40 -> UNRESOLVED:10.1.0.41 TCP 8080',
    'shop/web -> shop/api TCP 8080',
  ]);
});

test('one end becomes known where the other stays unresolved', async () => {
  const shop = lab('one-end');
  await shop.see(seen({ ip: '10.1.0.40' }, { ip: '10.1.0.77' }));
  await shop.take(SHOP, AT);
  assert.deepEqual(await edges(shop), ['shop/web -> UNRESOLVED:10.1.0.77 TCP 8080']);
});

const LEARN = `mutation ($input: GenerateBaselinesInput!) { generateBaselines(input: $input) { problems { code } } }`;
const LOCK = `mutation ($input: LockBaselinesInput!) { lockBaselines(input: $input) { problems { code } } }`;
const TAGS = `query ($cluster: String!) { flows(filter: { cluster: { eq: $cluster } }) { nodes { port events tags } }
  alerts(filter: { cluster: { eq: $cluster } }) { totalCount } }`;

test('what a locked baseline holds of a Service it still holds when the Service is known, and counts add up', async () => {
  const shop = lab('locked-service');
  const named = (time: string): object => ({
    ...seen(
      { namespace: 'shop', pod: 'web-6d5f7c8b9d-x7k2p', labels: { app: 'web' } },
      { namespace: 'shop', service: 'api' },
      80,
    ),
    time,
  });
  await shop.see(named('2026-11-22T10:00:00Z'));
  await shop.call(LEARN);
  await shop.call(LOCK);
  await shop.take(SERVED, AT);
  await shop.see(named('2026-11-22T10:05:00Z'));
  assert.deepEqual(await shop.ask(TAGS, { cluster: shop.cluster }), {
    flows: { nodes: [{ port: 8080, events: '2', tags: ['ACTIVE', 'BASELINE'] }] },
    alerts: { totalCount: 0 },
  });
});

const ALERTS = `query ($cluster: String!) { alerts(filter: { cluster: { eq: $cluster } }) { nodes {
  state flow { port destination { __typename } } } } }`;

test('an alert of a flow to a Service stays with the flow when the Service is known', async () => {
  const shop = lab('alert-of-a-service');
  await shop.see({
    ...seen(
      { namespace: 'shop', pod: 'web-6d5f7c8b9d-x7k2p', labels: { app: 'web' } },
      { namespace: 'shop', service: 'api' },
      80,
    ),
    verdict: 'DENIED',
  });
  const alerts = async () => (await shop.ask(ALERTS, { cluster: shop.cluster })).alerts.nodes;
  const flowTo = (type: string, port: number): object => ({
    state: 'ATTEMPTED',
    flow: { port, destination: { __typename: type } },
  });
  assert.deepEqual(await alerts(), [flowTo('UnresolvedPeer', 80)]);
  await shop.take(SERVED, AT);
  assert.deepEqual(await alerts(), [flowTo('Deployment', 8080)]);
});

const INCIDENTS = `query ($cluster: String!) { alerts(filter: { cluster: { eq: $cluster } }) { nodes {
  groupName occurrences flowCount } } }`;

test('an alert of an address that changed hands becomes one of each whose it was, with what was denied of each', async () => {
  const shop = lab('alert-in-turn');
  const web = { namespace: 'shop', pod: podName('web') };
  const denied = [10, 20, 200].map(minute => ({
    ...seen(web, { ip: '10.1.0.50' }),
    time: timeAt(minute),
    verdict: 'DENIED',
  }));
  await shop.see(...denied, { ...seen(web, { ip: '10.1.0.50' }), time: timeAt(300) });
  await shop.take(SNAPSHOT, { observedAt: SHOWN_AT });
  const { alerts } = await shop.ask(INCIDENTS, { cluster: shop.cluster });
  const told = alerts.nodes.toSorted((one: { groupName: string }, other: { groupName: string }) =>
    one.groupName < other.groupName ? -1 : 1,
  );
  assert.deepEqual(told, [
    { groupName: 'shop/new', occurrences: '1', flowCount: 1 },
    { groupName: 'shop/old', occurrences: '2', flowCount: 1 },
  ]);
});
