import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_FLOWS } from '../../src/flows/flow-seen.js';
import { withDatabase } from '../support/database.js';
import { type Door, openDoor } from './support/door.js';
import {
  flowStores,
  ingestDeps,
  lines,
  record,
  type Send,
  sender,
  workload,
} from './support/intake.js';

type Bench = Door & {
  readonly send: Send;
  readonly execute: (sql: string) => Promise<unknown>;
};

const withDoor = (use: (bench: Bench) => Promise<void>): Promise<void> =>
  withDatabase(fixture => {
    const deps = ingestDeps(fixture, flowStores);
    const door = openDoor(fixture, flowStores(fixture.source.manager), deps);
    return use({ ...door, send: sender(deps), execute: fixture.execute });
  });

const END = `__typename ... on Deployment { name namespace { name } } ... on ExternalEntity { address }
  ... on ClusterNode { name } ... on UnresolvedPeer { reason }`;

test('a flow shows its ends, its times and its counts', () =>
  withDoor(async ({ ask, send }) => {
    await send(lines(record({ servicePort: 80, bytes: 9007199254740991, verdict: 'ALLOWED' })));
    const { flows } = await ask(`{ flows { totalCount nodes {
      id cluster { name } source { ${END} } destination { ${END} } port protocol servicePort trafficClass
      firstSeenAt lastSeenAt connections events bytes tags observedVerdict policyVerdict governed } } }`);
    const [{ id, ...flow }] = flows.nodes;
    assert.deepEqual(
      [flows.totalCount, flow],
      [
        1,
        {
          cluster: { name: 'lab' },
          source: { __typename: 'Deployment', name: 'web', namespace: { name: 'shop' } },
          destination: { __typename: 'Deployment', name: 'api', namespace: { name: 'shop' } },
          port: 8080,
          protocol: 'TCP',
          servicePort: 80,
          trafficClass: 'APP',
          firstSeenAt: '2026-11-22T10:00:00.000000Z',
          lastSeenAt: '2026-11-22T10:00:00.000000Z',
          connections: null,
          events: '1',
          bytes: '9007199254740991',
          tags: ['ACTIVE'],
          observedVerdict: 'ALLOWED',
          policyVerdict: 'UNDECIDABLE',
          governed: false,
        },
      ],
    );
    const again = await ask('query ($id: ID!) { node(id: $id) { id ... on Flow { port } } }', {
      id,
    });
    assert.deepEqual(again.node, { id, port: 8080 });
  }));

const listed = async ({ ask }: Door, filter: string): Promise<readonly string[]> => {
  const { flows } = await ask(`{ flows(filter: ${filter}) { nodes {
    source { ... on Deployment { name } } port protocol } } }`);
  return flows.nodes
    .map((flow: { port: number; source: { name: string } }) => `${flow.source.name} ${flow.port}`)
    .toSorted();
};

test('filters select by ends, port, protocol, verdict and tags', () =>
  withDoor(async door => {
    await door.send(
      lines(
        record(),
        record({ source: workload('job', 'batch'), port: 9090, verdict: 'DENIED' }),
        record({ destination: { ip: '203.0.113.9' }, port: 443 }),
        record({ destination: { ip: '169.254.169.254' }, port: 80 }),
        record({ protocol: 'UDP', port: 53, time: '2026-11-20T10:00:00Z' }),
      ),
    );
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['{ cluster: { eq: "lab" }, port: 8080 }', ['web 8080']],
      ['{ cluster: { eq: "other" } }', []],
      ['{ namespace: { eq: "batch" } }', ['job 9090']],
      ['{ deployment: { eq: "job" } }', ['job 9090']],
      ['{ source: { eq: "batch/job" } }', ['job 9090']],
      ['{ destination: { startsWith: "EXTERNAL:203." } }', ['web 443']],
      ['{ protocol: UDP }', ['web 53']],
      ['{ observedVerdict: DENIED }', ['job 9090']],
      ['{ tags: [ANOMALOUS] }', ['job 9090', 'web 80']],
      ['{ not: { tags: [ACTIVE] } }', ['web 53']],
      ['{ tags: [BASELINE, ALLOWED] }', []],
      ['{ or: [{ port: 80 }, { port: 443 }], and: [{ protocol: TCP }] }', ['web 443', 'web 80']],
    ];
    for (const [filter, expected] of cases)
      assert.deepEqual(await listed(door, filter), expected, filter);
  }));

test('windows are half-open and count whole hours; a silent middle is not in them', () =>
  withDoor(async door => {
    await door.send(
      lines(
        record({ time: '2026-11-22T08:30:00Z', events: 1 }),
        record({ time: '2026-11-22T09:15:00Z', events: 10 }),
        record({ time: '2026-11-22T11:00:00Z', events: 100 }),
      ),
    );
    const cases: readonly (readonly [string, string | null])[] = [
      ['since: "2026-11-22T08:00:00Z"', '111'],
      ['since: "2026-11-22T09:00:00Z"', '110'],
      ['since: "2026-11-22T08:59:00Z"', '111'],
      ['until: "2026-11-22T09:00:00Z"', '1'],
      ['until: "2026-11-22T09:00:00.000001Z"', '11'],
      ['until: "2026-11-22T08:30:00Z"', null],
      ['since: "2026-11-22T11:00:00Z"', '100'],
      ['since: "2026-11-22T11:00:00.000001Z"', null],
      ['since: "2026-11-22T10:00:00Z", until: "2026-11-22T11:00:00Z"', null],
      ['since: "2026-11-22T09:00:00Z", until: "2026-11-22T10:00:00Z"', '10'],
      ['since: "3h"', '110'],
      ['since: "7d"', '111'],
    ];
    for (const [window, events] of cases) {
      const { flows } = await door.ask(
        `{ flows(filter: { ${window} }) { totalCount nodes { all: events counts(${window}) { events } tags(${window}) } } }`,
      );
      const expected =
        events === null ? [] : [{ all: '111', counts: { events }, tags: ['ACTIVE'] }];
      assert.deepEqual([flows.totalCount, flows.nodes], [expected.length, expected], window);
    }
  }));

test('lists page in every order, and an order of counts over a window is of the counts in it', () =>
  withDoor(async ({ ask, send, refused }) => {
    const minute = (n: number): string => `2026-11-22T10:${String(n % 3).padStart(2, '0')}:00Z`;
    await send(
      lines(
        ...Array.from({ length: 7 }, (_, n) =>
          record({
            port: n + 1,
            time: minute(n),
            events: (n * 5) % 7,
            ...(n % 2 ? { bytes: n } : {}),
          }),
        ),
        record({ port: 1, time: '2026-11-20T10:00:00Z', events: 1000 }),
      ),
    );
    const PAGE = `query ($after: String, $orderBy: FlowOrder, $filter: FlowFilter) {
      flows(first: 3, after: $after, orderBy: $orderBy, filter: $filter) { nodes { port } pageInfo { endCursor hasNextPage } } }`;
    const walk = async (
      orderBy: object | null,
      filter: object = {},
    ): Promise<readonly number[]> => {
      const ports: number[] = [];
      let after = null;
      for (let turn = 0; turn < 3; turn += 1) {
        const { flows } = await ask(PAGE, { after, orderBy, filter });
        ports.push(...flows.nodes.map(({ port }: { port: number }) => port));
        assert.equal(flows.pageInfo.hasNextPage, turn < 2);
        after = flows.pageInfo.endCursor;
      }
      return ports;
    };
    for (const field of [
      'LAST_SEEN',
      'FIRST_SEEN',
      'CONNECTIONS',
      'BYTES',
      'SOURCE',
      'DESTINATION',
    ])
      for (const direction of ['ASC', 'DESC'])
        assert.deepEqual(
          (await walk({ field, direction })).toSorted(),
          [1, 2, 3, 4, 5, 6, 7],
          field,
        );
    assert.deepEqual((await walk(null)).slice(0, 2).toSorted(), [3, 6]);
    assert.deepEqual(await walk({ field: 'PORT', direction: 'DESC' }), [7, 6, 5, 4, 3, 2, 1]);
    const byEvents = { field: 'EVENTS', direction: 'ASC' };
    assert.deepEqual(await walk(byEvents), [4, 7, 3, 6, 2, 5, 1]);
    assert.deepEqual(await walk(byEvents, { since: '1d' }), [1, 4, 7, 3, 6, 2, 5]);

    const { flows } = await ask(PAGE, { orderBy: byEvents });
    const [error] = await refused(PAGE, { after: flows.pageInfo.endCursor });
    assert.equal(error?.extensions?.['code'], 'BAD_USER_INPUT');
  }));

test('flows of many deployments, with their ends, take one statement per relation of each field', () =>
  withDoor(async ({ ask, send, statementsOf }) => {
    const names = Array.from({ length: 12 }, (_, n) => `web-app${n}`);
    await send(
      lines(
        ...names.flatMap((name, n) => [
          record({ source: workload(name), time: `2026-11-22T10:00:0${n % 10}Z` }),
          record({ source: workload(name), destination: workload(name, 'other'), port: 9090 }),
        ]),
      ),
    );
    const NESTED = `{ deployments(filter: { namespace: { eq: "shop" } }) { nodes { name
      flows(first: 2, filter: { port: 8080 }) { totalCount nodes { port destination { ... on Deployment { name } } } }
      all: flows { nodes { id source { ... on Deployment { name } } cluster { name } } } } } }`;
    // The two lists are read side by side.
    assert.deepEqual((await statementsOf(NESTED)).toSorted(), [
      'clusters.byIds',
      'deployments.page',
      'flows.countOfDeployments',
      'flows.ofDeployments',
      'flows.ofDeployments',
      'peers.byIds',
      'peers.byIds',
    ]);
    const { deployments } = await ask(NESTED);
    const [api, first] = deployments.nodes;
    assert.deepEqual(
      [api.name, api.flows.totalCount, api.flows.nodes.length, api.all.nodes.length],
      ['api', 12, 2, 12],
    );
    assert.deepEqual(first.flows, {
      totalCount: 1,
      nodes: [{ port: 8080, destination: { name: 'api' } }],
    });
    assert.equal(first.all.nodes.length, 2);

    const FLAT =
      '{ flows { nodes { id source { ... on Deployment { name } } destination { ... on Deployment { name } } } } }';
    assert.deepEqual(await statementsOf(FLAT), ['flows.page', 'peers.byIds']);
  }));

test('deployments page their flows by cursor, each its own', () =>
  withDoor(async ({ ask, send }) => {
    await send(lines(...[1, 2, 3, 4, 5].map(port => record({ port }))));
    const PAGE = `query ($after: String) { deployment(cluster: "lab", namespace: "shop", name: "web") {
      flows(first: 2, after: $after, orderBy: { field: PORT }) { nodes { port } pageInfo { endCursor hasNextPage } } } }`;
    const first = (await ask(PAGE)).deployment.flows;
    const second = (await ask(PAGE, { after: first.pageInfo.endCursor })).deployment.flows;
    assert.deepEqual(
      [...first.nodes, ...second.nodes].map(({ port }) => port),
      [1, 2, 3, 4],
    );
    assert.equal(second.pageInfo.hasNextPage, true);
  }));

test('who may see one namespace sees the flows that touch it', () =>
  withDatabase(async fixture => {
    const { source } = fixture;
    const send = sender(ingestDeps(fixture, flowStores));
    await send(
      lines(
        record(),
        record({ source: workload('job', 'batch'), port: 1 }),
        record({ source: workload('job', 'batch'), destination: workload('db', 'data'), port: 2 }),
      ),
    );
    const seen = async (
      namespaces: 'ALL' | readonly string[],
      clusters: 'ALL' | readonly string[] = 'ALL',
    ) =>
      flowStores(source.manager, {
        name: 'somebody',
        roles: ['VIEWER'],
        clusters,
        namespaces,
        selector: null,
      }).flows.count(ALL_FLOWS);
    assert.deepEqual(
      [
        await seen('ALL'),
        await seen(['shop']),
        await seen(['data']),
        await seen(['x']),
        await seen('ALL', ['x']),
      ],
      [3, 2, 1, 0, 0],
    );
  }));
