import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHOP, seen } from '../flows/support/whose.js';
import { type Lab, labs } from '../support/lab.js';
import { pod, workload } from '../support/manifests.js';

const lab = labs();

const ALERTS = `query ($cluster: String!) { alerts(filter: { cluster: { eq: $cluster } }) { nodes {
  id groupKind groupName occurrences flowCount message deployment { name kind } peer { __typename } flow { port }
  comments { text } resolvedAt } } }`;
const COMMENT = `mutation ($input: CommentOnAlertInput!) { commentOnAlert(input: $input) { problems { code } } }`;

const AT = { observedAt: '2026-11-20T00:00:00Z' };

const denied = (record: object, minute: number): object => ({
  ...record,
  time: `2026-11-22T10:${String(minute).padStart(2, '0')}:00Z`,
  verdict: 'DENIED',
});

// biome-ignore lint/suspicious/noExplicitAny: the answer has the shape of the question
type Data = any;

const alertsOf = async ({ ask, cluster }: Lab): Promise<Data[]> =>
  (await ask(ALERTS, { cluster })).alerts.nodes;

/** Without ids, which say nothing. */
const told = async (shop: Lab) =>
  (await alertsOf(shop))
    .map(({ id: _, comments: __, ...alert }) => alert)
    .toSorted((one, other) => (one.groupName < other.groupName ? -1 : 1));

const WEB = { namespace: 'shop', pod: 'web-6d5f7c8b9d-x7k2p', labels: { app: 'web' } };

const CALLS = [
  denied(seen(WEB, { ip: '10.1.0.41' }), 0),
  denied(seen(WEB, { ip: '10.1.0.41' }, 9090), 1),
  denied(seen(WEB, { ip: '10.1.0.99' }), 2),
];

test('alerts are of whom their flows are between, whenever that was told', async () => {
  const [first, later] = [lab('known-first'), lab('known-later')];
  await first.take(SHOP, AT);
  await first.see(...CALLS);
  await later.see(...CALLS);
  const [before] = await alertsOf(later);
  assert.deepEqual([before.groupKind, before.flowCount], ['UNRESOLVED', 3]);
  await later.take(SHOP, AT);
  const expected = await told(first);
  assert.deepEqual(
    expected.map(({ groupKind, groupName, occurrences, flowCount }) => [
      groupKind,
      groupName,
      occurrences,
      flowCount,
    ]),
    [
      ['PEER', 'shop/api', '2', 2],
      ['UNRESOLVED', 'unresolved addresses', '1', 1],
    ],
  );
  assert.deepEqual(await told(later), expected);
  for (const shop of [first, later]) await shop.see(denied(seen(WEB, { ip: '10.1.0.41' }), 5));
  assert.deepEqual(await told(later), await told(first));
});

test('alerts of a deployment that turned out to be another are its alerts, with what was written about them', async () => {
  const shop = lab('another-owner');
  const call = seen(WEB, { namespace: 'shop', pod: 'api-0' });
  await shop.see(denied(call, 0));
  const [{ id }] = await alertsOf(shop);
  await shop.ask(COMMENT, { input: { id, text: 'looked at' } });
  const owned = { owner: 'ReplicaSet/web-6d5f7c8b9d', labels: { app: 'web' } };
  await shop.take(
    [
      workload('ReplicaSet', 'web-6d5f7c8b9d', { owner: 'Rollout/web', labels: { app: 'web' } }),
      pod(WEB.pod, owned),
    ],
    AT,
  );
  await shop.see(denied(call, 1));
  const [alert, ...others] = await alertsOf(shop);
  assert.deepEqual(others, []);
  const { deployment, occurrences, flow, comments, flowCount } = alert;
  assert.deepEqual(
    { deployment, occurrences, flow, comments, flowCount },
    {
      deployment: { name: 'web', kind: 'Rollout' },
      occurrences: '2',
      flow: { port: 8080 },
      comments: [{ text: 'looked at' }],
      flowCount: 1,
    },
  );
});
