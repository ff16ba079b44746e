import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents, flow, type Lab, labs } from '../support/lab.js';
import { namespace, node, pod, policy, workload } from '../support/manifests.js';
import { app } from '../support/shop.js';
import { simulate } from '../support/simulate.js';

const lab = labs();

const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) {
  yaml problems { code severity message } } }`;

const db = (name: string, role: string) =>
  pod(name, {
    owner: 'StatefulSet/db',
    labels: { app: 'db', role, 'statefulset.kubernetes.io/pod-name': name },
  });

const web = (hash: string, track: string) =>
  pod(`web-${hash}-x2x8p`, {
    owner: `ReplicaSet/web-${hash}`,
    labels: { app: 'web', track, 'pod-template-hash': hash },
  });

/** A replicated database, its canaried caller, a Job whose controller labels its pods, and DNS. */
const CLUSTER = [
  namespace('shop'),
  namespace('kube-system'),
  workload('Deployment', 'coredns', {
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns' },
  }),
  db('db-0', 'primary'),
  db('db-1', 'replica'),
  db('db-2', 'replica'),
  web('7d9f8b6c54', 'stable'),
  web('6b746f74dc', 'canary'),
  pod('seed-x2x8p', {
    owner: 'Job/seed',
    labels: {
      app: 'seed',
      'job-name': 'seed',
      'batch.kubernetes.io/job-name': 'seed',
      'controller-uid': '9f1c',
    },
  }),
];

const FLOWS = [
  flow('shop/web', 'shop/db', 5432),
  flow('shop/db', 'shop/db', 5432),
  flow('shop/seed', 'shop/db', 5432),
];

async function observed(name: string): Promise<Lab> {
  const shop = lab(name);
  await shop.take(CLUSTER);
  await shop.see(...FLOWS);
  return shop;
}

const NONE = { newlyBlocked: 0, newlyAllowed: 0, stillBlocked: 0, undecidable: 0 };

test('generated selectors select all label sets of a workload, as subjects and as peers, and block none', async () => {
  const shop = await observed('generated');
  const { yaml, problems } = await shop.call(GENERATE, { namespaces: ['shop'] });
  assert.deepEqual(
    problems.map(({ code }: { readonly code: string }) => code),
    ['SHORT_WINDOW', 'SILENT_DIRECTION'],
  );
  for (const label of ['role', 'track', 'pod-name', 'job-name', 'controller-uid', 'hash'])
    assert.doesNotMatch(yaml, new RegExp(`${label}:`), label);
  for (const name of ['db', 'web', 'seed']) assert.match(yaml, new RegExp(`app: ${name}`));
  const { simulation } = await simulate(shop, { policies: yaml });
  assert.deepEqual(simulation.summary, { ...NONE, stillAllowed: FLOWS.length });
});

test('a candidate for some label sets leaves the flows of their workload undecided, and says what changes for which', async () => {
  const shop = await observed('candidate');
  const primary = policy('primary', {
    podSelector: { matchLabels: { role: 'primary' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: app('seed') }] }],
  });
  const { simulation } = await simulate(shop, { policies: documents(primary) });
  assert.deepEqual(simulation.summary, { ...NONE, stillAllowed: 1, undecidable: 2 });
  const undecided = simulation.flows.nodes.filter(
    ({ after }: { after: string }) => after === 'UNDECIDABLE',
  );
  for (const { explanation } of undecided)
    assert.match(
      explanation.text,
      /allowed for .*db{role=replica}`; denied for .*db{role=primary}`/,
    );
  const changed = simulation.connectivity.nodes.map(
    ({ source, destination, newlyBlocked }: Record<string, string>) =>
      `${source} => ${destination}: ${newlyBlocked}`,
  );
  const PRIMARY = 'shop/db[StatefulSet]{role=primary}: All Connections';
  assert.deepEqual(changed, [
    `0.0.0.0-255.255.255.255 => ${PRIMARY}`,
    `kube-system/coredns[Deployment] => ${PRIMARY}`,
    `shop/db[StatefulSet]{role=replica} => ${PRIMARY}`,
    `shop/web[Deployment] => ${PRIMARY}`,
  ]);
});

test('a change that is the same for all label sets is told once', async () => {
  const shop = await observed('once');
  const closed = policy('closed', { podSelector: app('db'), policyTypes: ['Ingress'] });
  const { simulation } = await simulate(shop, { policies: documents(closed) });
  const from = simulation.connectivity.nodes.map(
    ({ source, destination }: Record<string, string>) => `${source} ${destination}`,
  );
  assert.ok(from.includes('shop/web[Deployment] shop/db[StatefulSet]'), from.join('\n'));
  assert.equal(from.filter((one: string) => one.includes('{track')).length, 0, from.join('\n'));
});

test('pods in the host network are on one of their nodes: a rule for all of these is certain, one for some is not', async () => {
  const shop = lab('host network');
  const agent = (name: string, nodeName: string, ip: string) => {
    const one = pod(name, { owner: 'DaemonSet/agent', hostNetwork: true, ip });
    return { ...one, spec: { ...one.spec, nodeName } };
  };
  await shop.take([
    ...CLUSTER,
    node('a', '192.0.2.1'),
    node('b', '192.0.2.2'),
    node('c', '192.0.2.3'),
    agent('agent-x2x8p', 'a', '192.0.2.1'),
    agent('agent-q7k9s', 'b', '192.0.2.2'),
  ]);
  await shop.see(flow('shop/web', 'shop/agent', 8126));
  const toNodes = (...addresses: readonly string[]) =>
    documents(
      policy('out', {
        podSelector: app('web'),
        policyTypes: ['Egress'],
        egress: [{ to: addresses.map(ip => ({ ipBlock: { cidr: `${ip}/32` } })) }],
      }),
    );
  const verdicts = async (...addresses: readonly string[]) => {
    const { simulation } = await simulate(shop, { policies: toNodes(...addresses) });
    const { stillAllowed, undecidable, newlyBlocked } = simulation.summary;
    return { stillAllowed, undecidable, newlyBlocked };
  };
  assert.deepEqual(await verdicts('192.0.2.1', '192.0.2.2'), {
    stillAllowed: 1,
    undecidable: 0,
    newlyBlocked: 0,
  });
  assert.equal((await verdicts('192.0.2.1')).undecidable, 1);
  assert.equal((await verdicts('192.0.2.3')).newlyBlocked, 1);
});
