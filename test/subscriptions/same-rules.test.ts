import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { createClient } from 'graphql-ws';
import pg from 'pg';
import { WebSocket } from 'ws';
import { type Authenticator, authenticator } from '../../src/access/authenticate.js';
import { type AppConfig, createApp } from '../../src/app.js';
import { silentLog } from '../../src/database/log.js';
import { databasesOn } from '../../src/databases.js';
import { tables } from '../../src/rooms.js';
import { createSchema } from '../../src/schema.js';
import { operationText, VALUES } from '../access/operations.js';
import { type DatabaseFixture, withDatabase } from '../support/database.js';
import { until } from '../support/lab.js';

// biome-ignore lint/suspicious/noExplicitAny: the answer has the shape of the question
type Body = any;
/** The answers to one operation, until it ends or so many have come. */
type Ask = (query: string, token: string | null, most?: number) => Promise<readonly Body[]>;

const json = { 'content-type': 'application/json' };
const bearer = (token: string | null) =>
  token === null ? {} : { authorization: `Bearer ${token}` };

const post = (url: string, query: string, token: string | null): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { ...json, ...bearer(token) },
    body: JSON.stringify({ query }),
  });

const byHttp =
  (server: string): Ask =>
  async (query, token) => [await (await post(`${server}/graphql`, query, token)).json()];

const bySocket =
  (server: string): Ask =>
  async (query, token, most = 1) => {
    const url = `${server.replace('http', 'ws')}/graphql`;
    const client = createClient({
      url,
      webSocketImpl: WebSocket,
      connectionParams: bearer(token),
      retryAttempts: 0,
    });
    const answers: Body[] = [];
    try {
      for await (const answer of client.iterate({ query })) {
        answers.push(answer);
        if (answers.length === most) break;
      }
    } catch (errors) {
      answers.push({ errors });
    }
    await client.dispose();
    return answers;
  };

const byStream =
  (server: string): Ask =>
  async (query, token, most = 1) => {
    const response = await post(`${server}/graphql/stream`, query, token);
    const answers: Body[] = [];
    let text = '';
    for await (const bytes of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += bytes;
      const found = [...text.matchAll(/event: next\ndata: (.*)\n\n/g)];
      answers.splice(0, answers.length, ...found.map(([, line = '']) => JSON.parse(line)));
      if (answers.length >= most) break;
    }
    return answers;
  };

const codeIn = ([answer]: readonly Body[]): string | null =>
  answer?.errors?.[0]?.extensions.code ?? null;

type Served = DatabaseFixture & {
  readonly callers: Authenticator;
  readonly ways: Readonly<Record<'http' | 'socket' | 'stream', Ask>>;
  readonly tokenOf: (role: string) => Promise<string>;
};

const LIMITS = { maxBodyBytes: 1_000_000, requestTimeoutMs: 30_000, drainTimeoutMs: 200 };

const withServed = (
  use: (served: Served) => Promise<void>,
  config: Partial<AppConfig> = {},
  documents: ReadonlySet<string> | null = null,
): Promise<void> =>
  withDatabase(
    async fixture => {
      const databases = databasesOn(fixture.source, { onEnd: () => () => {} });
      const { tokens } = databases;
      const callers = authenticator({ tokens, anonymous: true, own: null, now: Date.now });
      const doors = { tls: null, trusted: [], introspection: true, issuers: [], documents };
      const place = { databases, callers, doors };
      const app = await createApp(place, { ...LIMITS, ...config }, silentLog);
      const server = await app.listen(0, '127.0.0.1');
      const ways = { http: byHttp(server), socket: bySocket(server), stream: byStream(server) };
      let admin: string | null = null;
      const tokenOf = async (role: string): Promise<string> => {
        const query = `mutation { createToken(input: { name: "${role}", roles: [${role}], clusters: ["lab"] }) { secret } }`;
        const [{ data }] = (await ways.http(query, admin)) as [Body];
        admin ??= data.createToken.secret;
        return data.createToken.secret;
      };
      await use({ ...fixture, callers, ways, tokenOf }).finally(() => app.close());
    },
    { tables },
  );

/** A valid operation for each root field of the schema. */
async function operations(type: 'Query' | 'Mutation' | 'Subscription') {
  const fields = (await createSchema()).getRootType(type.toLowerCase() as never)?.getFields();
  return Object.values(fields ?? {}).map(field => operationText(type, field, VALUES));
}

type Ways = Served['ways'];

async function assertAlike({ http, socket, stream }: Ways, text: string, token: string | null) {
  const code = codeIn(await http(text, token));
  assert.equal(codeIn(await socket(text, token)), code, text);
  const isRefused = text.startsWith('mutation') && code !== 'UNAUTHENTICATED';
  const expected = isRefused ? 'BAD_USER_INPUT' : code;
  assert.equal(codeIn(await stream(text, token)), expected, text);
}

async function assertRefused({ socket, stream }: Ways, text: string, sensor: string) {
  for (const ask of [socket, stream]) {
    assert.equal(codeIn(await ask(text, null)), 'UNAUTHENTICATED', text);
    assert.equal(codeIn(await ask(text, sensor)), 'FORBIDDEN', text);
  }
}

test('what is asked over WebSocket or as a stream is refused as it is over HTTP', () =>
  withServed(async ({ ways, tokenOf }) => {
    await tokenOf('ADMIN');
    const sensor = await tokenOf('SENSOR');
    for (const text of [...(await operations('Query')), ...(await operations('Mutation'))])
      for (const token of [null, sensor]) await assertAlike(ways, text, token);
    for (const text of await operations('Subscription')) await assertRefused(ways, text, sensor);
  }));

const DEAR = `{ ${Array.from({ length: 51 }, (_, nth) => `a${nth}: __typename`).join(' ')} }`;
const LISTED = '{ viewer { name } }';
const WAITING = '{ flows(first: 1) { nodes { port } } }';

test('cost, trusted documents, limits of a minute and deadlines hold over each way', async () => {
  const documents = new Set([LISTED, DEAR, WAITING].map(text => hash('sha256', text, 'hex')));
  await withServed(
    async ({ ways, url }) => {
      for (const [way, ask] of Object.entries(ways)) {
        assert.equal(codeIn(await ask(LISTED, null)), null, way);
        assert.equal(codeIn(await ask('{ __typename }', null)), 'FORBIDDEN', way);
        assert.equal(codeIn(await ask(DEAR, null)), 'COST_EXCEEDED', way);
      }
      const client = new pg.Client(url);
      await client.connect();
      await client.query('begin; lock table flow in access exclusive mode');
      for (const [way, ask] of Object.entries(ways)) {
        const started = Date.now();
        const [answer] = await ask(WAITING, null);
        assert.deepEqual(answer.errors[0].extensions.reason, 'DEADLINE', way);
        assert.ok(Date.now() - started < 5_000, way);
      }
      await client.end();
    },
    { requestTimeoutMs: 400 },
    documents,
  );
  await withServed(
    async ({ ways, tokenOf }) => {
      const token = await tokenOf('ADMIN');
      const asked = { http: 0, socket: 0, stream: 0 };
      for (const [way, ask] of Object.entries(ways) as ['http' | 'socket' | 'stream', Ask][]) {
        while (codeIn(await ask(LISTED, token)) === null) asked[way] += 1;
        assert.equal(codeIn(await ask(LISTED, token)), 'RATE_LIMITED', way);
      }
      assert.deepEqual(asked, { http: 10, socket: 0, stream: 0 }, 'one count for all ways');
    },
    { requestsPerMinute: 10, costPerMinute: 0 },
  );
});

const QUIET = 'subscription { alertChanged { id } }';

test('a token that is revoked or expires ends its subscriptions, also those that nothing happens to', () =>
  withServed(async ({ ways, tokenOf, execute, callers }) => {
    await tokenOf('ADMIN');
    for (const sql of [
      'update access_token set revoked_at = now()',
      `update access_token set expires_at = now() - interval '1 second'`,
    ]) {
      await execute('update access_token set revoked_at = null');
      const token = await tokenOf('ADMIN');
      const listening = [ways.socket, ways.stream].map(ask => ask(QUIET, token));
      let told = 0;
      for (const one of listening) void one.then(() => (told += 1));
      await new Promise(done => setTimeout(done, 300));
      assert.equal(told, 0);
      await execute(`${sql} where hash = $1`, [hash('sha256', token, 'hex')]);
      // As every server does when it hears that tokens are others.
      callers.forget();
      await until(async () => told === 2, 'both are told');
      for (const one of listening) assert.equal(codeIn(await one), 'UNAUTHENTICATED', sql);
    }
  }));
