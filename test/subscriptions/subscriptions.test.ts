import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { authenticator } from '../../src/access/authenticate.js';
import { createApp } from '../../src/app.js';
import { silentLog } from '../../src/database/log.js';
import { databasesOn } from '../../src/databases.js';
import { lines, record, workload } from '../flows/support/intake.js';
import { INGEST, until } from '../support/lab.js';
import { type ServerFixture, withServer } from '../support/server.js';

const METADATA = { destination: { ip: '169.254.169.254' }, port: 80 };
const LIMITS = { maxBodyBytes: 1_000_000, requestTimeoutMs: 30_000, drainTimeoutMs: 200 };

/** A second server on the same database. */
async function second({ source }: ServerFixture) {
  const databases = databasesOn(source, { onEnd: () => () => {} });
  const callers = authenticator({
    tokens: databases.tokens,
    anonymous: true,
    own: null,
    now: () => Date.now(),
  });
  const app = await createApp({ databases, callers }, LIMITS, silentLog);
  return { url: await app.listen(0, '127.0.0.1'), close: () => app.close() };
}

const clientOf = (url: string): Client =>
  createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });

/** What a subscription was told so far. */
function collect(client: Client, query: string, variables: Record<string, unknown> = {}) {
  // biome-ignore lint/suspicious/noExplicitAny: answers are checked by what the test expects of them
  const told: any[] = [];
  const ended = Promise.withResolvers<void>();
  const stop = client.subscribe(
    { query, variables },
    {
      next: ({ data, errors }) => told.push(errors ?? data),
      error: error => ended.reject(error),
      complete: ended.resolve,
    },
  );
  const until = async (count: number): Promise<readonly unknown[]> => {
    for (let tries = 0; told.length < count && tries < 200; tries += 1) await pause(25);
    await pause(100);
    return told;
  };
  return { told, until, stop, ended: ended.promise };
}

const ready: {
  use?: ServerFixture;
  other?: Awaited<ReturnType<typeof second>>;
  done: () => void;
  all?: Promise<void>;
} = {
  done: () => {},
};

before(async () => {
  await new Promise<void>((begin, fail) => {
    ready.all = withServer(async fixture => {
      ready.use = fixture;
      ready.other = await second(fixture);
      const finished = new Promise<void>(resolve => {
        ready.done = resolve;
      });
      begin();
      await finished;
      await ready.other.close();
    }).catch(fail);
  });
});

after(async () => {
  ready.done();
  await ready.all;
});

const servers = () => {
  if (ready.use === undefined || ready.other === undefined) throw new Error('no server');
  return { fixture: ready.use, other: ready.other };
};

const ingest = (cluster: string, ...records: readonly object[]) =>
  servers().fixture.ask(INGEST, {
    input: { cluster, format: 'neutral', records: lines(...records) },
  });

const CHANGED = `subscription ($filter: AlertFilter, $after: DateTime) {
  alertChanged(filter: $filter, after: $after) { rule state occurrences changedAt deployment { name } } }`;

test('an alert is told once to each subscriber, on every server, and taken up again after a break', async () => {
  const { fixture, other } = servers();
  const clients = [clientOf(fixture.server), clientOf(other.url)];
  const filter = { cluster: { eq: 'told' } };
  const all = clients.map(client => collect(client, CHANGED, { filter }));
  await pause(300);
  await ingest('elsewhere', record(METADATA));
  await ingest('told', record(METADATA));
  for (const { until } of all) {
    const told = await until(1);
    assert.deepEqual(
      JSON.parse(JSON.stringify(told), (key, value) => (key === 'changedAt' ? undefined : value)),
      [
        {
          alertChanged: {
            rule: 'METADATA',
            state: 'ACTIVE',
            occurrences: '1',
            deployment: { name: 'web' },
          },
        },
      ],
    );
  }
  const token = all[0]?.told[0].alertChanged.changedAt;
  all[0]?.stop();
  await pause(50);
  await ingest('told', record({ ...METADATA, time: '2026-11-22T11:00:00Z', events: 4 }));
  const again = collect(clients[0] as Client, CHANGED, { filter, after: token });
  const [first] = (await again.until(1)) as { alertChanged: { occurrences: string } }[];
  assert.equal(first?.alertChanged.occurrences, '5');
  assert.equal((await all[1]?.until(2))?.length, 2);
  for (const client of clients) await client.dispose();
});

test('however many alerts change at once, each is told, live and after a break', async () => {
  const { fixture } = servers();
  const client = clientOf(fixture.server);
  const filter = { cluster: { eq: 'many' } };
  const ids =
    'subscription ($filter: AlertFilter, $after: DateTime) { alertChanged(filter: $filter, after: $after) { id } }';
  const live = collect(client, ids, { filter });
  const since = new Date().toISOString();
  await pause(300);
  const names = Array.from({ length: 600 }, (_, place) => `web-${place}`);
  await ingest('many', ...names.map(name => record({ ...METADATA, source: workload(name) })));
  const later = collect(client, ids, { filter, after: since });
  const each = ({ told }: typeof live) => new Set(told.map(({ alertChanged }) => alertChanged.id));
  for (const one of [live, later])
    await until(async () => each(one).size === names.length, `${names.length} alerts are told`);
  await client.dispose();
});

test('flows are told as they are taken in, those that a filter finds', async () => {
  const { other } = servers();
  const client = clientOf(other.url);
  await ingest('live', record({ time: '2026-11-21T10:00:00Z' }));
  const FLOWS = `subscription ($filter: FlowFilter) { flowsObserved(cluster: "live", filter: $filter) { skipped flows { port events } } }`;
  const some = collect(client, FLOWS, { filter: { port: 443 } });
  await pause(300);
  await ingest('live', record({ port: 443 }), record({ port: 80 }));
  assert.deepEqual(await some.until(1), [
    { flowsObserved: { skipped: 0, flows: [{ port: 443, events: '1' }] } },
  ]);
  const none = collect(client, FLOWS.replace('live', 'nowhere'));
  await assert.rejects(none.ended, /no cluster is named|NOT_FOUND/).catch(() => {
    assert.match(JSON.stringify(none.told), /NOT_FOUND/);
  });
  await client.dispose();
});

test('flows that were observed during a break are told after it, once, on another server', async () => {
  const { fixture, other } = servers();
  const [first, second] = [clientOf(fixture.server), clientOf(other.url)];
  const FLOWS = `subscription ($after: String) { flowsObserved(cluster: "again", after: $after, opening: true) {
    cursor missed skipped flows { port } } }`;
  const ports = ({ told }: ReturnType<typeof collect>) =>
    told.map(({ flowsObserved: { flows, missed } }) => [
      ...flows.map(({ port }: { port: number }) => port).toSorted(),
      ...(missed ? ['missed'] : []),
    ]);
  await ingest('again', record({ port: 1 }));
  const before = collect(first, FLOWS);
  await before.until(1);
  await ingest('again', record({ port: 2 }));
  await before.until(2);
  assert.deepEqual(ports(before), [[], [2]]);
  before.stop();
  await pause(50);
  await ingest('again', record({ port: 3 }), record({ port: 4 }));
  await ingest('again', record({ port: 4, time: '2026-11-22T11:00:00Z' }));
  const after = before.told[1].flowsObserved.cursor;
  const later = collect(second, FLOWS, { after });
  await later.until(1);
  assert.deepEqual(ports(later), [[3, 4]]);
  await ingest('again', record({ port: 5 }));
  assert.deepEqual(ports({ ...later, told: (await later.until(2)) as never }), [[3, 4], [5]]);
  await fixture.execute('delete from flow_news');
  const late = collect(first, FLOWS, { after });
  await late.until(1);
  assert.deepEqual(ports(late), [['missed']]);
  const wrong = collect(first, FLOWS.replace('again', 'live'), { after });
  await wrong.until(1);
  assert.match(JSON.stringify(wrong.told), /`after` is of another cluster/);
  for (const client of [first, second]) await client.dispose();
});

const SIMULATE = `mutation ($input: SimulatePoliciesInput!) { simulatePolicies(input: $input) {
  simulation { id status } job { id } problems { code message } } }`;

const DENY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }`;

test('a job and a simulation are told as they are, and end with them', async () => {
  const { fixture, other } = servers();
  await ingest('sims', record());
  const { simulatePolicies } = await fixture.ask(SIMULATE, {
    input: { cluster: 'sims', policies: DENY },
  });
  const client = clientOf(other.url);
  const ofJob = collect(
    client,
    `subscription { jobChanged(id: "${simulatePolicies.job.id}") { status } }`,
  );
  const ofOne = collect(
    client,
    `subscription { simulationChanged(id: "${simulatePolicies.simulation.id}") { status } }`,
  );
  await Promise.all([ofJob.ended, ofOne.ended]);
  assert.deepEqual(ofJob.told.at(-1), { jobChanged: { status: 'DONE' } });
  assert.deepEqual(ofOne.told.at(-1), { simulationChanged: { status: 'DONE' } });
  await client.dispose();
});

test('the same subscription comes as server-sent events, where a proxy cuts WebSockets', async () => {
  const { fixture } = servers();
  const closing = new AbortController();
  const response = await fetch(`${fixture.server}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: CHANGED, variables: { filter: { cluster: { eq: 'sse' } } } }),
    signal: closing.signal,
  });
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  await pause(300);
  await ingest('sse', record(METADATA));
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  assert.match(
    new TextDecoder().decode(value),
    /^event: next\ndata: \{"data":\{"alertChanged":\{"rule":"METADATA"/,
  );
  closing.abort();
  const wrong = await fetch(`${fixture.server}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'subscription { nothing }' }),
  });
  assert.match(await wrong.text(), /VALIDATION[\s\S]*event: complete/);
});
