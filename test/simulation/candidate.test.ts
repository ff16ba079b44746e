import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents, flow, type Lab, labs } from '../support/lab.js';
import { namespace, policy, workload } from '../support/manifests.js';
import { adminDeny, allowIngress, app, denyEgress, SHOP } from '../support/shop.js';
import { simulate } from '../support/simulate.js';

const lab = labs();

const FLOWS = [flow('shop/web', 'shop/api', 8080), flow('shop/cron', 'shop/api', 8080)];

/** A shop whose api lets in web alone, and both of whose callers have called. */
async function shopOf(cluster: string): Promise<Lab> {
  const shop = lab(cluster);
  await shop.take([...SHOP, allowIngress('api', 'web')]);
  await shop.see(...FLOWS);
  return shop;
}

type Simulated = {
  readonly class: string;
  readonly flow: { readonly source: { readonly name: string } };
};

/** Class of the flow by the name of its source, and codes of the problems. */
async function outcome(shop: Lab, input: object) {
  const { simulation, problems } = await simulate(shop, input);
  const classes = simulation.flows.nodes.map((one: Simulated) => [one.flow.source.name, one.class]);
  return {
    ...Object.fromEntries(classes),
    problems: problems.map(({ code }: { code: string }) => code),
  };
}

test('an object whose kind is misspelled is told, and the others are simulated', async () => {
  const shop = await shopOf('misspelled');
  const misspelled = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicyy',
    metadata: { name: 'none', namespace: 'shop' },
    spec: { podSelector: {} },
  };
  const policies = documents(allowIngress('api', 'web'), misspelled);
  const { problems } = await outcome(shop, { policies });
  assert.deepEqual(problems, ['KIND_UNKNOWN']);
});

test('a policy of the candidate replaces the live one of its kind, namespace and name', async () => {
  const shop = await shopOf('replaces');
  assert.deepEqual(await outcome(shop, { policies: documents(allowIngress('api', 'cron')) }), {
    web: 'NEWLY_BLOCKED',
    cron: 'NEWLY_ALLOWED',
    problems: [],
  });
  assert.deepEqual(Object.values(await shop.verdicts()).toSorted(), [
    'ALLOWED by policy [ACTIVE ALLOWED]',
    'DENIED by policy [ACTIVE ANOMALOUS]',
  ]);
});

test('a policy of another name, namespace or kind is added', async () => {
  const shop = await shopOf('adds');
  const more = policy('api-cron', {
    podSelector: app('api'),
    ingress: [{ from: [{ podSelector: app('cron') }] }],
  });
  assert.deepEqual(await outcome(shop, { policies: documents(more) }), {
    web: 'STILL_ALLOWED',
    cron: 'NEWLY_ALLOWED',
    problems: [],
  });
  const kept = { web: 'STILL_ALLOWED', cron: 'STILL_BLOCKED', problems: [] };
  const elsewhere = policy('api', { podSelector: {} }, 'other');
  assert.deepEqual(await outcome(shop, { policies: documents(elsewhere) }), kept);
  const admin = { ...adminDeny('db', 'cron'), metadata: { name: 'api' } };
  assert.deepEqual(await outcome(shop, { policies: documents(admin) }), kept);
});

test('live policies are taken away by name, with or without namespace and kind', async () => {
  const shop = await shopOf('removes');
  const gone = { web: 'STILL_ALLOWED', cron: 'NEWLY_ALLOWED', problems: [] };
  for (const name of ['shop/api', 'api', 'NetworkPolicy/shop/api']) {
    assert.deepEqual(await outcome(shop, { remove: [name] }), gone, name);
  }
  const both = { policies: documents(denyEgress('web')), remove: ['shop/api'] };
  assert.deepEqual(await outcome(shop, both), { ...gone, web: 'NEWLY_BLOCKED' });
});

test('names to take away that no live policy has are told, and the rest is simulated', async () => {
  const shop = await shopOf('removes nobody');
  const { simulation, problems } = await simulate(shop, {
    remove: ['shop/api', 'shop/ghost', 'other/api'],
  });
  assert.equal(simulation.summary.newlyAllowed, 1);
  assert.deepEqual(
    problems.map(({ code, severity, path }: Record<string, string>) => [code, severity, path]),
    [
      ['NOT_FOUND', 'WARNING', 'remove'],
      ['NOT_FOUND', 'WARNING', 'remove'],
    ],
  );
  assert.match(problems[0].message, /`shop\/ghost`/);
  assert.match(problems[1].message, /`other\/api`/);
});

const WITHOUT_NAMESPACE = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: all}
spec: {podSelector: {}, policyTypes: [Ingress]}
`;

test('a document without a namespace means `default`, with a warning', async () => {
  const shop = lab('no namespace');
  await shop.take([
    ...SHOP,
    namespace('default'),
    workload('Deployment', 'old', { namespace: 'default', labels: { app: 'old' } }),
  ]);
  await shop.see(...FLOWS, flow('shop/db', 'default/old', 80));
  const { simulation, problems } = await simulate(shop, { policies: WITHOUT_NAMESPACE });
  const { newlyBlocked, stillAllowed } = simulation.summary;
  assert.deepEqual({ newlyBlocked, stillAllowed }, { newlyBlocked: 1, stillAllowed: 2 });
  assert.equal(problems.length, 1);
  assert.equal(problems[0].severity, 'WARNING');
  assert.match(problems[0].message, /`default`/);
  assert.deepEqual([problems[0].line, problems[0].column], [3, 1]);
});

const SECOND_UNUSABLE = `${WITHOUT_NAMESPACE}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  podSelector: {}
  ingress:
    - from:
        - ipBlock: {cidr: 10.0.0.0/33}
`;

test('with an unusable document nothing is simulated, and the problem has its line and column', async () => {
  const shop = await shopOf('unusable');
  const { simulation, problems } = await simulate(shop, { policies: SECOND_UNUSABLE });
  assert.equal(simulation, null);
  const errors = problems.filter(({ severity }: { severity: string }) => severity === 'ERROR');
  assert.equal(errors.length, 1);
  const [{ line, column, message, hint }] = errors;
  assert.deepEqual({ line, column }, { line: 13, column: 27 });
  assert.match(message, /`10\.0\.0\.0\/33`/);
  assert.ok(hint.length > 0);
});

const SIMULATE = `mutation ($input: SimulatePoliciesInput!) { simulatePolicies(input: $input) {
  simulation { id } problems { code severity message } } }`;

test('a policy set that is not there is not taken for an empty one', async () => {
  const shop = await shopOf('no set');
  const { data, errors } = await shop.send(SIMULATE, {
    input: { cluster: shop.cluster, policySet: 'ghost' },
  });
  assert.equal(data?.simulatePolicies?.simulation ?? null, null);
  assert.match(JSON.stringify(errors ?? data), /`ghost`/);
});

const GENERATE = `mutation ($input: GeneratePoliciesInput!) {
  generatePolicies(input: $input) { policySet { version } } }`;

test('a set and policies beside it are one candidate', async () => {
  const shop = await shopOf('set and policies');
  const options = { replaceHandWritten: true };
  await shop.call(GENERATE, { deployments: ['cron', 'api'], name: 'both', options });
  const alone = await outcome(shop, { policySet: 'both' });
  assert.deepEqual(alone, { web: 'STILL_ALLOWED', cron: 'NEWLY_ALLOWED', problems: [] });
  const input = { policySet: 'both', policies: documents(denyEgress('web')) };
  assert.deepEqual(await outcome(shop, input), { ...alone, web: 'NEWLY_BLOCKED' });
});

const CONFIG_MAP = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}';
const FOREIGN =
  '{"apiVersion":"cilium.io/v2","kind":"CiliumNetworkPolicy","metadata":{"name":"a"},"spec":{}}';

test('a candidate without any policy is an error, whatever else is in it', async () => {
  const shop = await shopOf('empty');
  const empty = [
    {},
    { policies: '' },
    { policies: '# nothing\n---\n' },
    { policies: CONFIG_MAP },
    { policies: FOREIGN },
    { remove: ['shop/ghost'] },
    { policies: CONFIG_MAP, remove: [] },
  ];
  for (const input of empty) {
    const { simulation, problems } = await simulate(shop, input);
    const text = JSON.stringify(input);
    assert.equal(simulation, null, text);
    const errors = problems.filter(({ severity }: { severity: string }) => severity === 'ERROR');
    assert.deepEqual(
      errors.map(({ code }: { code: string }) => code),
      ['CANDIDATE_EMPTY'],
      text,
    );
  }
  const told = await simulate(shop, { policies: FOREIGN });
  assert.match(
    JSON.stringify(told.problems),
    /CiliumNetworkPolicy `a` of `cilium\.io\/v2` is not read/,
  );
});

const EXPLAIN = `query ($input: ExplainInput!) { explain(input: $input) { verdict } }`;

test('an explanation under a candidate without any policy is refused too', async () => {
  const shop = await shopOf('empty explained');
  const asked = { source: 'shop/web', destination: 'shop/api', port: 8080, policies: CONFIG_MAP };
  assert.equal((await shop.refused(EXPLAIN, asked)).code, 'BAD_USER_INPUT');
});
