import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents, flow, type Lab, labs } from '../support/lab.js';
import { namespace, node, pod, policy, workload } from '../support/manifests.js';
import { app } from '../support/shop.js';
import { simulate } from '../support/simulate.js';

const lab = labs();

const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) { yaml } }`;
const EXPLAIN = `query ($input: ExplainInput!) { explain(input: $input) { verdict basis } }`;
const SIMULATED = `mutation ($input: SimulatePoliciesInput!) { simulatePolicies(input: $input) { simulation {
  flows(first: 50) { nodes { after flow { source { ... on ExternalEntity { name } ... on ClusterNode { name } } servicePort }
    explanation { verdict basis } } } } } }`;
const STORED = `query ($filter: FlowFilter!) { flows(first: 50, filter: $filter) { nodes {
  source { ... on ExternalEntity { name } ... on ClusterNode { name } } policyVerdict policyBasis } } }`;

const BALANCER = '198.51.100.10';
const NODE = '192.0.2.1';

const entrance = (type: string, externalTrafficPolicy: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    type,
    externalTrafficPolicy,
    clusterIP: '10.96.0.9',
    selector: { app: 'web' },
    ports: [{ port: 80, targetPort: 8080, nodePort: 30_080, protocol: 'TCP' }],
  },
  ...(type === 'LoadBalancer' && { status: { loadBalancer: { ingress: [{ ip: BALANCER }] } } }),
});

const clusterOf = (service: object) => [
  namespace('shop'),
  node('worker', NODE),
  node('other', '192.0.2.2'),
  workload('Deployment', 'web', { labels: { app: 'web' } }),
  pod('web-7d9f8b6c54-x2x8p', {
    owner: 'ReplicaSet/web-7d9f8b6c54',
    labels: { app: 'web', 'pod-template-hash': '7d9f8b6c54' },
    ip: '10.1.0.7',
  }),
  service,
];

/** Each way in has a client of its own: the Service as it is asked for, the pod as it sees clients, and a node in a client's place. */
const waysInto = (type: string) => [
  { client: '203.0.113.1', at: NODE, port: 30_080, asks: ['NODE:worker', 30_080] as const },
  ...(type === 'LoadBalancer'
    ? [{ client: '203.0.113.2', at: BALANCER, port: 80, asks: ['svc:shop/web', 80] as const }]
    : []),
  { client: '203.0.113.3', at: 'shop/web', port: 8080, asks: ['shop/web', 8080] as const },
  { client: '192.0.2.2', at: 'shop/web', port: 8080, asks: ['shop/web', 8080] as const },
];

const admits = (...cidrs: readonly string[]) =>
  documents(
    policy('web', {
      podSelector: app('web'),
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: cidrs.map(cidr => ({ ipBlock: { cidr } })),
          ports: [{ port: 8080, protocol: 'TCP' }],
        },
      ],
    }),
  );

const CLIENTS = '203.0.113.0/24';
const NODES = '192.0.2.0/24';

type Said = { readonly verdict: string; readonly basis: string };

const nameOf = (source: { readonly name: string }): string =>
  source.name === 'other' ? '192.0.2.2' : source.name;

/** What `explain` says of each way, by its client. */
async function explained(shop: Lab, type: string, policies: string | null) {
  const answers = waysInto(type).map(async ({ client, asks: [destination, port] }) => {
    const question = { source: client, destination, port, protocol: 'TCP', policies };
    const { verdict, basis }: Said = await shop.call(EXPLAIN, question);
    return [client, `${verdict} ${basis}`] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

/** What a simulation says of each flow, which its own explanation of the flow must say too. */
async function simulated(shop: Lab, policies: string) {
  const { simulation } = await shop.call(SIMULATED, { policies });
  return Object.fromEntries(
    simulation.flows.nodes.map(
      (one: { after: string; flow: { source: { name: string } }; explanation: Said }) => {
        assert.equal(one.after, one.explanation.verdict);
        return [nameOf(one.flow.source), `${one.after} ${one.explanation.basis}`];
      },
    ),
  );
}

for (const type of ['NodePort', 'LoadBalancer'])
  for (const traffic of ['Cluster', 'Local'])
    test(`flows through a ${type} with externalTrafficPolicy ${traffic} are judged alike when simulated, explained and stored, and by what is generated`, async () => {
      const shop = lab(`${type} ${traffic}`);
      await shop.take(clusterOf(entrance(type, traffic)));
      await shop.see(...waysInto(type).map(({ client, at, port }) => flow(client, at, port)));
      for (const cidrs of [[CLIENTS], [NODES], [CLIENTS, NODES], ['198.18.0.0/15']]) {
        const policies = admits(...cidrs);
        const said = await explained(shop, type, policies);
        assert.deepEqual(await simulated(shop, policies), said, cidrs.join());
        const isSplit = cidrs.length === 1 && cidrs[0] !== '198.18.0.0/15';
        const hidden = traffic === 'Cluster' && isSplit;
        assert.equal(said['203.0.113.1'] === 'UNDECIDABLE undefined-snat', hidden, cidrs.join());
      }
      for (const options of [{}, { ingressSources: 'BLOCKS', ingressBlocks: [CLIENTS] }]) {
        const { yaml } = await shop.call(GENERATE, { options });
        const { summary } = (await simulate(shop, { policies: yaml })).simulation;
        const { newlyBlocked, undecidable } = summary;
        assert.deepEqual({ newlyBlocked, undecidable }, { newlyBlocked: 0, undecidable: 0 });
      }
      await shop.take([policyInForce()]);
      const { flows } = await shop.ask(STORED, { filter: { cluster: { eq: shop.cluster } } });
      assert.deepEqual(
        Object.fromEntries(
          flows.nodes.map(
            (one: { source: { name: string }; policyVerdict: string; policyBasis: string }) => [
              nameOf(one.source),
              `${one.policyVerdict} ${one.policyBasis}`,
            ],
          ),
        ),
        await explained(shop, type, null),
      );
    });

const policyInForce = (): object => JSON.parse(admits(CLIENTS));
