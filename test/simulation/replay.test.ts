import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents, flow, labs } from '../support/lab.js';
import { namespace, node, pod, policy, workload } from '../support/manifests.js';
import { allowIngress, app, denyEgress, deployment } from '../support/shop.js';
import { simulate } from '../support/simulate.js';
import {
  at,
  bruteForce,
  manifest,
  namespaceOf,
  type State,
  sceneOf,
} from './support/past-scene.js';

const lab = labs();

const SIGHTS = `query ($id: ID!) { node(id: $id) { ... on Simulation { flows(first: 500) { nodes { class notes seenDays observedDays
  flow { source { ... on Deployment { name } } } } } } } }`;

test('a Job that has ended is judged as it was, and jobs, starts and rare flows are pointed out', async () => {
  const shop = lab('jobs');
  const jobs = [
    namespace('shop'),
    deployment('db'),
    deployment('web'),
    workload('Job', 'import', { labels: { app: 'import' } }),
    pod('import-1', { labels: { app: 'import' }, owner: 'Job/import', started: at(2, 3) }),
    pod('web-1', { labels: { app: 'web' }, owner: 'Deployment/web', started: at(8, 3) }),
  ];
  await shop.take(jobs, { observedAt: at(1) });
  const rest = [namespace('shop'), deployment('db'), deployment('web'), deployment('api')];
  const web = pod('web-1', { labels: { app: 'web' }, owner: 'Deployment/web', started: at(8, 3) });
  await shop.take([...rest, web, workload('Job', 'other', { labels: {} })], {
    observedAt: at(12),
    mode: 'REPLACE',
  });
  const daily = Array.from({ length: 11 }, (_, day) =>
    flow('shop/api', 'shop/db', 5432, { time: at(1 + day, 9), id: `api-${day}` }),
  );
  const importing = { namespace: 'shop', workload: { kind: 'Job', name: 'import' } };
  await shop.see(
    ...daily,
    { ...flow('shop/api', 'shop/db', 5432, { time: at(2, 3, 5), id: 'job' }), source: importing },
    flow('shop/web', 'shop/db', 5432, { time: at(8, 3, 30), id: 'web' }),
  );
  const { simulation } = await simulate(shop, {
    policies: documents(allowIngress('db', 'api', 5432)),
  });
  const { nodes } = (await shop.ask(SIGHTS, { id: simulation.id })).node.flows;
  const found = Object.fromEntries(
    nodes.map((one: { flow: { source: { name: string } } }) => [one.flow.source.name, one]),
  );
  assert.partialDeepStrictEqual(found, {
    import: {
      class: 'NEWLY_BLOCKED',
      notes: ['JOB', 'AT_START', 'RARE'],
      seenDays: 1,
      observedDays: 11,
    },
    web: { class: 'NEWLY_BLOCKED', notes: ['AT_START', 'RARE'], seenDays: 1 },
    api: { class: 'STILL_ALLOWED', notes: [], seenDays: 11 },
  });
});

test('pods with another label set at the time are judged by it', async () => {
  const shop = lab('sets');
  const db = (role: string, started: string) =>
    pod(`db-${role}`, {
      labels: { app: 'db', role },
      owner: 'Deployment/db',
      started,
    });
  const rest = [namespace('shop'), deployment('web'), deployment('db')];
  await shop.take([...rest, db('primary', at(1))], { observedAt: at(1) });
  await shop.take([...rest, db('primary', at(1)), db('replica', at(6))], { observedAt: at(6) });
  const primary = policy('db', {
    podSelector: { matchLabels: { app: 'db', role: 'primary' } },
    policyTypes: ['Ingress'],
  });
  await shop.see(
    flow('shop/web', 'shop/db', 5432, { time: at(3), id: '1' }),
    flow('shop/web', 'shop/db', 5433, { time: at(7), id: '2' }),
  );
  const { simulation } = await simulate(shop, { policies: documents(primary) });
  const classes = simulation.flows.nodes.map(
    (one: { class: string; flow: { port: number } }) => `${one.flow.port} ${one.class}`,
  );
  assert.deepEqual(classes.toSorted(), ['5432 NEWLY_BLOCKED', '5433 UNDECIDABLE']);
});

test('what is seen in a window is judged by its times alone', async () => {
  const shop = lab('window of labels');
  const rest = [namespace('shop'), deployment('api')];
  await shop.take([...rest, deployment('web', { app: 'old' })], { observedAt: at(1) });
  await shop.take([...rest, deployment('web', { app: 'new' })], { observedAt: at(5) });
  for (const day of [2, 8])
    await shop.see(flow('shop/web', 'shop/api', 80, { time: at(day), id: `${day}` }));
  const policies = documents(allowIngress('api', 'new', 80));
  const classIn = async (window: object) =>
    (await simulate(shop, { policies, ...window })).simulation.flows.nodes[0]?.class;
  assert.equal(await classIn({ until: at(5) }), 'NEWLY_BLOCKED');
  assert.equal(await classIn({ since: at(5) }), 'STILL_ALLOWED');
  assert.equal(await classIn({}), 'NEWLY_BLOCKED');
  const closed = documents(denyEgress('old'));
  const { simulation } = await simulate(shop, { policies: closed });
  assert.deepEqual(
    simulation.days.map(({ day, class: name }: { day: string; class: string }) => [day, name]),
    [
      ['2026-11-02', 'NEWLY_BLOCKED'],
      ['2026-11-08', 'STILL_ALLOWED'],
    ],
  );
});

test('a node that is gone has the addresses that it had', async () => {
  const shop = lab('nodes');
  const rest = [namespace('shop'), deployment('api')];
  const kinds = [...rest, node('left', '10.9.0.2')];
  await shop.take([...kinds, node('gone', '10.9.0.1')], { observedAt: at(1) });
  await shop.take(kinds, { observedAt: at(5), mode: 'REPLACE' });
  const from = { source: { node: 'gone' } };
  await shop.see({ ...flow('shop/web', 'shop/api', 80, { time: at(2), id: '1' }), ...from });
  const only = (cidr: string) =>
    documents(
      policy('api', {
        podSelector: app('api'),
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ ipBlock: { cidr } }] }],
      }),
    );
  const classOf = async (cidr: string) =>
    (await simulate(shop, { policies: only(cidr) })).simulation.flows.nodes[0]?.class;
  assert.equal(await classOf('10.9.0.1/32'), 'STILL_ALLOWED');
  assert.equal(await classOf('10.9.0.2/32'), 'NEWLY_BLOCKED');
});

const FLOWS = `query ($id: ID!) { node(id: $id) { ... on Simulation { flows(first: 500) { nodes { class before after
  source: flow { source { ... on Deployment { name namespace { name } } } destination { ... on Deployment { name namespace { name } } } }
  explanation { verdict } spans { since until class before after judgedAt } } } } } }`;

type End = { readonly name: string; readonly namespace: { readonly name: string } };
const endText = ({ name, namespace: { name: within } }: End): string => `${within}/${name}`;

const objectsOf = ({ namespaces, pods }: State): readonly object[] => [
  ...Object.entries(namespaces).map(([name, labels]) => namespace(name, labels)),
  ...Object.entries(pods).map(([name, labels]) =>
    workload('Deployment', name.split('/')[1] ?? '', { namespace: namespaceOf(name), labels }),
  ),
];

test('a replay says what one hour after the other, each under the labels of then, says', async () => {
  let changing = 0;
  for (const seed of [1, 2, 3, 4]) {
    const scene = sceneOf(seed);
    const shop = lab(`replay ${seed}`);
    for (const [place, state] of scene.states.entries()) {
      const live =
        place === 0 ? scene.live.map((one, number) => manifest(one, `live-${number}`)) : [];
      await shop.take([...objectsOf(state), ...live], { observedAt: state.from });
    }
    await shop.see(
      ...scene.flows.map(({ from, to, time }, place) =>
        flow(from, to, 80, { time, id: `${place}` }),
      ),
    );
    const policies = documents(
      ...scene.candidate.map((one, number) => manifest(one, `new-${number}`)),
    );
    const { simulation } = await simulate(shop, { policies });
    const { whole, days } = bruteForce(scene);
    const { nodes } = (await shop.ask(FLOWS, { id: simulation.id })).node.flows;
    const found = Object.fromEntries(
      nodes.map((one: { source: { source: End; destination: End }; class: string }) => [
        `${endText(one.source.source)} ${endText(one.source.destination)}`,
        one.class,
      ]),
    );
    assert.deepEqual(found, whole, `seed ${seed}`);
    const byDay = Object.fromEntries(
      simulation.days.map((one: { day: string; class: string; flows: number }) => [
        `${one.day} ${one.class}`,
        one.flows,
      ]),
    );
    assert.deepEqual(byDay, days, `seed ${seed}`);
    for (const one of nodes) {
      assert.equal(one.explanation.verdict, one.after, `seed ${seed}: ${JSON.stringify(one)}`);
      const classes = new Set(one.spans.map((span: { class: string }) => span.class));
      if (classes.size > 1) changing++;
    }
  }
  assert.ok(changing > 2, `${changing} flows change their class`);
});
