import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { apiClient } from '../../src/cli/client.js';
import { runningOperations } from '../../src/graphql/running.js';

/** A server that answers each request as the next of these does. */
async function answering<T>(
  answers: readonly ((server: Server) => readonly [status: number, headers: object] | null)[],
  use: (url: string, asked: () => number) => Promise<T>,
): Promise<T> {
  let asked = 0;
  const server = createServer(async (request, response) => {
    for await (const _ of request);
    const answer = answers[asked]?.(server) ?? null;
    asked += 1;
    if (answer === null) request.socket.destroy();
    else response.writeHead(answer[0], { ...answer[1] }).end('{"accepted":1,"problems":[]}');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await use(`http://127.0.0.1:${port}`, () => asked);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const busy = () => [503, { 'retry-after': '0' }] as const;
const limited = () => [429, { 'retry-after': '0' }] as const;
const done = () => [200, {}] as const;
const cut = () => null;

const upload = (url: string, body: string | (() => AsyncIterable<Uint8Array>), cuts = 6) =>
  apiClient(url, null).post({ path: '/ingest/flows', body, headers: {}, cuts });

async function* bytes() {
  yield Buffer.from('{}\n');
}

test('a client waits as long as it is asked to, and sends the same again', () =>
  answering([busy, limited, cut, done], async (url, asked) => {
    const waits: number[] = [];
    const client = apiClient(url, null, seconds => waits.push(seconds));
    const answer = await client.post({
      path: '/ingest/flows',
      body: bytes,
      headers: {},
      cuts: 6,
    });
    assert.deepEqual(answer, { accepted: 1, problems: [] });
    assert.equal(asked(), 4);
    assert.equal(waits.length, 3);
  }));

test('what must not be sent twice is not, and the cut is named', () =>
  answering([cut, done], async (url, asked) => {
    await assert.rejects(upload(url, 'x', 0), /connection to .* was cut/);
    assert.equal(asked(), 1);
  }));

test('operations beyond what a server can answer are refused at once', async () => {
  const running = runningOperations(2);
  const held = Promise.withResolvers<void>();
  const both = [1, 2].map(() => running.within(() => held.promise));
  await assert.rejects(
    running.within(async () => {}),
    { code: 'UNAVAILABLE' },
  );
  held.resolve();
  await Promise.all(both);
  await running.within(async () => {});
});
