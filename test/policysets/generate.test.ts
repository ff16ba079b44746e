import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, type Lab, labs } from '../support/lab.js';
import { namespace, workload } from '../support/manifests.js';
import { deployment, SHOP } from '../support/shop.js';
import { simulate } from '../support/simulate.js';

const lab = labs();

const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) {
  policySet { id name version origin yaml policies { name } } yaml
  policies { name namespace yaml deployment { name }
    rules { direction peer ports evidence { flows first last days events confidence } } }
  extraPairs { source destination ports } problems { code severity message }
  futurePods { pods claim selectedBy admittedBy today reach { deployment ports } reachCount } } }`;
const LEARN = `mutation ($input: GenerateBaselinesInput!) { generateBaselines(input: $input) { problems { code } } }`;

type Rule = {
  readonly direction: string;
  readonly peer: string;
  readonly ports: readonly string[];
};
type Made = {
  readonly policies: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
  readonly problems: readonly { readonly code: string }[];
};

/** Rules by policy, as `INGRESS shop/web TCP 8080`. */
const rulesOf = ({ policies }: Made) =>
  Object.fromEntries(
    policies.map(({ name, rules }) => [
      name,
      rules.map(({ direction, peer, ports }) => `${direction} ${peer} ${ports.join(', ')}`),
    ]),
  );

/** What is told of any short window with clients and servers. */
const USUAL: readonly string[] = ['SHORT_WINDOW', 'SILENT_DIRECTION'];

const codesOf = ({ problems }: Made) =>
  problems.map(({ code }) => code).filter(code => !USUAL.includes(code));

const DNS = 'EGRESS DNS TCP 53, UDP 53';

/** The shop with the cluster's DNS, so that nothing about it is left to be told. */
const CLUSTER = [
  ...SHOP,
  namespace('kube-system'),
  workload('Deployment', 'coredns', {
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns' },
  }),
];

const WEB = flow('shop/web', 'shop/api', 8080);
const DB = flow('shop/api', 'shop/db', 5432);
const OUT = flow('shop/web', '203.0.113.9', 443);

/** Every flow of the cluster is still allowed under the set of that name. */
async function assertAllowed(shop: Lab, policySet: string, flows: number): Promise<void> {
  const { simulation } = await simulate(shop, { policySet });
  const none = { newlyBlocked: 0, newlyAllowed: 0, stillBlocked: 0, undecidable: 0 };
  assert.deepEqual(simulation.summary, { ...none, stillAllowed: flows });
}

test('each deployment gets one policy, with a rule for each peer, and its flows are still allowed under the set', async () => {
  const shop = lab('one each');
  await shop.take(CLUSTER);
  await shop.see(WEB, flow('shop/web', 'shop/api', 9090), DB, OUT);
  const made = await shop.call(GENERATE, { namespaces: ['shop'] });
  assert.deepEqual(rulesOf(made), {
    api: ['INGRESS shop/web TCP 8080, TCP 9090', DNS, 'EGRESS shop/db TCP 5432'],
    db: ['INGRESS shop/api TCP 5432'],
    web: [DNS, 'EGRESS EXTERNAL:203.0.113.9 TCP 443', 'EGRESS shop/api TCP 8080, TCP 9090'],
  });
  assert.deepEqual(made.extraPairs, []);
  assert.deepEqual(
    made.futurePods.find(({ pods }: { pods: string }) => pods === 'shop/[pod with {app=api}]'),
    {
      pods: 'shop/[pod with {app=api}]',
      claim: 'PODS',
      selectedBy: ['shop/api'],
      admittedBy: ['shop/db', 'shop/web'],
      today: ['shop/api[Deployment]'],
      reach: [{ deployment: 'shop/db[Deployment]', ports: 'TCP 5432' }],
      reachCount: 1,
    },
    'who makes a pod with that label comes by the rules of that deployment',
  );
  assert.deepEqual(codesOf(made), ['NO_FLOWS'], 'a deployment without a flow gets no policy');
  const silent = made.problems.find(({ code }: { code: string }) => code === 'NO_FLOWS');
  assert.match(silent.message, /`shop\/cron`/);
  for (const policy of made.policies) {
    assert.equal(policy.namespace, 'shop');
    assert.equal(policy.deployment.name, policy.name);
    assert.ok(made.yaml.includes(policy.yaml));
  }
  await assertAllowed(shop, 'generated-shop', 4);
  const { simulation } = await simulate(shop, {
    policies: made.yaml.replaceAll('port: 9090', 'port: 9091'),
  });
  assert.equal(simulation.summary.newlyBlocked, 1, 'a set with another port would show');
});

test('a rule carries the evidence of the flows behind it', async () => {
  const { take, see, call } = lab('evidence');
  await take(CLUSTER);
  const days = ['15', '16', '17', '18', '19', '20', '21'];
  await see(
    ...days.map(day => flow('shop/api', 'shop/db', 5432, { time: `2026-11-${day}T10:00:00Z` })),
    flow('shop/web', 'shop/api', 8080, { time: '2026-11-20T09:00:00Z', events: 3 }),
    flow('shop/web', 'shop/api', 9090, { time: '2026-11-21T10:00:00Z' }),
    OUT,
  );
  const made = await call(GENERATE, { deployments: ['shop/api', 'web'] });
  const evidence = Object.fromEntries(
    made.policies.flatMap(({ name, rules }: { name: string; rules: readonly object[] }) =>
      rules.map(rule => {
        const { peer, evidence } = rule as { peer: string; evidence: object };
        return [`${name} ${peer}`, evidence];
      }),
    ),
  );
  const called = {
    flows: 2,
    first: '2026-11-20T09:00:00.000000Z',
    last: '2026-11-21T10:00:00.000000Z',
    days: 2,
    events: '4',
    confidence: 'MEDIUM',
  };
  const once = { first: '2026-11-22T10:00:00.000000Z', last: '2026-11-22T10:00:00.000000Z' };
  assert.deepEqual(evidence, {
    'api shop/web': called,
    'api DNS': null,
    'api shop/db': {
      flows: 1,
      first: '2026-11-15T10:00:00.000000Z',
      last: '2026-11-21T10:00:00.000000Z',
      days: 7,
      events: '7',
      confidence: 'HIGH',
    },
    'web DNS': null,
    'web EXTERNAL:203.0.113.9': { flows: 1, ...once, days: 1, events: '1', confidence: 'LOW' },
    'web shop/api': called,
  });
});

test('only the flows of the window are evidence, and dropped ones never', async () => {
  const { take, see, call } = lab('window');
  await take(CLUSTER);
  await see(
    flow('shop/web', 'shop/api', 8080, { time: '2026-11-19T10:00:00Z' }),
    flow('shop/web', 'shop/api', 8081, { time: '2026-11-20T10:00:00Z' }),
    flow('shop/web', 'shop/api', 8082, { time: '2026-11-21T10:00:00Z' }),
    flow('shop/web', 'shop/api', 8083, { time: '2026-11-20T10:00:00Z', verdict: 'DENIED' }),
  );
  const made = await call(GENERATE, {
    deployments: ['api'],
    since: '2026-11-20T00:00:00Z',
    until: '2026-11-21T10:00:00Z',
  });
  assert.deepEqual(rulesOf(made), { api: ['INGRESS shop/web TCP 8081'] });
});

test('names of the scope that are nobody are told, and nothing is stored where no deployment is left', async () => {
  const { take, see, call, ask, cluster } = lab('scope');
  await take(CLUSTER);
  await see(DB);
  const some = await call(GENERATE, {
    namespaces: ['shop', 'nowhere'],
    deployments: ['db', 'ghost'],
  });
  assert.deepEqual(Object.keys(rulesOf(some)), ['db']);
  assert.deepEqual(codesOf(some), ['NOT_FOUND', 'NOT_FOUND']);
  assert.match(some.problems[0].message, /`nowhere`/);
  assert.match(some.problems[1].message, /`ghost`/);
  const none = await call(GENERATE, { deployments: ['kube-system/db'], name: 'none' });
  assert.deepEqual([none.policySet, none.policies, none.yaml], [null, [], null]);
  assert.deepEqual(codesOf(none), ['NOT_FOUND']);
  const set = 'query ($cluster: String!) { policySet(name: "none", cluster: $cluster) { id } }';
  assert.equal((await ask(set, { cluster })).policySet, null);
});

const SET = `query ($name: String!, $cluster: String!, $id: ID!) {
  policySet(name: $name, cluster: $cluster) { id version yaml }
  node(id: $id) { ... on PolicySet { id name version origin yaml policies { name } } } }`;

test('each generation is the next version of its set, and earlier ones stay as they were', async () => {
  const { take, see, call, ask, cluster } = lab('versions');
  await take(CLUSTER);
  await see(WEB);
  const first = await call(GENERATE, { deployments: ['web', 'api'], name: 'release' });
  await see(DB);
  const second = await call(GENERATE, { deployments: ['api'], name: 'release' });
  const other = await call(GENERATE, { deployments: ['api'] });
  assert.deepEqual(
    [first, second, other].map(({ policySet: { name, version, origin } }) => [
      name,
      version,
      origin,
    ]),
    [
      ['release', 1, 'FLOWS'],
      ['release', 2, 'FLOWS'],
      ['generated:api', 1, 'FLOWS'],
    ],
  );
  assert.notEqual(first.yaml, second.yaml);
  const read = await ask(SET, { name: 'release', cluster, id: first.policySet.id });
  assert.deepEqual(read.node, first.policySet);
  const { id, version, yaml } = second.policySet;
  assert.deepEqual(read.policySet, { id, version, yaml });
  assert.equal(yaml, second.yaml);
});

test('the same flows give the same bytes, whatever order and cluster they came in', async () => {
  const forward = lab('forward');
  const backward = lab('backward');
  const flows = [
    WEB,
    DB,
    OUT,
    flow('shop/cron', 'shop/db', 5432),
    flow('shop/cron', '203.0.113.8', 443),
  ];
  await forward.take(CLUSTER);
  await forward.see(...flows);
  for (const one of flows.toReversed()) await backward.see(one);
  await backward.take(CLUSTER.toReversed());
  const yamls = [];
  for (const shop of [forward, forward, backward]) yamls.push((await shop.call(GENERATE)).yaml);
  assert.equal(yamls[1], yamls[0]);
  assert.equal(yamls[2], yamls[0]);
  assert.ok(yamls[0].includes('cidr: 203.0.113.8/32'));
});

test('pairs that share their labels with an observed one are listed as what the set allows beyond it', async () => {
  const { take, see, call } = lab('extra pairs');
  await take([...CLUSTER, deployment('web-canary', { app: 'web' })]);
  await see(WEB, flow('shop/web-canary', 'shop/db', 5432));
  const made = await call(GENERATE, { namespaces: ['shop'] });
  assert.deepEqual(made.extraPairs, [
    { source: 'shop/web', destination: 'shop/db', ports: 'TCP 5432' },
    { source: 'shop/web-canary', destination: 'shop/api', ports: 'TCP 8080' },
  ]);
});

test('from baselines, what was learned becomes rules, and what came after does not', async () => {
  const shop = lab('baselines');
  const { take, see, call } = shop;
  await take(CLUSTER);
  await see(flow('shop/web', 'shop/api', 8080, { time: '2026-11-20T10:00:00Z' }), WEB);
  await call(LEARN);
  await see(DB, flow('shop/web', 'shop/api', 9090));
  const input = { namespaces: ['shop'], from: 'BASELINES', name: 'learned' };
  const made = await call(GENERATE, input);
  assert.deepEqual(rulesOf(made), {
    api: ['INGRESS shop/web TCP 8080'],
    web: [DNS, 'EGRESS shop/api TCP 8080'],
  });
  assert.equal(made.policySet.origin, 'BASELINES');
  const [{ evidence }] = made.policies[0].rules;
  assert.deepEqual([evidence.flows, evidence.days, evidence.events], [1, 2, '2']);
  assert.equal((await call(GENERATE, input)).yaml, made.yaml);
  const { simulation } = await simulate(shop, { policySet: 'learned' });
  assert.deepEqual([simulation.summary.stillAllowed, simulation.summary.newlyBlocked], [2, 1]);
});

test('calls of the metadata service become rules on demand only, and the label can be chosen', async () => {
  const { take, see, call } = lab('options');
  await take(CLUSTER);
  await see(flow('shop/cron', '169.254.169.254', 80));
  const input = { deployments: ['cron'] };
  const without = await call(GENERATE, input);
  assert.deepEqual(rulesOf(without), { cron: [DNS] });
  assert.deepEqual(codesOf(without), ['METADATA_NOT_ALLOWED', 'FLOWS_NOT_COVERED']);
  assert.match(without.yaml, /^ {4}network-policy-generator\.stackrox\.io\/generated: "true"$/m);
  const options = { allowMetadata: true, labelKey: 'example.com/by', labelValue: 'weirgate' };
  const made = await call(GENERATE, { ...input, options });
  assert.deepEqual(rulesOf(made), { cron: [DNS, 'EGRESS EXTERNAL:169.254.169.254 TCP 80'] });
  assert.deepEqual(codesOf(made), []);
  assert.match(made.yaml, /^ {4}example\.com\/by: weirgate$/m);
  assert.doesNotMatch(made.yaml, /stackrox/);
});
