import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { until } from '../support/lab.js';
import { type ServerFixture, withServer } from '../support/server.js';

const FLOWS = '{ flows { totalCount } }';

/** While nobody can read flows. */
async function whileLocked(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('begin; lock table flow in access exclusive mode');
    await work(client);
  } finally {
    await client.end();
  }
}

async function waiting(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0].n;
}

const ask = ({ server }: ServerFixture, signal?: AbortSignal): Promise<Response> =>
  fetch(`${server}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: FLOWS }),
    ...(signal && { signal }),
  });

test('the deadline ends the statement, and says that asking again may help', () =>
  withServer(
    fixture =>
      whileLocked(fixture.url, async client => {
        const started = Date.now();
        const response = await ask(fixture);
        const { errors } = (await response.json()) as {
          errors: readonly { extensions: Record<string, unknown> }[];
        };
        assert.ok(Date.now() - started < 5_000);
        assert.equal(response.status, 503);
        assert.equal(response.headers.get('retry-after'), '2');
        assert.equal(errors[0]?.extensions['code'], 'UNAVAILABLE');
        assert.equal(errors[0]?.extensions['reason'], 'DEADLINE');
        await until(async () => (await waiting(client)) === 0, 'no statement waits');
      }),
    { requestTimeoutMs: 500, worker: false },
  ));

test('a client that leaves ends its statement', () =>
  withServer(
    fixture =>
      whileLocked(fixture.url, async client => {
        const leaving = new AbortController();
        const asked = ask(fixture, leaving.signal);
        await until(async () => (await waiting(client)) === 1, 'its statement waits');
        leaving.abort();
        await assert.rejects(asked);
        await until(async () => (await waiting(client)) === 0, 'no statement waits');
        // The session that was interrupted answers the next one.
        await client.query('rollback');
        assert.equal((await ask(fixture)).status, 200);
      }),
    { worker: false },
  ));
