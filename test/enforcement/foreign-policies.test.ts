import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents, flow, labs } from '../support/lab.js';
import { allowIngress, SHOP } from '../support/shop.js';

const lab = labs();

const foreign = (apiVersion: string, kind: string, name: string, namespace?: string): object => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  spec: {},
});

const CILIUM = foreign('cilium.io/v2', 'CiliumNetworkPolicy', 'web', 'shop');
const CALICO = foreign('crd.projectcalico.org/v1', 'GlobalNetworkPolicy', 'deny');
const ISTIO = foreign('security.istio.io/v1', 'AuthorizationPolicy', 'mtls', 'shop');

const NAMES = [
  'AuthorizationPolicy/shop/mtls',
  'CiliumNetworkPolicy/shop/web',
  'GlobalNetworkPolicy/deny',
];

const ANSWERS = `query ($cluster: String!, $input: ExplainInput!, $flows: FlowFilter) {
  cluster(name: $cluster) { foreignPolicies }
  networkGraph(cluster: $cluster) { foreignPolicies }
  explain(input: $input) { foreignPolicies }
  deployment(cluster: $cluster, namespace: "shop", name: "web") { foreignPolicies }
  flows(filter: $flows) { nodes { explanation { foreignPolicies } } } }`;
const SIMULATE = `mutation ($input: SimulatePoliciesInput!) { simulatePolicies(input: $input) {
  simulation { foreignPolicies flows { nodes { explanation { foreignPolicies } } } } problems { code severity message } } }`;
const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) { problems { code severity message } } }`;

const MESSAGE = `${NAMES.map(name => `\`${name}\``).join(', ')} act in the cluster and are not read: they may change what is said here`;

test('policies of other APIs are named in each answer that they could change', async () => {
  const shop = lab('foreign');
  await shop.take([...SHOP, CILIUM, CALICO, ISTIO]);
  await shop.see(flow('shop/web', 'shop/api', 8080));
  const input = { cluster: shop.cluster, source: 'shop/web', destination: 'shop/api', port: 8080 };
  const flows = { cluster: { eq: shop.cluster } };
  const answers = await shop.ask(ANSWERS, { cluster: shop.cluster, input, flows });
  assert.deepEqual(
    [
      answers.cluster,
      answers.networkGraph,
      answers.explain,
      answers.deployment,
      answers.flows.nodes[0].explanation,
    ],
    Array(5).fill({ foreignPolicies: NAMES }),
  );
  const simulated = await shop.call(SIMULATE, { policies: documents(allowIngress('api', 'web')) });
  assert.deepEqual(simulated.simulation.foreignPolicies, NAMES);
  const [one] = simulated.simulation.flows.nodes;
  assert.deepEqual(one.explanation.foreignPolicies, NAMES);
  const told = { code: 'FOREIGN_POLICIES', severity: 'WARNING', message: MESSAGE };
  const generated = await shop.call(GENERATE);
  for (const { problems } of [simulated, generated])
    assert.deepEqual(
      problems.filter(({ code }: { code: string }) => code === 'FOREIGN_POLICIES'),
      [told],
    );
});

const OF_CLUSTER = `query ($cluster: String!) { cluster(name: $cluster) { foreignPolicies } }`;

test('what a later snapshot of their kind does not show has ended', async () => {
  const shop = lab('ended');
  await shop.take([...SHOP, CILIUM, CALICO]);
  const other = foreign('cilium.io/v2', 'CiliumNetworkPolicy', 'api', 'shop');
  const namesNow = async () =>
    (await shop.ask(OF_CLUSTER, { cluster: shop.cluster })).cluster.foreignPolicies;
  await shop.take([other], { mode: 'MERGE' });
  assert.deepEqual(await namesNow(), [
    'CiliumNetworkPolicy/shop/api',
    'CiliumNetworkPolicy/shop/web',
    'GlobalNetworkPolicy/deny',
  ]);
  await shop.take([...SHOP, other], { mode: 'REPLACE' });
  assert.deepEqual(await namesNow(), ['CiliumNetworkPolicy/shop/api', 'GlobalNetworkPolicy/deny']);
});
