import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { until } from '../support/lab.js';
import { withServer } from './running.js';
import { ended } from './tiny-schema.js';

const clientOf = (url: string, connectionParams: Record<string, unknown> = {}): Client =>
  createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
  });

/** All answers of one operation; a refusal is the last of them. */
async function answersOf(client: Client, query: string): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  try {
    for await (const answer of client.iterate({ query })) answers.push(answer);
  } catch (error) {
    answers.push(error);
  }
  return JSON.parse(JSON.stringify(answers));
}

type Refusal = readonly {
  readonly message: string;
  readonly extensions: { readonly code: string };
}[];

test('a subscription answers with its cost, and a query does too', () =>
  withServer(async ({ url }) => {
    const client = clientOf(url, { authorization: 'Bearer good' });
    const extensions = { cost: { requested: 1, limit: 50_000 } };
    assert.deepEqual(await answersOf(client, 'subscription { ticks(count: 3) }'), [
      { data: { ticks: 1 }, extensions },
      { data: { ticks: 2 }, extensions },
      { data: { ticks: 3 }, extensions },
    ]);
    assert.deepEqual(await answersOf(client, '{ caller }'), [
      { data: { caller: 'Bearer good' }, extensions },
    ]);
    await client.dispose();
  }));

test('over WebSocket the same limits, validation and authentication hold', () =>
  withServer(async ({ url }) => {
    const client = clientOf(url);
    const aliases = Array.from({ length: 51 }, (_, n) => `a${n}: caller`).join(' ');
    const cases = [
      [`{ ${aliases} }`, 'COST_EXCEEDED', /51 aliases/],
      [`{ ${'caller '.repeat(5_000)} }`, 'COST_EXCEEDED', /5000 tokens/],
      ['{ nothing }', 'BAD_USER_INPUT', /"nothing"/],
      ['{ caller', 'BAD_USER_INPUT', /Syntax Error/],
    ] as const;
    for (const [query, code, message] of cases) {
      const [refusal] = (await answersOf(client, query)) as readonly Refusal[];
      assert.equal(refusal?.[0]?.extensions.code, code);
      assert.match(refusal[0].message, message);
    }
    await client.dispose();
    const stranger = clientOf(url, { authorization: 'Bearer wrong' });
    const [refusal] = (await answersOf(stranger, '{ caller }')) as readonly Refusal[];
    assert.equal(refusal?.[0]?.extensions.code, 'UNAUTHENTICATED');
    await stranger.dispose();
  }));

test('a bug in a subscription is masked and logged', () =>
  withServer(async ({ url, lines }) => {
    const client = clientOf(url);
    const answers = await answersOf(client, 'subscription { ticks(count: 13) }');
    const last = answers.at(-1) as { errors: Refusal };
    assert.equal(answers.length, 13);
    assert.equal(last.errors[0]?.extensions.code, 'INTERNAL');
    assert.equal(JSON.stringify(answers).includes('secret'), false);
    assert.equal(lines.length, 1);
    await client.dispose();
  }));

test('a page of another origin cannot open a socket', () =>
  withServer(async ({ url }) => {
    const statusOf = (path: string, origin: string) =>
      new Promise((resolve, reject) => {
        const target = `${url.replace('http', 'ws')}${path}`;
        const socket = new WebSocket(target, 'graphql-transport-ws', { origin });
        socket.once('unexpected-response', (_, answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        socket.once('open', () => {
          socket.close();
          resolve('open');
        });
        socket.once('error', reject);
      });
    assert.equal(await statusOf('/graphql', 'https://elsewhere.example'), 403);
    assert.equal(await statusOf('/graphql', url), 'open');
    assert.equal(await statusOf('/elsewhere', url), 404);
  }));

test('the source of a subscription hears that its client has left', () =>
  withServer(async ({ url }) => {
    const before = ended.count;
    const client = clientOf(url);
    const answers = client.iterate({ query: 'subscription { ticks(count: 0) }' });
    await answers.next();
    await answers.return?.();
    for (let wait = 0; wait < 100 && ended.count === before; wait += 1)
      await new Promise(resolve => setTimeout(resolve, 10));
    assert.equal(ended.count, before + 1);
    await client.dispose();
  }));

test('closing the server ends its subscriptions', () =>
  withServer(async ({ url, server }) => {
    const client = clientOf(url);
    const answers = client.iterate({ query: 'subscription { ticks(count: 0) }' });
    assert.deepEqual((await answers.next()).value.data, { ticks: 1 });
    const ended = assert.rejects(answers.next(), { code: 1001 });
    await server.close();
    await ended;
  }));

/** A client that asks so often for a megabyte, and never reads. */
function deafClient(url: string, count: number): WebSocket {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.once('open', () => socket.send('{"type":"connection_init"}'));
  socket.once('message', () => {
    const { _socket: stream } = socket as unknown as { readonly _socket: NodeJS.ReadableStream };
    stream.pause();
    const payload = { query: '{ long(length: 1000000) }' };
    for (let nth = 0; nth < count; nth += 1)
      socket.send(JSON.stringify({ id: `${nth}`, type: 'subscribe', payload }));
  });
  return socket.on('error', () => {});
}

const connectionsOf = async (url: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^weirgate_websocket_connections (\d+)$/m.exec(text)?.[1]);
};

test('ten clients that never read are let go, hold little memory, and keep nobody waiting', () =>
  withServer(async ({ url, post }) => {
    const before = process.memoryUsage().rss;
    // They ask for 250 MB.
    const deaf = Array.from({ length: 10 }, () => deafClient(url, 25));
    await Promise.all(deaf.map(one => new Promise(opened => one.once('open', opened))));
    await until(async () => (await connectionsOf(url)) <= 4, 'most of them are let go');
    assert.equal((await post({ query: '{ caller }' })).status, 200);
    const grown = Math.round((process.memoryUsage().rss - before) / 1e6);
    assert.ok(grown < 300, `${grown} MB`);
    for (const one of deaf) one.terminate();
  }));

test('who is not known is not kept', () =>
  withServer(
    async ({ url }) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      const closed = new Promise(resolve => socket.once('close', resolve));
      const payload = { authorization: 'Bearer wrong' };
      socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
      assert.equal(await closed, 4403);
    },
    { deadline: 200 },
  ));
