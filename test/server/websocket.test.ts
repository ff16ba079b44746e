import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
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
