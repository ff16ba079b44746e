import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents, flow, labs } from '../support/lab.js';
import { namespace, policy } from '../support/manifests.js';
import { allowIngress, app, denyEgress, deployment, SHOP } from '../support/shop.js';
import { readSimulation, simulate } from '../support/simulate.js';

const lab = labs();

const WEB = flow('shop/web', 'shop/api', 8080);
const CRON = flow('shop/cron', 'shop/api', 8080);
const DB = flow('shop/api', 'shop/db', 5432);

const NONE = { stillAllowed: 0, newlyBlocked: 0, newlyAllowed: 0, stillBlocked: 0, undecidable: 0 };

type Simulated = {
  readonly class: string;
  readonly before: string;
  readonly after: string;
  readonly flow: { readonly source: { readonly name: string }; readonly port: number };
  readonly explanation: { readonly verdict: string };
};

/** Flows by `web 8080` as `ALLOWED -> DENIED NEWLY_BLOCKED`; the explanation is of the verdict after. */
const outcomes = (flows: readonly Simulated[]) =>
  Object.fromEntries(
    flows.map(({ flow: { source, port }, before, after, class: name, explanation }) => {
      assert.equal(explanation.verdict, after);
      return [`${source.name} ${port}`, `${before} -> ${after} ${name}`];
    }),
  );

const NEWLY_BLOCKED = 'ALLOWED -> DENIED NEWLY_BLOCKED';

test('every class has its flows: allowed or blocked, before and after', async () => {
  const shop = lab('classes');
  await shop.take([...SHOP, allowIngress('api', 'web'), denyEgress('cron')]);
  await shop.see(
    WEB,
    CRON,
    flow('shop/web', 'shop/api', 9090),
    flow('shop/db', 'shop/web', 80),
    flow('shop/stranger', 'shop/api', 8080),
  );
  const { simulation, problems } = await simulate(shop, {
    policies: documents(allowIngress('api', 'web', 9090)),
  });
  assert.deepEqual(problems, []);
  assert.deepEqual([simulation.status, simulation.error], ['DONE', null]);
  assert.deepEqual(outcomes(simulation.flows.nodes), {
    'web 8080': NEWLY_BLOCKED,
    'web 9090': 'DENIED -> ALLOWED NEWLY_ALLOWED',
    'cron 8080': 'DENIED -> DENIED STILL_BLOCKED',
    'db 80': 'ALLOWED -> ALLOWED STILL_ALLOWED',
    'stranger 8080': 'UNDECIDABLE -> DENIED UNDECIDABLE',
  });
  assert.deepEqual(simulation.summary, {
    stillAllowed: 1,
    newlyBlocked: 1,
    newlyAllowed: 1,
    stillBlocked: 1,
    undecidable: 1,
  });
  assert.ok(simulation.createdAt <= simulation.finishedAt);
});

const OF_CLASS = `query ($id: ID!, $class: FlowClass!, $after: String) { node(id: $id) { ... on Simulation {
  flows(first: 2, class: $class, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { class flow { port } } } } } }`;

test('flows of one class are paged, each once', async () => {
  const shop = lab('pages');
  await shop.take(SHOP);
  await shop.see(DB, ...[8080, 8081, 8082].map(port => flow('shop/web', 'shop/api', port)));
  const { simulation } = await simulate(shop, { policies: documents(denyEgress('web')) });
  const page = async (after: string | null) =>
    (await shop.ask(OF_CLASS, { id: simulation.id, class: 'NEWLY_BLOCKED', after })).node.flows;
  const first = await page(null);
  const second = await page(first.pageInfo.endCursor);
  assert.deepEqual(
    [first, second].map(({ totalCount, pageInfo }) => [totalCount, pageInfo.hasNextPage]),
    [
      [3, true],
      [3, false],
    ],
  );
  const ports = [...first.nodes, ...second.nodes].map((one: Simulated) => one.flow.port);
  assert.deepEqual(ports.toSorted(), [8080, 8081, 8082]);
});

test('flows and events are counted by day and class, in the window alone', async () => {
  const shop = lab('days');
  await shop.take(SHOP);
  const day = (date: string, events: number) => ({ time: `2026-11-${date}T10:00:00Z`, events });
  await shop.see(
    flow('shop/web', 'shop/api', 8080, day('18', 7)),
    flow('shop/web', 'shop/api', 8080, day('20', 2)),
    flow('shop/web', 'shop/api', 8080, day('21', 3)),
    flow('shop/api', 'shop/db', 5432, day('20', 5)),
    flow('shop/cron', 'shop/api', 8080, day('20', 11)),
    flow('shop/cron', 'shop/db', 5432, day('18', 13)),
    flow('shop/cron', 'shop/db', 5433, day('22', 17)),
  );
  const policies = documents(denyEgress('web'), denyEgress('cron'));
  const { simulation } = await simulate(shop, {
    policies,
    since: '2026-11-19T00:00:00Z',
    until: '2026-11-22T10:00:00Z',
  });
  assert.deepEqual(simulation.summary, { ...NONE, stillAllowed: 1, newlyBlocked: 2 });
  assert.deepEqual(simulation.days, [
    { day: '2026-11-20', class: 'NEWLY_BLOCKED', flows: 2, events: '13' },
    { day: '2026-11-20', class: 'STILL_ALLOWED', flows: 1, events: '5' },
    { day: '2026-11-21', class: 'NEWLY_BLOCKED', flows: 1, events: '3' },
  ]);
  assert.deepEqual(simulation.completeness, {
    since: '2026-11-19T00:00:00.000000Z',
    until: '2026-11-22T10:00:00.000000Z',
    flows: 3,
    unresolvedFlows: 0,
  });
});

test('all pairs are compared, seen or not, with the port sets that open and close', async () => {
  const shop = lab('connectivity');
  await shop.take([...SHOP, allowIngress('api', 'web'), denyEgress('db'), denyEgress('cron')]);
  const { simulation } = await simulate(shop, {
    policies: documents(allowIngress('api', 'web', 9090)),
  });
  assert.deepEqual(simulation.connectivity, {
    totalCount: 1,
    nodes: [
      {
        source: 'shop/web[Deployment]',
        destination: 'shop/api[Deployment]',
        newlyAllowed: 'TCP 9090',
        newlyBlocked: 'TCP 8080',
      },
    ],
  });
  assert.deepEqual(simulation.summary, NONE);
});

const CANDIDATE = `# candidate
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
  namespace: shop
spec:
  podSelector:
    matchLabels: {app: api}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels: {app: nobody}
      ports:
        - {protocol: TCP, port: 8080}
`;

type Finding = { readonly policy: string | null; readonly rule: string; readonly line: number };

test('findings of the candidate have its lines, and the live policies beside it have none', async () => {
  const shop = lab('findings');
  const dead = policy('dead', { podSelector: app('gone') });
  await shop.take([...SHOP, dead]);
  const { simulation } = await simulate(shop, { policies: CANDIDATE });
  const placed = simulation.findings.filter(({ policy: name }: Finding) => name !== null);
  assert.deepEqual(
    [...new Set(placed.map((one: Finding) => one.policy))],
    ['NetworkPolicy/shop/api'],
  );
  const nobody = placed.find(({ rule }: Finding) => rule === 'peer-pods-match-nothing');
  const { line, column, severity, hint } = nobody;
  assert.deepEqual({ line, column, severity }, { line: 12, column: 7, severity: 'WARNING' });
  assert.ok(hint.length > 0);
});

test('findings that a candidate brings about are told from those that the cluster has already', async () => {
  const shop = lab('introduced');
  const closing = (name: string, line = 'podSelector: {}'): string =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  ${line}\n`;
  await shop.take([...SHOP, denyEgress('cron')]);
  const foundIn = async (policies: string): Promise<Readonly<Record<string, boolean>>> => {
    const { simulation } = await simulate(shop, { policies });
    const told = simulation.findings.filter(({ message }: { readonly message: string }) =>
      message.includes('is denied in effect'),
    );
    return Object.fromEntries(
      told.map((one: { readonly message: string; readonly introduced: boolean }) => [
        /all .* is/.exec(one.message)?.[0],
        one.introduced,
      ]),
    );
  };
  const found = await foundIn(closing('closed', 'podSelector: {matchLabels: {app: db}}'));
  assert.deepEqual(found, {
    'all ingress of `shop/db[Deployment]` is': true,
    'all egress of `shop/cron[Deployment]` is': false,
  });
  await shop.take([policy('closed', { podSelector: app('db') })]);
  const again = await foundIn(closing('closed', 'podSelector: {matchLabels: {app: db}}'));
  assert.deepEqual([...new Set(Object.values(again))], [false]);
});

test('a simulation is read again by its id with the same content, whatever has changed since', async () => {
  const shop = lab('read again');
  await shop.take(SHOP);
  await shop.see(WEB, CRON);
  const { simulation } = await simulate(shop, { policies: CANDIDATE });
  assert.deepEqual(simulation.summary, { ...NONE, newlyBlocked: 2 });
  assert.ok(simulation.findings.length > 0 && simulation.connectivity.totalCount > 0);
  assert.deepEqual(await readSimulation(shop, simulation.id), simulation);
  await shop.see(DB, flow('shop/web', 'shop/api', 9090));
  await shop.take([deployment('api', { app: 'other' }), denyEgress('web')]);
  assert.deepEqual(await readSimulation(shop, simulation.id), simulation);
  const anew = await simulate(shop, { policies: CANDIDATE });
  assert.notEqual(anew.simulation.id, simulation.id);
  // The api had its old label when it was seen.
  const summary = { ...NONE, stillAllowed: 1, newlyBlocked: 1, stillBlocked: 2 };
  assert.deepEqual(anew.simulation.summary, summary);
});

test('a flow of a deployment whose labels nobody knows is undecidable, also where no policy was in force', async () => {
  const shop = lab('unknown labels');
  await shop.take([namespace('shop'), deployment('api')]);
  await shop.see(WEB);
  const { simulation } = await simulate(shop, { policies: documents(allowIngress('api', 'web')) });
  assert.deepEqual(outcomes(simulation.flows.nodes), {
    'web 8080': 'ALLOWED -> UNDECIDABLE UNDECIDABLE',
  });
});

test('what is in force is judged as the flows are', async () => {
  const shop = lab('nothing changes');
  await shop.take([...SHOP, allowIngress('api', 'web'), denyEgress('cron')]);
  await shop.see(WEB, CRON, DB, flow('shop/web', '203.0.113.9', 443));
  const verdicts = await shop.verdicts();
  const { simulation } = await simulate(shop, { policies: documents(allowIngress('api', 'web')) });
  const allowed = Object.values(verdicts).filter(text => text.startsWith('ALLOWED')).length;
  assert.deepEqual(simulation.summary, { ...NONE, stillAllowed: allowed, stillBlocked: 1 });
  assert.equal(allowed, 3);
  assert.equal(simulation.connectivity.totalCount, 0);
});
