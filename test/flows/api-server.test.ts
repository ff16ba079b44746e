import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Lab, labs } from '../support/lab.js';
import { namespace, node, workload } from '../support/manifests.js';
import { recorded } from '../support/recorded.js';
import { edges, seen } from './support/whose.js';

const lab = labs();

const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) {
  yaml problems { code message hint } } }`;
const EXPLAIN = `query ($input: ExplainInput!) { explain(input: $input) { verdict missing } }`;
const INGEST = `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) { rejected problems { code } } }`;

/** Two control planes behind the Service of the API server. */
const CLUSTER: readonly object[] = [
  namespace('shop'),
  namespace('default'),
  workload('Deployment', 'operator', { labels: { app: 'operator' } }),
  node('cp-1', '192.0.2.11'),
  node('cp-2', '192.0.2.12'),
  node('worker', '192.0.2.21'),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default' },
    spec: {
      clusterIP: '10.2.0.1',
      ports: [{ name: 'https', port: 443, targetPort: 6443, protocol: 'TCP' }],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'kubernetes', namespace: 'default' },
    subsets: [
      {
        addresses: [{ ip: '192.0.2.11' }, { ip: '192.0.2.12' }],
        ports: [{ name: 'https', port: 6443 }],
      },
    ],
  },
];

const OPERATOR = { namespace: 'shop', workload: { kind: 'Deployment', name: 'operator' } };

const generated = async ({ call }: Lab, within: string) => call(GENERATE, { namespaces: [within] });

test('the API server is one peer by its Service, its endpoints and its name, and rules name all of its addresses', async () => {
  const shop = lab('api-server');
  await shop.take(CLUSTER);
  await shop.see(
    seen(OPERATOR, { ip: '192.0.2.11' }, 6443),
    seen(OPERATOR, { ip: '10.2.0.1' }, 443),
    seen(OPERATOR, { namespace: 'default', service: 'kubernetes' }, 443),
    seen(OPERATOR, { dnsName: 'kubernetes.default.svc' }, 443),
    seen(OPERATOR, { node: 'cp-2' }, 6443),
    seen({ ip: '192.0.2.12' }, OPERATOR, 9443),
    seen({ ip: '192.0.2.21' }, OPERATOR, 9443),
    seen(OPERATOR, { ip: '192.0.2.11' }, 10250),
  );
  assert.deepEqual(await edges(shop), [
    'NODE:cp-2 -> shop/operator TCP 9443',
    'NODE:worker -> shop/operator TCP 9443',
    'shop/operator -> EXTERNAL:kube-apiserver TCP 443/6443',
    'shop/operator -> NODE:cp-1 TCP 10250',
  ]);
  const { yaml, problems } = await generated(shop, 'shop');
  for (const part of ['egress', 'ingress']) assert.match(yaml, new RegExp(`${part}:`));
  const blocks = (address: string) => yaml.match(new RegExp(`cidr: ${address}/32`, 'g')).length;
  // In the rules of the API server and in those of the cluster's nodes, which run it here.
  assert.deepEqual(['192.0.2.11', '192.0.2.12'].map(blocks), [4, 4]);
  assert.equal(
    blocks('192.0.2.21'),
    2,
    'a node that runs no API server stands in rules of nodes only',
  );
  assert.match(yaml, /port: 6443/);
  assert.match(yaml, /port: 9443/);
  const opened = problems.filter(({ code }: { code: string }) => code === 'NODES_OPENED');
  assert.deepEqual(
    opened.map(({ message }: { message: string }) => /TCP \d+/.exec(message)?.[0]).toSorted(),
    ['TCP 10250', 'TCP 9443'],
  );
  const { explain } = await shop.ask(EXPLAIN, {
    input: {
      cluster: shop.cluster,
      source: 'shop/operator',
      destination: 'EXTERNAL:kube-apiserver',
      port: 6443,
      protocol: 'TCP',
      policies: yaml,
    },
  });
  assert.deepEqual(explain, { verdict: 'ALLOWED', missing: null });
});

const CASE = 'cases/flows/operator-and-api-server';

test('the recorded case operator-and-api-server', { skip: recorded.missing(CASE) }, async () => {
  const ops = lab('operator-and-api-server');
  const read = (file: string) => readFileSync(recorded(`${CASE}/${file}`), 'utf8');
  await ops.take([JSON.parse(read('inv.json'))]);
  await ops.call(INGEST, { format: 'hubble', records: read('f.jsonl') });
  assert.deepEqual(await edges(ops), [
    'NODE:cp -> ops/operator TCP 9443',
    'ops/operator -> EXTERNAL:kube-apiserver TCP 443',
    'ops/operator -> EXTERNAL:kube-apiserver TCP 6443',
  ]);
  const { yaml, problems } = await generated(ops, 'ops');
  assert.equal(yaml.match(/172\.18\.0\.2\/32/g).length, 2);
  assert.match(yaml, /34\.90\.1\.2\/32/);
  assert.doesNotMatch(JSON.stringify(problems), /import the inventory/);
});
