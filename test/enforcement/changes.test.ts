import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, type Lab, labs } from '../support/lab.js';
import { namespace, pod, policy } from '../support/manifests.js';
import { adminDeny, allowIngress, app, denyEgress, deployment, SHOP } from '../support/shop.js';

const lab = labs();

const WEB = 'shop/web -> shop/api TCP 8080';
const CRON = 'shop/cron -> shop/api TCP 8080';
const FLOWS = [flow('shop/web', 'shop/api', 8080), flow('shop/cron', 'shop/api', 8080)];

const ALLOWED = 'ALLOWED by policy [ACTIVE ALLOWED]';
const DENIED = 'DENIED by policy [ACTIVE ANOMALOUS]';
const UNGOVERNED = 'ALLOWED by default-allow, ungoverned [ACTIVE]';

const POLICIES = `query ($cluster: String!, $ended: Boolean!) {
  policies(filter: { cluster: { eq: $cluster }, ended: $ended }) { nodes { name source validFrom endedAt } } }`;

const policiesOf = async ({ ask, cluster }: Lab, ended: boolean) =>
  (await ask(POLICIES, { cluster, ended })).policies.nodes;

test('a policy that comes after the flows judges them as one that was there before', async () => {
  const { take, see, verdicts } = lab('policy after flows');
  await take(SHOP);
  await see(...FLOWS);
  assert.deepEqual(await verdicts(), { [WEB]: UNGOVERNED, [CRON]: UNGOVERNED });
  await take([allowIngress('api', 'web')]);
  assert.deepEqual(await verdicts(), { [WEB]: ALLOWED, [CRON]: DENIED });
});

test('another text under the same name is the policy from then on', async () => {
  const { take, see, verdicts } = lab('changed policy');
  await take([...SHOP, allowIngress('api', 'web')]);
  await see(...FLOWS);
  const { counts } = await take([allowIngress('api', 'cron')]);
  assert.deepEqual([counts.policies, counts.changed], [1, 1]);
  assert.deepEqual(await verdicts(), { [WEB]: DENIED, [CRON]: ALLOWED });
});

test('the same snapshot again changes nothing', async () => {
  const { take, see, verdicts } = lab('same again');
  const snapshot = [...SHOP, allowIngress('api', 'web')];
  await take(snapshot);
  await see(...FLOWS);
  const { counts } = await take(snapshot, { mode: 'REPLACE' });
  assert.deepEqual([counts.policies, counts.changed, counts.ended], [1, 0, 0]);
  assert.deepEqual(await verdicts(), { [WEB]: ALLOWED, [CRON]: DENIED });
});

test('a policy ends when a snapshot that replaces shows others of its kind only', async () => {
  const shop = lab('replace');
  const { take, see, verdicts } = shop;
  await take([...SHOP, allowIngress('api', 'web')], { observedAt: '2026-11-22T08:00:00Z' });
  await see(...FLOWS);
  const merged = await take([...SHOP, denyEgress('db')], { observedAt: '2026-11-22T09:00:00Z' });
  assert.equal(merged.counts.ended, 0);
  assert.equal((await verdicts())[CRON], DENIED);
  await take([...SHOP, adminDeny('db', 'cron')], {
    mode: 'REPLACE',
    observedAt: '2026-11-22T09:30:00Z',
  });
  assert.equal((await verdicts())[CRON], DENIED, 'the snapshot shows no NetworkPolicy at all');
  const replaced = await take([...SHOP, denyEgress('db')], {
    mode: 'REPLACE',
    observedAt: '2026-11-22T10:00:00Z',
  });
  assert.equal(replaced.counts.ended, 1);
  assert.deepEqual(await verdicts(), { [WEB]: UNGOVERNED, [CRON]: UNGOVERNED });
  const since = (hour: string) => `2026-11-22T${hour}:00:00.000000Z`;
  const left = { name: 'db-egress', source: 'LIVE', validFrom: since('09'), endedAt: null };
  const other = { ...left, name: 'cron-to-db', validFrom: '2026-11-22T09:30:00.000000Z' };
  assert.deepEqual(await policiesOf(shop, false), [other, left]);
  assert.deepEqual(await policiesOf(shop, true), [
    other,
    { name: 'api', source: 'LIVE', validFrom: since('08'), endedAt: since('10') },
    left,
  ]);
});

test('a policy that ended and comes back is in force again', async () => {
  const { take, see, verdicts } = lab('back again');
  await take([...SHOP, allowIngress('api', 'web')]);
  await see(...FLOWS);
  await take([denyEgress('db')], { mode: 'REPLACE' });
  assert.equal((await verdicts())[CRON], UNGOVERNED);
  await take([allowIngress('api', 'web')]);
  assert.deepEqual(await verdicts(), { [WEB]: ALLOWED, [CRON]: DENIED });
});

test('a policy whose new text cannot be used stays as it was, and the answer says so', async () => {
  const { take, see, verdicts } = lab('unusable');
  await take([...SHOP, allowIngress('api', 'web')]);
  await see(...FLOWS);
  const broken = policy('api', { podSelector: app('api'), policyTypes: ['Sideways'] });
  const { problems } = await take([...SHOP, broken, denyEgress('cron')], { mode: 'REPLACE' });
  assert.equal(problems.length, 1);
  assert.equal(problems[0].severity, 'WARNING');
  assert.match(problems[0].message, /`Sideways`/);
  assert.deepEqual(await verdicts(), { [WEB]: ALLOWED, [CRON]: DENIED });
});

test('new labels of a deployment change the verdicts of its flows', async () => {
  const { take, see, verdicts } = lab('labels');
  await take([...SHOP, allowIngress('api', 'web')]);
  await see(...FLOWS);
  await take([deployment('cron', { app: 'web' }), deployment('web', { app: 'other' })]);
  assert.deepEqual(await verdicts(), { [WEB]: DENIED, [CRON]: ALLOWED });
  await take([deployment('api', { app: 'renamed' })]);
  assert.deepEqual(await verdicts(), { [WEB]: UNGOVERNED, [CRON]: UNGOVERNED });
});

test('new labels of a namespace change the verdicts of its flows', async () => {
  const { take, see, verdicts } = lab('labels of a namespace');
  const fromTrusted = {
    podSelector: app('api'),
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { trusted: 'yes' } } }] }],
  };
  await take([...SHOP, namespace('jobs', { trusted: 'yes' }), policy('api', fromTrusted)]);
  await take([
    { ...deployment('sync'), metadata: { name: 'sync', namespace: 'jobs', labels: {} } },
  ]);
  await see(FLOWS[0] ?? {}, flow('jobs/sync', 'shop/api', 8080));
  const SYNC = 'jobs/sync -> shop/api TCP 8080';
  assert.deepEqual(await verdicts(), { [WEB]: DENIED, [SYNC]: ALLOWED });
  await take([namespace('jobs'), namespace('shop', { trusted: 'yes' })]);
  assert.deepEqual(await verdicts(), { [WEB]: ALLOWED, [SYNC]: DENIED });
});

test('a flow of deployments that no snapshot showed yet cannot be decided; with the inventory it can', async () => {
  const { take, see, verdicts } = lab('inventory after flows');
  await see(...FLOWS);
  assert.deepEqual(await verdicts(), { [WEB]: UNGOVERNED, [CRON]: UNGOVERNED });
  await take([allowIngress('api', 'web')]);
  const undecided = await verdicts({ policyVerdict: 'UNDECIDABLE' });
  assert.deepEqual(Object.keys(undecided).toSorted(), [CRON, WEB]);
  await take(SHOP);
  assert.deepEqual(await verdicts(), { [WEB]: ALLOWED, [CRON]: DENIED });
});

test('flows of an address become those of the pod that a later snapshot shows there', async () => {
  const { take, see, verdicts } = lab('address first');
  await take([...SHOP, allowIngress('api', 'web')]);
  await see(flow('10.0.0.7', 'shop/api', 8080), flow('10.0.0.8', 'shop/api', 8080));
  const before = await verdicts();
  assert.deepEqual(Object.keys(before).length, 2);
  const held = (name: string, ip: string) =>
    pod(`${name}-0`, {
      owner: `StatefulSet/${name}`,
      labels: { app: name },
      ip,
      started: '2026-11-20T00:00:00Z',
    });
  const { counts } = await take([held('queue', '10.0.0.8'), held('web', '10.0.0.7')]);
  assert.equal(counts.merged, 2);
  assert.deepEqual(await verdicts(), {
    'shop/web -> shop/api TCP 8080': ALLOWED,
    'shop/queue -> shop/api TCP 8080': DENIED,
  });
});
