import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { withFolder } from '../support/folder.js';
import { runReadme } from './readme-tour.js';
import { demo, type Tour, withDemo } from './tour.js';

const observe = async ({ weirgate }: Tour): Promise<void> => {
  const { exit, out, err } = await weirgate(
    ...['network-flow', 'list', '--cluster', 'demo', '--namespace', 'shop'],
  );
  assert.equal(exit, 0, err);
  const lines = out.trimEnd().split('\n');
  for (const line of [
    'frontend -> catalog (TCP 3550) [ACTIVE, BASELINE]',
    'catalog -> postgres (TCP 5432) [ACTIVE, BASELINE, ALLOWED]',
    'payment -> EXTERNAL:api.payments.example (TCP 443) [ACTIVE, BASELINE]',
    'recommendation -> EXTERNAL:169.254.169.254 (TCP 80) [ACTIVE, ANOMALOUS]',
    'ingress-nginx/ingress-nginx-controller -> frontend (TCP 8080) [ACTIVE, BASELINE]',
  ]) {
    assert.ok(lines.includes(line), `\`${line}\` is not among\n${out}`);
  }
  const graph = await weirgate('graph', '--cluster', 'demo', '--namespace', 'gpu-training');
  assert.match(graph.out, /-> EXTERNAL:10\.0\.50\.11 \(TCP 2049\) \[ALLOWED\]/);
  assert.match(graph.out, /-> EXTERNAL:packages\.example \(TCP 443\) \[ANOMALOUS\]/);
};

const learn = async ({ json }: Tour): Promise<void> => {
  const { baselines }: { readonly baselines: readonly { readonly state: string }[] } = await json(
    ...['baseline', 'list', '--cluster', 'demo', '--namespace', 'shop'],
  );
  assert.equal(baselines.length, 13);
  assert.deepEqual([...new Set(baselines.map(({ state }) => state))], ['LOCKED']);
};

/** Five flows of one incident and its neighbours: no more than three alerts. */
const RAISED = [
  'DENIED gpu-training/llm-trainer EXTERNAL:packages.example',
  'METADATA shop/recommendation EXTERNAL:169.254.169.254',
  'OFF_BASELINE shop/ads shop/currency',
];

type RaisedAlert = { readonly [field in 'id' | 'rule' | 'deployment' | 'peer']: string };

const watch = async ({ weirgate, json }: Tour): Promise<void> => {
  const list = ['alert', 'list', '--cluster', 'demo', '--category', 'Anomalous Activity'];
  const { alerts }: { readonly alerts: readonly RaisedAlert[] } = await json(...list);
  const raised = alerts.map(({ rule, deployment, peer }) => `${rule} ${deployment} ${peer}`);
  assert.deepEqual(raised.toSorted(), RAISED);
  const ads = alerts.find(({ deployment }) => deployment === 'shop/ads');
  const resolve = ['alert', 'resolve', ads?.id.slice(-10) ?? '', '--resolution', 'a release'];
  const resolved = await weirgate(...resolve);
  assert.equal(resolved.exit, 0, resolved.err);
  assert.match(resolved.out, /RESOLVED/);
  const open = await json(...list);
  assert.equal(open.alerts.length, RAISED.length - 1);
};

const generate = async ({ weirgate, folder }: Tour): Promise<void> => {
  const generated = ['netpol', 'generate', '--cluster', 'demo', '--namespace', 'shop'];
  const first = await weirgate(...generated, '--from', 'baselines', '--output-dir', folder);
  assert.equal(first.exit, 0, first.err);
  assert.equal(first.out, '');
  assert.match(first.err, /2 deployments are left alone, .*`shop\/postgres`, `shop\/redis`/);
  assert.equal((await readdir(folder)).length, 11);
  const path = join(folder, 'frontend-networkpolicy.yaml');
  const frontend = await readFile(path, 'utf8');
  assert.match(frontend, /network\.openshift\.io\/policy-group: ingress/);
  assert.match(frontend, /k8s-app: kube-dns/);
  assert.doesNotMatch(frontend, /0\.0\.0\.0\/0/);
  const before = await stat(path);
  const again = await weirgate(...generated, '--from', 'baselines', '--output-dir', folder);
  assert.match(again.err, /0 written, 11 unchanged/);
  assert.equal((await stat(path)).mtimeMs, before.mtimeMs);
};

/** What the story adds to the last day: two calls of the intruder, and a release that is nothing bad. */
const NEWLY_BLOCKED = [
  'shop/ads -> shop/currency 7000',
  'shop/recommendation -> EXTERNAL:169.254.169.254 80',
  'shop/recommendation -> EXTERNAL:203.0.113.66 4444',
];

type Reported = { readonly [field in 'class' | 'source' | 'destination' | 'port']: string };

const simulate = async ({ weirgate, json, folder }: Tour): Promise<void> => {
  const command = ['netpol', 'simulate', '--cluster', 'demo', '--policy-dir', folder];
  const report = await json(...command);
  const blocked = (report.flows as readonly Reported[])
    .filter(flow => flow.class === 'NEWLY_BLOCKED')
    .map(({ source, destination, port }) => `${source} -> ${destination} ${port}`);
  assert.deepEqual(blocked.toSorted(), NEWLY_BLOCKED);
  const { newlyBlocked, newlyAllowed, stillBlocked, undecidable } = report.summary;
  assert.deepEqual([newlyBlocked, newlyAllowed, stillBlocked, undecidable], [3, 0, 2, 0]);
  assert.equal(report.completeness.lostEvents, 17);
  const table = await weirgate(...command);
  assert.equal(table.exit, 1);
  assert.match(
    table.out,
    /newly blocked .*shop\/ads -> shop\/currency .*ads-networkpolicy\.yaml:4/,
  );
  const kept = ['netpol', 'simulate', '--cluster', 'demo', '--policy-set', 'generated-shop'];
  assert.deepEqual((await json(...kept)).summary, report.summary);
  const diff = ['netpol', 'connectivity', 'diff', '--cluster', 'demo', '--policy-dir', folder];
  assert.equal((await weirgate(...diff, '--output', 'table')).out, table.out);
};

const review = async ({ weirgate }: Tour): Promise<void> => {
  const { exit, out, err } = await weirgate(
    ...['netpol', 'explain', '--cluster', 'demo', 'shop/recommendation', 'shop/postgres'],
    ...['--port', '5432'],
  );
  assert.equal(exit, 0, err);
  assert.match(out, /^shop\/recommendation => shop\/postgres TCP 5432 : DENIED \(policy\)$/m);
  assert.match(out, /shop\/postgres-callers selects it, and none of its rules matches/);
  const outside = await weirgate(
    ...['netpol', 'explain', '--cluster', 'demo', 'shop/recommendation', '203.0.113.66'],
    ...['--port', '4444'],
  );
  assert.match(outside.out, /no policy selects `shop\/recommendation` in this direction/);
  assert.match(outside.out, /no policy of the cluster applies to `203\.0\.113\.66`/);
};

test('the tour works on the demonstration cluster, step by step', t =>
  withDemo(async tour => {
    assert.match(tour.printed, /network-flow list --cluster demo --namespace shop/);
    assert.ok(tour.printed.includes(`${tour.server}/graphql`));
    await t.test('the README’s tour prints what it shows', () =>
      withFolder(own => runReadme({ ...tour, folder: own })),
    );
    await t.test('flows are listed with their tags', () => observe(tour));
    await t.test('the baselines of the shop are locked', () => learn(tour));
    await t.test('deviations raise alerts, and somebody resolves one', () => watch(tour));
    await t.test('policies are generated, and written only where they change', () =>
      generate(tour),
    );
    await t.test('what they would block is what is new since', () => simulate(tour));
    await t.test('the policies in force explain what they denied', () => review(tour));
  }));

test('policies from the flows before the incident block none of them', () =>
  withDemo(async ({ weirgate, json, folder }) => {
    const until = ['--until', '2026-11-21T12:00:00Z'];
    const generated = await weirgate(
      ...['netpol', 'generate', '--cluster', 'demo', '--output-dir', folder, ...until],
      ...['--namespace', 'shop', '--namespace', 'gpu-training', '--replace-hand-written'],
    );
    assert.equal(generated.exit, 1, generated.err);
    assert.match(generated.err, /the sources lost 17 events/);
    assert.deepEqual((await readdir(folder)).toSorted(), ['gpu-training', 'shop']);
    const path = join(folder, 'gpu-training', 'llm-trainer-networkpolicy.yaml');
    const trainer = await readFile(path, 'utf8');
    assert.match(trainer, /cidr: 10\.0\.50\.11\/32/);
    assert.doesNotMatch(trainer, /port: 4\d{4}/);
    const command = ['netpol', 'simulate', '--cluster', 'demo', '--policy-dir', folder, ...until];
    assert.equal((await json(...command)).summary.newlyBlocked, 0);
    assert.equal((await weirgate(...command)).exit, 0);
  }));

test('a second demo, on another day, changes nothing', () =>
  withDemo(async ({ server, weirgate }) => {
    const exported = () => weirgate('network-flow', 'export', '--cluster', 'demo');
    const before = await exported();
    assert.ok(JSON.parse(before.out).flows.length > 100);
    const printed = await demo(server, new Date('2026-11-24T17:00:00Z'));
    assert.match(printed, /is here already/);
    assert.equal((await exported()).out, before.out);
  }));
