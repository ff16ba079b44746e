import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents, flow, type Lab, labs } from '../support/lab.js';
import { policy } from '../support/manifests.js';
import { allowIngress, app, denyEgress, SHOP } from '../support/shop.js';
import { simulate } from '../support/simulate.js';

const lab = labs();

const LIST = `query ($filter: SimulationFilter, $orderBy: SimulationOrder, $first: Int, $after: String) {
  simulations(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { id caller status cluster { name } createdAt since until request { policies policySet remove since until }
    job { kind status progress { done } } } } }`;
const DEPLOYMENT = `query ($cluster: String!, $name: String!) { deployment(cluster: $cluster, namespace: "shop", name: $name) {
  simulations(first: 10) { totalCount nodes { id } } } }`;
const DELETE = `mutation ($input: DeleteSimulationInput!) { deleteSimulation(input: $input) {
  deleted problems { code severity } } }`;

const remove = async ({ ask }: Lab, id: string) =>
  (await ask(DELETE, { input: { id } })).deleteSimulation;

test('simulations are listed with what was asked, by whom and of what, filtered, ordered and paged', async () => {
  const shop = lab('list');
  await shop.take([...SHOP, allowIngress('db', 'api', 5432)]);
  await shop.see(flow('shop/web', 'shop/api', 8080));
  const policies = documents(denyEgress('web'));
  const one = await simulate(shop, { policies, since: '2026-11-01T00:00:00Z' });
  const other = await simulate(shop, { remove: ['shop/db'] });
  const filter = { cluster: { eq: shop.cluster } };
  const { simulations } = await shop.ask(LIST, { filter });
  assert.deepEqual(
    simulations.nodes.map(({ id }: { id: string }) => id),
    [other.simulation.id, one.simulation.id],
  );
  assert.equal(simulations.totalCount, 2);
  const [, first] = simulations.nodes;
  assert.partialDeepStrictEqual(first, {
    cluster: { name: shop.cluster },
    status: 'DONE',
    job: { kind: 'simulate', status: 'DONE' },
    since: '2026-11-01T00:00:00.000000Z',
    until: null,
    request: { policies, policySet: null, since: '2026-11-01T00:00:00.000000Z' },
  });
  assert.ok(first.caller.length > 0);
  const idsOf = async (variables: object): Promise<readonly string[]> =>
    (await shop.ask(LIST, variables)).simulations.nodes.map(({ id }: { id: string }) => id);
  const oldest = { field: 'CREATED', direction: 'ASC' };
  assert.deepEqual(await idsOf({ filter, orderBy: oldest, first: 1 }), [one.simulation.id]);
  const later = { gte: other.simulation.createdAt };
  assert.deepEqual(await idsOf({ filter: { ...filter, createdAt: later } }), [other.simulation.id]);
  assert.deepEqual(await idsOf({ filter: { ...filter, status: 'FAILED' } }), []);
  assert.deepEqual(await idsOf({ filter: { cluster: { eq: 'nowhere' } } }), []);
  const page = (await shop.ask(LIST, { filter, first: 1 })).simulations;
  const next = await idsOf({ filter, first: 1, after: page.pageInfo.endCursor });
  assert.deepEqual(next, [one.simulation.id]);
});

test('a deployment has the simulations that change something for it', async () => {
  const shop = lab('of a deployment');
  await shop.take(SHOP);
  await shop.see(flow('shop/web', 'shop/api', 8080));
  const { simulation } = await simulate(shop, {
    policies: documents(allowIngress('db', 'api', 5432)),
  });
  const countOf = async (name: string) =>
    (await shop.ask(DEPLOYMENT, { cluster: shop.cluster, name })).deployment.simulations.nodes;
  assert.deepEqual(await countOf('db'), [{ id: simulation.id }]);
  const same = policy('nobody', { podSelector: app('nobody') });
  await simulate(shop, { policies: documents(same) });
  assert.deepEqual(await countOf('db'), [{ id: simulation.id }]);
});

test('a simulation is deleted with its flows, once; what is none is told', async () => {
  const shop = lab('deletes');
  await shop.take(SHOP);
  await shop.see(flow('shop/web', 'shop/api', 8080));
  const { simulation } = await simulate(shop, { policies: documents(denyEgress('web')) });
  assert.deepEqual(await remove(shop, simulation.id), { deleted: true, problems: [] });
  const { node } = await shop.ask('query ($id: ID!) { node(id: $id) { id } }', {
    id: simulation.id,
  });
  assert.equal(node, null);
  const missing = { deleted: false, problems: [{ code: 'NOT_FOUND', severity: 'ERROR' }] };
  assert.deepEqual(await remove(shop, simulation.id), missing);
  assert.deepEqual(await remove(shop, 'nonsense'), missing);
});

const CHANGES = `query ($id: ID!) { node(id: $id) { ... on Simulation {
  policies { status kind namespace name effect } } } }`;

/** `MODIFIED shop/api WIDER` for each policy. */
async function changesOf(shop: Lab, input: object): Promise<readonly string[]> {
  const { simulation } = await simulate(shop, input);
  const { node } = await shop.ask(CHANGES, { id: simulation.id });
  return node.policies.map(
    ({ status, namespace, name, effect }: Record<string, string>) =>
      `${status} ${namespace}/${name} ${effect}`,
  );
}

/** Lets pods of `from` in at some ports. */
const ingress = (name: string, from: readonly string[], ...ports: readonly number[]): object =>
  policy(name, {
    podSelector: app(name),
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: from.map(one => ({ podSelector: app(one) })),
        ports: ports.map(port => ({ port })),
      },
    ],
  });

test('each policy is added, modified, unchanged or deleted, with what that means', async () => {
  const shop = lab('statuses');
  await shop.take([
    ...SHOP,
    ingress('api', ['web'], 8080, 8081),
    ingress('db', ['api'], 5432),
    ingress('cron', ['api'], 80),
  ]);
  const of = (...objects: readonly object[]) =>
    changesOf(shop, { policies: documents(...objects) });
  assert.deepEqual(await of(ingress('db', ['api'], 5432)), ['UNCHANGED shop/db SAME']);
  assert.deepEqual(await of(ingress('api', ['web'], 8081, 8080)), ['MODIFIED shop/api SAME']);
  assert.deepEqual(await of(ingress('api', ['web'], 8080)), ['MODIFIED shop/api TIGHTER']);
  assert.deepEqual(await of(ingress('api', ['web', 'cron'], 8080, 8081)), [
    'MODIFIED shop/api WIDER',
  ]);
  assert.deepEqual(await of(ingress('api', ['web'], 8080, 9090)), ['MODIFIED shop/api BOTH']);
  assert.deepEqual(await of(ingress('web', ['db'], 80), denyEgress('db')), [
    'ADDED shop/web TIGHTER',
    'ADDED shop/db-egress TIGHTER',
  ]);
  assert.deepEqual(await of(policy('second', { podSelector: app('db'), ingress: [{}] })), [
    'ADDED shop/second WIDER',
  ]);
  assert.deepEqual(await of(policy('idle', { podSelector: app('nobody') })), [
    'ADDED shop/idle SAME',
  ]);
  const replaced = {
    policies: documents(ingress('api', ['web'], 8080)),
    remove: ['shop/db', 'api'],
  };
  assert.deepEqual(await changesOf(shop, replaced), [
    'MODIFIED shop/api TIGHTER',
    'DELETED shop/db WIDER',
  ]);
});

test('a change among the pods of one workload alone has its effect', async () => {
  const shop = lab('among themselves');
  await shop.take([...SHOP, ingress('db', ['db'], 7000)]);
  assert.deepEqual(await changesOf(shop, { policies: documents(ingress('db', ['db'], 7001)) }), [
    'MODIFIED shop/db BOTH',
  ]);
});
