import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertState } from '../../src/alerts/alert.js';
import { alertSettleStore } from '../../src/alerts/alert-settle.store.js';
import { AlertAction } from '../../src/alerts/alert-state.js';
import { lines, NOW, record, workload } from '../flows/support/intake.js';
import { type Watching, withWatching } from './support/watching.js';

const { ACTIVE, ATTEMPTED, SNOOZED, RESOLVED } = AlertState;
const { RESOLVE, SNOOZE, ACCEPT, REOPEN } = AlertAction;

/** From a state, by an action: what it becomes, and the problem; by `again`, what comes through, or what is blocked. */
const TABLE: readonly (readonly [AlertState, string, AlertState, string | null])[] = [
  [ACTIVE, RESOLVE, RESOLVED, null],
  [ACTIVE, SNOOZE, SNOOZED, null],
  [ACTIVE, ACCEPT, RESOLVED, null],
  [ACTIVE, REOPEN, ACTIVE, 'ALREADY_OPEN'],
  [ACTIVE, 'blocked', ACTIVE, null],
  [ATTEMPTED, RESOLVE, RESOLVED, null],
  [ATTEMPTED, SNOOZE, SNOOZED, null],
  [ATTEMPTED, ACCEPT, RESOLVED, null],
  [ATTEMPTED, REOPEN, ATTEMPTED, 'ALREADY_OPEN'],
  [ATTEMPTED, 'blocked', ATTEMPTED, null],
  [ATTEMPTED, 'passed', ACTIVE, null],
  [SNOOZED, RESOLVE, RESOLVED, null],
  [SNOOZED, SNOOZE, SNOOZED, null],
  [SNOOZED, ACCEPT, RESOLVED, null],
  [SNOOZED, REOPEN, ACTIVE, null],
  [SNOOZED, 'passed', SNOOZED, null],
  [SNOOZED, 'time', ACTIVE, null],
  [RESOLVED, RESOLVE, RESOLVED, 'ALREADY_RESOLVED'],
  [RESOLVED, SNOOZE, RESOLVED, 'RESOLVED'],
  [RESOLVED, ACCEPT, RESOLVED, null],
  [RESOLVED, REOPEN, ACTIVE, null],
  [RESOLVED, 'passed', ACTIVE, null],
];

const LATER = new Date(Date.now() + 86_400_000).toISOString();

type Key = { readonly clusterId: number; readonly id: string };

const act = ({ useCases }: Watching, key: Key, action: AlertAction) =>
  useCases.changeAlerts({ action, keys: [key], filter: null, until: LATER, reason: 'a test' });

const send = ({ send: sent }: Watching, cluster: string, place: number, verdict: string) =>
  sent(
    lines(
      record({
        destination: workload('db'),
        port: 5432,
        verdict,
        time: `2026-11-22T10:0${place}:00Z`,
      }),
    ),
    { cluster, key: `${place}` },
  );

/** An alert in the state, in a cluster of its own. */
async function alertIn(watching: Watching, cluster: string, state: AlertState): Promise<Key> {
  const { useCases, rows, send: sent } = watching;
  await sent(lines(record({ time: '2026-11-20T10:00:00Z' })), { cluster, key: 'first' });
  const [found] = await rows(`select id from cluster where name = '${cluster}'`);
  const scope = { clusterId: Number(found?.['id']), namespaces: null, deployments: null };
  await useCases.generateBaselines({ ...scope, since: null, until: null });
  await useCases.lockBaselines(scope);
  await send(watching, cluster, 0, state === ATTEMPTED ? 'DENIED' : 'ALLOWED');
  const [alert] = await rows(`select id from alert where cluster_id = ${scope.clusterId}`);
  const key = { clusterId: scope.clusterId, id: String(alert?.['id']) };
  if (state === SNOOZED) await act(watching, key, SNOOZE);
  if (state === RESOLVED) await act(watching, key, RESOLVE);
  return key;
}

async function happens(watching: Watching, cluster: string, key: Key, what: string) {
  if (what === 'passed') await send(watching, cluster, 1, 'ALLOWED');
  else if (what === 'blocked') await send(watching, cluster, 1, 'DENIED');
  else if (what === 'time')
    await watching.execute(`update alert set snoozed_until = now() - interval '1 second'
      where cluster_id = ${key.clusterId}`);
  else return (await act(watching, key, what as AlertAction)).problems[0]?.code ?? null;
  return null;
}

test('each action and event does to an alert what the table says', () =>
  withWatching(async watching => {
    for (const [place, [before, what, after, problem]] of TABLE.entries()) {
      const cluster = `state-${place}`;
      const key = await alertIn(watching, cluster, before);
      const seen = async () => (await watching.stores.alerts.byIds([key]))[0]?.state;
      assert.equal(await seen(), before, `${before} at first`);
      assert.equal(await happens(watching, cluster, key, what), problem, `${before} ${what}`);
      assert.equal(await seen(), after, `${before} ${what}`);
    }
  }));

test('what was accepted is in the baseline, in its history, and raises nothing any more', () =>
  withWatching(async watching => {
    const key = await alertIn(watching, 'lab', ACTIVE);
    const { alerts, changed } = await act(watching, key, ACCEPT);
    assert.deepEqual([changed, alerts[0]?.state, alerts[0]?.resolvedBy], [1, RESOLVED, 'tester']);
    await send(watching, 'lab', 2, 'ALLOWED');
    const [alert] = await watching.stores.alerts.byIds([key]);
    assert.deepEqual([alert?.state, alert?.occurrences], [RESOLVED, '1']);
    const revisions = await watching.rows(`select version, source, who from baseline_revision r
      join peer p on p.cluster_id = r.cluster_id and p.id = r.deployment_id where p.name = 'web' order by version`);
    assert.deepEqual(revisions.at(-1), {
      version: 3,
      source: 'acceptAlerts',
      who: 'tester',
    });
  }));

test('alerts are changed in bulk by a filter, commented on, and counted in one statement', () =>
  withWatching(async watching => {
    await alertIn(watching, 'lab', ACTIVE);
    await alertIn(watching, 'other', ATTEMPTED);
    const COUNTS = `{ clusters { nodes { name alertCounts { active attempted resolved high } } }
      alertFacets(filter: { cluster: { eq: "lab" } }) { facet value count } }`;
    const counted = async () => (await watching.ask(COUNTS)).clusters.nodes;
    assert.deepEqual(await counted(), [
      { name: 'lab', alertCounts: { active: 1, attempted: 0, resolved: 0, high: 1 } },
      { name: 'other', alertCounts: { active: 0, attempted: 1, resolved: 0, high: 1 } },
    ]);
    assert.deepEqual((await watching.ask(COUNTS)).alertFacets[1], {
      facet: 'cluster',
      value: 'lab',
      count: 1,
    });
    const statements = await watching.statementsOf(COUNTS);
    assert.equal(statements.filter(name => name === 'alertCounts.ofClusters').length, 1);
    const { resolveAlerts } = await watching.ask(
      `mutation { resolveAlerts(input: { filter: { state: ATTEMPTED }, reason: "blocked" }) { changed
        alerts { id resolution } problems { code } } }`,
    );
    assert.deepEqual([resolveAlerts.changed, resolveAlerts.problems], [1, []]);
    const id = resolveAlerts.alerts[0].id;
    await watching.ask(
      `mutation { commentOnAlert(input: { id: "${id}", text: "seen" }) { problems { code } } }`,
    );
    const { node } = await watching.ask(
      `{ node(id: "${id}") { ... on Alert { state comments { author text } flows { port } linked { id } } } }`,
    );
    assert.deepEqual(node, {
      state: 'RESOLVED',
      comments: [{ author: 'tester', text: 'seen' }],
      flows: [{ port: 5432 }],
      linked: [],
    });
  }));

test('an alert is resolved when its cause goes, and not before', () =>
  withWatching(async watching => {
    const key = await alertIn(watching, 'lab', ACTIVE);
    const { settle } = alertSettleStore(watching.source.manager);
    const seen = async () => (await watching.stores.alerts.byIds([key]))[0];
    await settle(null, NOW);
    assert.equal((await seen())?.state, ACTIVE);
    const scope = { clusterId: key.clusterId, namespaces: null, deployments: null };
    await watching.useCases.unlockBaselines(scope);
    await settle(key.clusterId, NOW);
    const { state, resolution, resolvedBy } = (await seen()) ?? {};
    assert.deepEqual([state, resolution, resolvedBy], [RESOLVED, 'its cause is gone', null]);
  }));
