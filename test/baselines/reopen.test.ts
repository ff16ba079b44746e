import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, type Lab, labs } from '../support/lab.js';

const lab = labs();

const SET = `mutation ($input: SetBaselineSettingsInput!) { setBaselineSettings(input: $input) { problems { code } } }`;
const ADVANCE =
  'mutation ($input: AdvanceBaselinesInput!) { advanceBaselines(input: $input) { changed } }';
const BASELINES = `query ($filter: DeploymentFilter!) { baselines(filter: $filter) { nodes { state entries { nodes { port } } } } }`;
const SHORT = { learning: 'CONTINUOUS', observationHours: 6, quietHours: 2, minEvents: 5 };

/** The so manyth hour of 2026-11-20. */
const hour = (place: number): { readonly time: string } => ({
  time: new Date(Date.UTC(2026, 10, 20, place, 10)).toISOString(),
});

async function of({ ask, cluster }: Lab, name: string) {
  const filter = { cluster: { eq: cluster }, name: { eq: name } };
  const [found] = (await ask(BASELINES, { filter })).baselines.nodes;
  return {
    state: found.state,
    ports: found.entries.nodes.map(({ port }: { port: number }) => port).toSorted(),
  };
}

const REOPEN = `mutation ($input: ReopenBaselinesInput!) { reopenBaselines(input: $input) { changed baselines { state } problems { code } } }`;
const LOCK =
  'mutation ($input: LockBaselinesInput!) { lockBaselines(input: $input) { changed problems { code } } }';

test('a baseline that somebody reopens learns what comes, and is locked again when its hours are over', async () => {
  const shop = lab('reopened');
  await shop.see(
    ...Array.from({ length: 8 }, (_, place) => flow('shop/web', 'shop/api', 8080, hour(place))),
  );
  assert.deepEqual((await shop.call(REOPEN)).problems, [{ code: 'NOT_REOPENED' }]);
  await shop.call(SET, { ...SHORT, relearnHours: 2 });
  await shop.call(ADVANCE);
  await shop.call(LOCK, { deployments: ['web'] });
  assert.equal((await of(shop, 'web')).state, 'LOCKED');
  const ofWeb = { deployments: ['web'] };
  const opened = await shop.call(REOPEN, ofWeb);
  assert.deepEqual(opened, { changed: 1, baselines: [{ state: 'LEARNING' }], problems: [] });
  const soon = (hours: number) => ({
    time: new Date(Date.now() + hours * 3_600_000).toISOString(),
  });
  await shop.see(flow('shop/web', 'shop/db', 5432, soon(0)));
  await shop.call(ADVANCE);
  const during = await of(shop, 'web');
  assert.deepEqual([during.state, during.ports], ['LEARNING', [5432, 8080]]);
  await shop.see(
    flow('shop/web', 'shop/api', 8080, soon(1)),
    flow('shop/web', 'shop/cache', 6379, soon(2)),
  );
  await shop.call(ADVANCE);
  const after = await of(shop, 'web');
  assert.deepEqual([after.state, after.ports], ['LOCKED', [5432, 8080]]);
});

const policy = (name: string, inNamespace: string, ports: readonly number[]) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: inNamespace },
  spec: { podSelector: {}, ingress: [{ ports: ports.map(port => ({ port })) }] },
});

test('a policy that is made, changed or deleted opens the baselines of its namespace, and no others', async () => {
  const shop = lab('policy-change');
  const relearning = { relearnOn: 'POLICY_CHANGE', relearnHours: 2 };
  await shop.see(
    ...Array.from({ length: 8 }, (_, place) => flow('shop/web', 'shop/api', 8080, hour(place))),
  );
  await shop.call(SET, { ...SHORT, ...relearning, lockWhenStable: true });
  await shop.call(ADVANCE);
  const took = (place: number, ...policies: readonly object[]) =>
    shop.take(policies, { mode: 'REPLACE', observedAt: hour(place).time });
  const isOpen = async (): Promise<boolean> => {
    await shop.call(ADVANCE);
    return (await of(shop, 'web')).state === 'LEARNING';
  };
  const shuts = async (place: number): Promise<void> => {
    await shop.see(...[0, 1].map(more => flow('shop/web', 'shop/api', 8080, hour(place + more))));
    assert.equal(await isOpen(), false, `two hours from ${place} on`);
  };
  await took(7, policy('own', 'shop', [8080]), policy('other', 'pay', [1]));
  assert.equal(await isOpen(), false, 'the first that are known are no change');
  await took(8, policy('own', 'shop', [8080]), policy('other', 'pay', [1, 2]));
  assert.equal(await isOpen(), false, 'of another namespace');
  await took(9, policy('own', 'shop', [8080, 9090]), policy('other', 'pay', [1, 2]));
  assert.equal(await isOpen(), true, 'changed');
  await shuts(9);
  await took(
    12,
    policy('own', 'shop', [8080, 9090]),
    policy('more', 'shop', [1]),
    policy('other', 'pay', [1, 2]),
  );
  assert.equal(await isOpen(), true, 'made');
  await shuts(12);
  await took(15, policy('own', 'shop', [8080, 9090]), policy('other', 'pay', [1, 2]));
  assert.equal(await isOpen(), true, 'deleted');
  await shuts(15);
});
