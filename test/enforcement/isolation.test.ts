import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, type Lab, labs } from '../support/lab.js';
import { pod, policy } from '../support/manifests.js';
import { allowIngress, app, denyEgress, deployment, SHOP } from '../support/shop.js';

const lab = labs();

const ISOLATED = `query ($cluster: String!) {
  NONE: deployments(filter: { cluster: { eq: $cluster }, isolation: NONE }) { totalCount nodes { name } }
  INGRESS: deployments(filter: { cluster: { eq: $cluster }, isolation: INGRESS }) { totalCount nodes { name } }
  EGRESS: deployments(filter: { cluster: { eq: $cluster }, isolation: EGRESS }) { totalCount nodes { name } }
  BOTH: deployments(filter: { cluster: { eq: $cluster }, isolation: BOTH }) { totalCount nodes { name } } }`;

type Found = {
  readonly totalCount: number;
  readonly nodes: readonly { readonly name: string }[];
};

/** Names of the deployments by isolation, in the order of names; those of which there is none are left out. */
async function isolated({ ask, cluster }: Lab): Promise<Readonly<Record<string, string>>> {
  const found: Readonly<Record<string, Found>> = await ask(ISOLATED, { cluster });
  for (const { totalCount, nodes } of Object.values(found)) assert.equal(totalCount, nodes.length);
  return Object.fromEntries(
    Object.entries(found)
      .map(([isolation, { nodes }]) => [isolation, nodes.map(({ name }) => name).join(' ')])
      .filter(([, names]) => names !== ''),
  );
}

test('deployments are isolated for the directions in which some policy selects them', async () => {
  const shop = lab('directions');
  await shop.take(SHOP);
  assert.deepEqual(await isolated(shop), { NONE: 'api cron db web' });
  await shop.take([
    allowIngress('api', 'web'),
    denyEgress('cron'),
    allowIngress('db', 'api'),
    denyEgress('db'),
  ]);
  assert.deepEqual(await isolated(shop), {
    NONE: 'web',
    INGRESS: 'api',
    EGRESS: 'cron',
    BOTH: 'db',
  });
});

test('isolation follows a policy that changes or ends, and labels that change', async () => {
  const shop = lab('follows');
  const { take } = shop;
  await take([...SHOP, policy('all'), denyEgress('db')]);
  assert.deepEqual(await isolated(shop), { INGRESS: 'api cron web', BOTH: 'db' });
  await take([policy('all', { podSelector: app('web'), policyTypes: ['Egress'] })]);
  assert.deepEqual(await isolated(shop), { NONE: 'api cron', EGRESS: 'db web' });
  await take([deployment('web', { app: 'db' }), deployment('db', { app: 'none' })]);
  assert.deepEqual(await isolated(shop), { NONE: 'api cron db', EGRESS: 'web' });
  await take([allowIngress('cron', 'web')], { mode: 'REPLACE' });
  assert.deepEqual(await isolated(shop), { NONE: 'api db web', INGRESS: 'cron' });
});

test('pods in the host network are isolated by no policy', async () => {
  const shop = lab('host network');
  const agent = { owner: 'DaemonSet/agent', labels: { app: 'agent' }, ip: '192.0.2.1' };
  await shop.take([...SHOP, policy('all'), pod('agent-x7k2p', { ...agent, hostNetwork: true })]);
  assert.deepEqual(await isolated(shop), { NONE: 'agent', INGRESS: 'api cron db web' });
});

test('flows do not isolate, and a deployment known from flows alone is isolated as one without a policy while there is none', async () => {
  const shop = lab('from flows');
  await shop.see(flow('shop/web', 'shop/api', 8080));
  assert.deepEqual(await isolated(shop), { NONE: 'api web' });
});

const IN_CLUSTERS = `query ($filter: DeploymentFilter!) {
  deployments(filter: $filter) { nodes { name cluster { name } } } }`;

const CLUSTERS = { cluster: { in: ['joined a', 'joined b'] } };
const JOINED: readonly { filter: object; names: readonly string[] }[] = [
  { filter: { isolation: 'INGRESS' }, names: ['a api', 'b db'] },
  { filter: { not: { isolation: 'NONE' } }, names: ['a api', 'a cron', 'b db'] },
  { filter: { isolation: 'NONE', name: { in: ['api', 'db'] } }, names: ['a db', 'b api'] },
  {
    filter: { or: [{ isolation: 'EGRESS' }, { name: { eq: 'web' } }] },
    names: ['a cron', 'a web', 'b web'],
  },
  { filter: { and: [{ isolation: 'INGRESS' }, { isolation: 'NONE' }] }, names: [] },
];

test('isolation joins with other filters, over several clusters', async () => {
  const { take, ask } = lab('joined a');
  await take([...SHOP, allowIngress('api', 'web'), denyEgress('cron')]);
  await lab('joined b').take([...SHOP, allowIngress('db', 'api')]);
  for (const { filter, names } of JOINED) {
    const { deployments } = await ask(IN_CLUSTERS, { filter: { ...filter, ...CLUSTERS } });
    const found = deployments.nodes.map(
      ({ name, cluster }: { name: string; cluster: { name: string } }) =>
        `${cluster.name.at(-1)} ${name}`,
    );
    assert.deepEqual(found, names, JSON.stringify(filter));
  }
});
