import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALERT_STATE } from '../../src/alerts/alert-row.js';
import { condition } from '../../src/query/condition.js';
import { wrapped } from '../flows/formats/hubble-records.js';
import { lines, NOW, record, workload } from '../flows/support/intake.js';
import { type Watching, watchingStores, withWatching } from './support/watching.js';

const ALL = { clusterId: 1, namespaces: null, deployments: null, since: null, until: null };

const alertsIn = ({ rows }: Pick<Watching, 'rows'>) =>
  rows(`select rule, severity, ${ALERT_STATE} as state, d.name as deployment, p.name as peer, occurrences::int
    from alert a join peer d on d.id = a.deployment_id join peer p on p.id = a.peer_id where lead_id is null
    order by rule, d.name, p.name`);

const METADATA = { destination: { ip: '169.254.169.254' }, port: 80 };
const OUTSIDE = { destination: { ip: '203.0.113.9' }, port: 443 };

/** What `web -> api` is normal for, with both baselines locked. */
async function lock({ send, useCases }: Watching): Promise<void> {
  await send(lines(record({ time: '2026-11-20T10:00:00Z' }), record()));
  await useCases.generateBaselines(ALL);
  await useCases.lockBaselines(ALL);
}

test('before anything is learned, only metadata calls and denied flows raise alerts, and what else a taken pod does belongs to its call', () =>
  withWatching(async watching => {
    await watching.send(
      lines(
        record(),
        record(OUTSIDE),
        record(METADATA),
        record({ destination: workload('db'), port: 5432, verdict: 'DENIED' }),
        record({ source: { ip: '198.51.100.7' }, port: 22, verdict: 'DENIED' }),
      ),
    );
    assert.deepEqual(await alertsIn(watching), [
      {
        rule: 'DENIED',
        severity: 'MEDIUM',
        state: 'ATTEMPTED',
        deployment: 'api',
        peer: '198.51.100.7',
        occurrences: 1,
      },
      {
        rule: 'METADATA',
        severity: 'HIGH',
        state: 'ACTIVE',
        deployment: 'web',
        peer: '169.254.169.254',
        occurrences: 1,
      },
    ]);
  }));

test('what layer 7 refused raises no alert, since the connection was let through', () =>
  withWatching(async watching => {
    const refusal = wrapped({
      verdict: 'DROPPED',
      Type: 'L7',
      event_type: { type: 129 },
      l7: { type: 'REQUEST', http: { code: 403, method: 'DELETE' } },
    });
    await watching.send(lines(refusal), { format: 'hubble' });
    assert.deepEqual(await watching.rows('select observed_verdict from flow'), [
      { observed_verdict: 'ERROR' },
    ]);
    assert.deepEqual(await alertsIn(watching), []);
  }));

test('an alert is raised once for a deployment and its peers, and counts on', () =>
  withWatching(async watching => {
    const { send, rows } = watching;
    await send(lines(record({ ...METADATA, events: 2 }), record({ ...METADATA, port: 81 })));
    await send(lines(record({ ...METADATA, time: '2026-11-22T09:00:00Z', events: 4 })));
    assert.deepEqual(await alertsIn(watching), [
      {
        rule: 'METADATA',
        severity: 'HIGH',
        state: 'ACTIVE',
        deployment: 'web',
        peer: '169.254.169.254',
        occurrences: 7,
      },
    ]);
    assert.deepEqual(
      await rows(`select first_occurred_at = '2026-11-22T09:00:00Z' as first, last_occurred_at = '2026-11-22T10:00:00Z' as last,
        category from alert`),
      [{ first: true, last: true, category: 'Anomalous Activity' }],
    );
  }));

test('the same records again raise nothing', () =>
  withWatching(async watching => {
    const text = lines(record(METADATA));
    await watching.send(text, { key: 'night' });
    const before = await watching.rows('select * from alert');
    await watching.send(text, { key: 'night' });
    assert.deepEqual(await watching.rows('select * from alert'), before);
  }));

test('a flow off a locked baseline is one alert, of its client, with all rules that it met', () =>
  withWatching(async watching => {
    await lock(watching);
    await watching.send(lines(record({ port: 9090 }), record({ ...OUTSIDE }), record()));
    const off = { rule: 'OFF_BASELINE', severity: 'HIGH', state: 'ACTIVE', occurrences: 1 };
    assert.deepEqual(await alertsIn(watching), [
      { ...off, deployment: 'web', peer: '203.0.113.9' },
      { ...off, deployment: 'web', peer: 'api' },
    ]);
    assert.deepEqual(
      await watching.rows('select rules, group_kind from alert order by group_kind'),
      [
        { rules: ['NEW_EXTERNAL', 'OFF_BASELINE'], group_kind: 'OUTSIDE' },
        { rules: ['OFF_BASELINE'], group_kind: 'PEER' },
      ],
    );
  }));

test('an alert of a namespace that the caller does not see is neither listed nor resolved', () =>
  withWatching(async ({ send, source, rows }) => {
    await send(lines(record(METADATA)));
    const [alert] = await rows('select id from alert');
    const key = { clusterId: 1, id: String(alert?.['id']) };
    const caller = {
      name: 'somebody',
      roles: ['OPERATOR'],
      clusters: 'ALL',
      namespaces: ['other'],
      selector: null,
    } as const;
    const { alerts } = watchingStores(source.manager, caller);
    assert.equal(await alerts.count(condition('true')), 0);
    const change = {
      state: 'RESOLVED',
      snoozedUntil: null,
      resolvedAt: NOW,
      resolution: null,
    } as const;
    assert.deepEqual(await alerts.change([key], { ...change, resolvedBy: 'somebody' }), []);
    assert.deepEqual(await rows('select state from alert'), [{ state: 'OPEN' }]);
  }));

test('flows and their alerts land together or not at all', () =>
  withWatching(async ({ send, execute, rows }) => {
    await execute(`alter table alert add check (rule <> 'METADATA')`);
    await assert.rejects(send(lines(record(), record(METADATA))), /violates check/);
    assert.deepEqual(
      await rows(`select (select count(*)::int from flow) as flows, (select count(*)::int from flow_hour) as hours,
        (select count(*)::int from peer) as peers, (select count(*)::int from ingest_chunk) as chunks`),
      [{ flows: 0, hours: 0, peers: 0, chunks: 0 }],
    );
  }));

const LIST = `query ($filter: AlertFilter, $orderBy: AlertOrder) { alerts(filter: $filter, orderBy: $orderBy) {
  totalCount nodes { id cluster { name } rule severity state message occurrences deployment { name namespace { name } }
    peer { __typename ... on Deployment { name } ... on ExternalEntity { name } } flow { id port alerts { rule } } } } }`;

test('alerts are listed with their ends and flows, one statement per relation, and resolved by mutation', () =>
  withWatching(async watching => {
    await lock(watching);
    const { ask, statementsOf, send } = watching;
    await send(lines(record(METADATA), record({ port: 9090, time: '2026-11-22T11:00:00Z' })));
    const { alerts } = await ask(LIST, { filter: { rule: 'METADATA', cluster: { eq: 'lab' } } });
    const [{ id, flow, ...alert }] = alerts.nodes;
    assert.deepEqual(alert, {
      cluster: { name: 'lab' },
      rule: 'METADATA',
      severity: 'HIGH',
      state: 'ACTIVE',
      message:
        '`shop/web` -> `EXTERNAL:169.254.169.254` (TCP 80): it called the cloud metadata service',
      occurrences: '1',
      deployment: { name: 'web', namespace: { name: 'shop' } },
      peer: { __typename: 'ExternalEntity', name: '169.254.169.254' },
    });
    assert.deepEqual([flow.port, flow.alerts.length], [80, 1]);
    // Flows and peers are asked for at once, so that either may be answered first.
    assert.deepEqual((await statementsOf(LIST)).toSorted(), [
      'alerts.count',
      'alerts.ofFlows',
      'alerts.page',
      'clusters.byIds',
      'flows.byIds',
      'namespaces.byIds',
      'peers.byIds',
    ]);
    const RESOLVE =
      'mutation ($input: ResolveAlertInput!) { resolveAlert(input: $input) { alert { state resolution } problems { code } } }';
    const resolve = async (given: string) =>
      (await ask(RESOLVE, { input: { id: given, resolution: 'known' } })).resolveAlert;
    assert.deepEqual(await resolve(id), {
      alert: { state: 'RESOLVED', resolution: 'known' },
      problems: [],
    });
    assert.deepEqual((await resolve(id)).problems, [{ code: 'ALREADY_RESOLVED' }]);
    assert.deepEqual(await resolve('nonsense'), { alert: null, problems: [{ code: 'NOT_FOUND' }] });
    const { node } = await ask('query ($id: ID!) { node(id: $id) { ... on Alert { state } } }', {
      id,
    });
    assert.deepEqual(node, { state: 'RESOLVED' });
  }));

test('alerts are filtered by what they say, and ordered', () =>
  withWatching(async watching => {
    await lock(watching);
    const { ask, send } = watching;
    await send(
      lines(
        record({ port: 9090, time: '2026-11-22T11:00:00Z', events: 9 }),
        record({ ...OUTSIDE, events: 2 }),
      ),
    );
    const listed = async (filter: object, orderBy?: object): Promise<readonly string[]> =>
      (await ask(LIST, { filter, orderBy })).alerts.nodes.map(
        ({ rule, deployment }: { rule: string; deployment: { name: string } }) =>
          `${rule} ${deployment.name}`,
      );
    const cases: readonly (readonly [object, number])[] = [
      [{}, 2],
      [{ category: 'Anomalous Activity' }, 2],
      [{ category: 'x' }, 0],
      [{ severity: 'HIGH' }, 2],
      [{ state: 'RESOLVED' }, 0],
      [{ state: 'ACTIVE' }, 2],
      [{ state: 'OPEN' }, 2],
      [{ rule: 'NEW_EXTERNAL' }, 1],
      [{ deployment: { eq: 'api' } }, 1],
      [{ namespace: { in: ['shop'] }, not: { rule: 'NEW_EXTERNAL' } }, 1],
      [{ since: '2026-11-22T11:00:00Z' }, 1],
      [{ until: '2026-11-22T11:00:00Z' }, 1],
      [{ since: '30m' }, 0],
      [{ or: [{ rule: 'METADATA' }, { deployment: { eq: 'api' } }] }, 1],
    ];
    for (const [filter, count] of cases)
      assert.equal((await listed(filter)).length, count, JSON.stringify(filter));
    assert.equal((await listed({}, { field: 'SEVERITY', direction: 'ASC' })).length, 2);
    assert.equal((await listed({}, { field: 'OCCURRENCES', direction: 'DESC' })).length, 2);
  }));

test('deployments show their own alerts, all in one statement', () =>
  withWatching(async watching => {
    await lock(watching);
    const { ask, send, statementsOf } = watching;
    await send(lines(record({ port: 9090 }), record(OUTSIDE)));
    const OF_DEPLOYMENTS = '{ deployments { nodes { name alerts { rule } } } }';
    const { deployments } = await ask(OF_DEPLOYMENTS);
    assert.deepEqual(
      deployments.nodes.map(({ name, alerts }: { name: string; alerts: object[] }) => [
        name,
        alerts.length,
      ]),
      [
        ['api', 0],
        ['web', 2],
      ],
    );
    assert.deepEqual(await statementsOf(OF_DEPLOYMENTS), [
      'deployments.page',
      'alerts.ofDeployments',
    ]);
  }));
