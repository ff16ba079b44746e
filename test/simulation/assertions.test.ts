import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents, flow, type Lab, labs } from '../support/lab.js';
import { namespace, policy } from '../support/manifests.js';
import { allowIngress, app, deployment, SHOP } from '../support/shop.js';

const lab = labs();

const SIMULATE = `mutation ($input: SimulatePoliciesInput!) { simulatePolicies(input: $input) {
  simulation { id status summary { stillAllowed newlyBlocked }
    assertions { name text line column holds violationCount violations { basis source destination ports path } } }
  problems { code severity message line column } } }`;

type Result = {
  readonly holds: boolean;
  readonly violations: readonly {
    readonly basis: string;
    readonly path: readonly string[];
    readonly ports: string;
  }[];
};

const resultsOf = async (shop: Lab, input: object): Promise<readonly Result[]> =>
  (await shop.call(SIMULATE, input)).simulation.assertions;

/** `HISTORY web -> db TCP 5432` */
const texts = ({ violations }: Result): readonly string[] =>
  violations.map(({ basis, path, ports }) => `${basis} ${path.join(' -> ')} ${ports}`);

async function shopOf(name: string): Promise<Lab> {
  const shop = lab(name);
  await shop.take([...SHOP, allowIngress('db', 'web', 5432)]);
  await shop.see(
    flow('shop/web', 'shop/db', 5432),
    flow('shop/api', 'shop/db', 5432),
    flow('203.0.113.9', 'shop/web', 443),
  );
  return shop;
}

test('assertions are held against what policies would allow, and against what was recorded', async () => {
  const shop = await shopOf('assertions');
  const assertions = `assertions:
  - name: only the api
    assert: db is reached only from api:5432
  - no path from internet to db
  - api reaches db:5432
  - api does not reach cron
`;
  const policies = documents(allowIngress('db', 'api', 5432));
  const [only, path, reaches, never] = await resultsOf(shop, { policies, assertions });
  assert.partialDeepStrictEqual(only, { name: 'only the api', line: 2, column: 5, holds: false });
  assert.deepEqual(only && texts(only), [
    'HISTORY shop/web[Deployment] -> shop/db[Deployment] TCP 5432',
  ]);
  assert.deepEqual(path && texts(path), [
    'POLICIES 0.0.0.0-255.255.255.255 -> shop/api[Deployment] -> shop/db[Deployment] TCP 5432',
    'HISTORY EXTERNAL:203.0.113.9 -> shop/web[Deployment] -> shop/db[Deployment] TCP 5432',
  ]);
  assert.equal(reaches?.holds, true);
  assert.deepEqual(never && texts(never), [
    'POLICIES shop/api[Deployment] -> shop/cron[Deployment] All Connections',
  ]);
});

test('assertions alone are held against the policies in force', async () => {
  const shop = await shopOf('in force');
  const [one] = await resultsOf(shop, { assertions: '- db is reached only from web:5432, api' });
  assert.equal(one?.holds, true);
  const empty = await shop.call(SIMULATE, { policies: '', assertions: '- web reaches db' });
  assert.equal(empty.simulation, null);
});

test('assertions that cannot be read, or that name nobody, stop everything', async () => {
  const shop = await shopOf('no assertions');
  const policies = documents(allowIngress('db', 'api', 5432));
  for (const [assertions, code] of [
    ['- web likes db', 'ASSERTION_INVALID'],
    ['assertions: []', 'ASSERTION_INVALID'],
    ['- shop/wbe reaches db', 'ASSERTION_NAMES_NOBODY'],
  ] as const) {
    const { simulation, problems } = await shop.call(SIMULATE, { policies, assertions });
    assert.equal(simulation, null);
    assert.partialDeepStrictEqual(problems.at(-1), { code, severity: 'ERROR' });
  }
});

const BLAST = `query ($id: ID!, $compromised: String, $sensitive: LabelSelector) { node(id: $id) { ... on Simulation {
  blastRadius(compromised: $compromised, sensitive: $sensitive) {
    before { ...Radius } after { ...Radius } } } } }
  fragment Radius on BlastRadius { pairs exposed reachableFromExposed reachableFromCompromised
    sensitive { workload hopsFromExposed hopsFromCompromised } }`;

const BALANCER = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name: 'web' },
  spec: {
    type: 'LoadBalancer',
    clusterIP: '10.96.0.9',
    selector: { app: 'web' },
    ports: [{ port: 443 }],
  },
};

test('the blast radius tells how far somebody gets who comes from outside, or holds a deployment', async () => {
  const shop = lab('radius');
  const db = deployment('db', { app: 'db', tier: 'data' });
  const rest = ['web', 'api', 'cron'].map(name => deployment(name));
  await shop.take([namespace('shop'), BALANCER, db, ...rest]);
  const chain = [
    policy('all', { podSelector: {}, policyTypes: ['Ingress'] }),
    policy('web', { podSelector: app('web'), ingress: [{ ports: [{ port: 443 }] }] }),
    allowIngress('api', 'web'),
    allowIngress('db', 'api', 5432),
  ];
  const { simulation } = await shop.call(SIMULATE, { policies: documents(...chain) });
  const sensitive = { matchLabels: { tier: 'data' } };
  const ask = (more: object) => shop.ask(BLAST, { id: simulation.id, sensitive, ...more });
  const { blastRadius } = (await ask({ compromised: 'shop/cron' })).node;
  const workload = 'shop/db[Deployment]';
  assert.deepEqual(blastRadius, {
    before: {
      pairs: 12,
      exposed: ['shop/web[Deployment]'],
      reachableFromExposed: 3,
      reachableFromCompromised: 3,
      sensitive: [{ workload, hopsFromExposed: 1, hopsFromCompromised: 1 }],
    },
    after: {
      // Everybody reaches web; web the api, and the api db.
      pairs: 5,
      exposed: ['shop/web[Deployment]'],
      reachableFromExposed: 2,
      reachableFromCompromised: 3,
      sensitive: [{ workload, hopsFromExposed: 2, hopsFromCompromised: 3 }],
    },
  });
  const unknown = await shop.send(BLAST, { id: simulation.id, compromised: 'shop/corn' });
  assert.match(JSON.stringify(unknown.errors), /BAD_USER_INPUT/);
});
