import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { heeding } from '../../src/database/deadline.js';
import { startThreads, type Threads } from '../../src/remote-use-cases.js';
import { tables, type UseCases } from '../../src/rooms.js';
import { type DatabaseFixture, withDatabase } from '../support/database.js';
import { until } from '../support/lab.js';

type Fixture = DatabaseFixture & { readonly threads: Threads; readonly useCases: UseCases };

/** Real threads over a database: what the server runs beside its own thread. */
const withThreads = (use: (fixture: Fixture) => Promise<void>): Promise<void> =>
  withDatabase(
    async fixture => {
      const threads = startThreads({
        url: fixture.url,
        poolSize: 6,
        statementTimeoutMs: 30_000,
        logLevel: 'silent',
        database: null,
        tracing: null,
      });
      const useCases = threads.useCasesOf(LOCAL_CALLER) as UseCases;
      await use({ ...fixture, threads, useCases }).finally(threads.close);
    },
    { tables },
  );

const workload = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'shop', name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main' }] } },
  },
});

const DENY_ALL = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { namespace: shop, name: deny }
spec: { podSelector: { matchLabels: { app: api } }, policyTypes: [Ingress] }
`;

const record = JSON.stringify({
  time: '2026-11-22T10:00:00Z',
  source: { namespace: 'shop', workload: { kind: 'Deployment', name: 'web' } },
  destination: { namespace: 'shop', workload: { kind: 'Deployment', name: 'api' } },
  port: 8080,
  protocol: 'TCP',
});

const importing = (text: string) => ({
  cluster: 'lab',
  sources: [{ file: null, text }],
  mode: 'MERGE' as const,
  observedAt: null,
  key: null,
});

const upload = (records: AsyncIterable<Uint8Array> | string) => ({
  cluster: 'lab',
  format: 'neutral',
  key: null,
  records,
});

async function* bytes(text: string) {
  yield new TextEncoder().encode(text);
}

test('threads import, ingest, judge, simulate and explain, with the answers of the thread of requests', () =>
  withThreads(async ({ useCases, source }) => {
    const inventory = JSON.stringify([workload('web'), workload('api')]);
    const imported = await useCases.importInventory(importing(inventory));
    assert.equal(imported.counts?.deployments, 2);
    const ingested = await useCases.takeUpload(upload(bytes(`${record}\n`)), new Date());
    assert.equal(ingested.accepted, 1);
    await useCases.importInventory(importing(DENY_ALL));
    const [flow] = await source.query('select id, policy_verdict as verdict from flow');
    assert.equal(flow.verdict, 'DENIED');
    const [explained] = await useCases.explainFlows([{ clusterId: 1, id: flow.id }]);
    assert.equal(explained?.ingress.reasons[0]?.policy, 'NetworkPolicy/shop/deny');
    assert.equal(explained?.ingress.reasons[0]?.line, 4);
    const told: number[] = [];
    const id = '00000000-0000-0000-0000-000000000001';
    const { simulation } = await useCases.simulate(
      {
        clusterId: 1,
        sources: [],
        remove: ['shop/deny'],
        window: { since: null, until: null },
        modes: { hostNetwork: 'nodes', ipBlockPods: 'never', ingressController: null } as never,
        request: {},
      },
      id,
      done => void told.push(done),
    );
    assert.equal(simulation?.summary?.newlyAllowed, 1);
    assert.deepEqual(told, [1]);
  }));

test('a fault of the request, and what its body threw, arrive as they were', () =>
  withThreads(async ({ useCases }) => {
    async function* broken() {
      yield new TextEncoder().encode(`${record}\n`);
      throw Object.assign(new Error('the body is larger than 3 bytes'), { status: 413 });
    }
    await assert.rejects(useCases.takeUpload(upload(broken()), new Date()), {
      status: 413,
      message: 'the body is larger than 3 bytes',
    });
    await useCases.importInventory(importing(JSON.stringify([workload('api')])));
    const asked = {
      clusterId: 1,
      source: 'shop/web',
      destination: 'shop/api',
      port: 1,
      protocol: 'TCP',
      policies: null,
      at: null,
    };
    const answer = await useCases.explain(asked);
    assert.ok('fault' in answer && /shop\/web/.test(answer.fault));
  }));

test('a signal ends what a thread of the pool is at, and the next call gets a thread of its own', () =>
  withThreads(async ({ useCases, threads }) => {
    const stop = new AbortController();
    const ended = threads.useCasesOf(LOCAL_CALLER, stop.signal) as UseCases;
    const big = `[${Array.from({ length: 20_000 }, (_, index) => JSON.stringify(workload(`w${index}`))).join(',')}]`;
    const running = ended.importInventory(importing(big));
    const refused = assert.rejects(running, { name: 'AbortError' });
    await pause(200);
    stop.abort();
    await refused;
    const { counts } = await useCases.importInventory(importing(JSON.stringify([workload('web')])));
    assert.equal(counts?.deployments, 1);
  }));

test('a question that nobody waits for any more ends its statement in the thread', () =>
  withThreads(async ({ useCases, url, execute }) => {
    await useCases.importInventory(importing(JSON.stringify([workload('web'), workload('api')])));
    await useCases.takeUpload(upload(bytes(`${record}\n`)), new Date());
    const [flow] = (await execute('select id from flow')) as { id: string }[];
    const client = new pg.Client(url);
    await client.connect();
    const waiting = async (): Promise<number> => {
      const { rows } = await client.query(`select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`);
      return rows.length;
    };
    try {
      await client.query('begin; lock table flow in access exclusive mode');
      const leaving = new AbortController();
      const asked = heeding(leaving.signal, () =>
        useCases.explainFlows([{ clusterId: 1, id: flow?.id ?? '' }]),
      );
      await until(async () => (await waiting()) === 1, 'the statement waits');
      leaving.abort(new Error('left'));
      await assert.rejects(asked, { message: 'left' });
      await until(async () => (await waiting()) === 0, 'no statement waits');
    } finally {
      await client.end();
    }
  }));
