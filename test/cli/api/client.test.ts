import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { generate } from 'selfsigned';
import { apiClient } from '../../../src/cli/client.js';
import { LockBaselinesDocument } from '../../../src/generated/cli.js';
import { run } from '../run.js';

type Answer = { readonly status: number; readonly body: string };

/** Something else that listens: another program, a proxy, a server of another version. */
const listening = async (
  t: TestContext,
  answer: Answer,
): Promise<{ readonly url: string; readonly seen: readonly IncomingMessage[] }> => {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.writeHead(answer.status, { 'content-type': 'text/plain' }).end(answer.body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
};

const errors = (message: string, code: string) =>
  JSON.stringify({ errors: [{ message, extensions: { code, requestId: 'r-1' } }] });

const ANSWERS: readonly (Answer & { readonly name: string; readonly says: RegExp })[] = [
  {
    name: 'a page of another program',
    status: 404,
    body: '<html>',
    says: /answered 404 Not Found/,
  },
  {
    name: 'text that is no JSON',
    status: 200,
    body: 'hello',
    says: /answered 200 OK, and no JSON\nhint: check --server/,
  },
  { name: 'an answer without data', status: 200, body: '{}', says: /answered without data/ },
  {
    name: 'a masked fault',
    status: 500,
    body: errors('internal server error', 'INTERNAL'),
    says: /internal server error \(request r-1\)/,
  },
  {
    name: 'a request without a token',
    status: 401,
    body: errors('a token is needed', 'UNAUTHENTICATED'),
    says: /a token is needed\nhint: give a token by --token/,
  },
  {
    name: 'the page of a proxy in front of a server that is down',
    status: 502,
    body: '<html>',
    says: /answered 502 Bad Gateway, and no JSON\nhint: a proxy answered/,
  },
  {
    name: 'a database that does not answer',
    status: 503,
    body: JSON.stringify({
      errors: [{ message: 'down', extensions: { code: 'UNAVAILABLE', reason: 'DATABASE' } }],
    }),
    says: /down\nhint: the database of the server does not answer/,
  },
  {
    name: 'a refused route',
    status: 429,
    body: '{"error":{"code":"RATE_LIMITED","message":"4 uploads are being taken in already"}}',
    says: /4 uploads are being taken in already\nhint: try again later/,
  },
];

for (const { name, says, ...answer } of ANSWERS) {
  test(`${name} is a failure with exit code 2`, async t => {
    const { url } = await listening(t, answer);
    const { exit, out, err } = await run(['--server', url, 'cluster', 'list']);
    assert.equal(exit, 2);
    assert.equal(out, '');
    assert.match(err, says);
  });
}

test('where nothing listens, the error says how to start a server', async () => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise(resolve => server.close(resolve));
  const { exit, err } = await run(['--server', url, 'cluster', 'list']);
  assert.equal(exit, 2);
  assert.ok(err.startsWith(`error: no server answers at ${url}\nhint: start one by`), err);
});

test('a server that is no address is refused before anything is sent', async () => {
  const { exit, err } = await run(['cluster', 'list', '--server', 'localhost:8080']);
  assert.equal(exit, 2);
  assert.match(err, /`localhost:8080` is not an http address/);
});

test('the token is shown as a bearer, and the path of the server is kept', async t => {
  const { url, seen } = await listening(t, { status: 200, body: '{}' });
  await run(['cluster', 'list', '--server', `${url}/weirgate/`, '--token', 'secret']);
  assert.equal(seen[0]?.headers.authorization, 'Bearer secret');
  assert.equal(seen[0]?.url, '/weirgate/graphql');
});

test('a mutation whose connection breaks is sent once more, with the same key', async t => {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push((await request.toArray()).join(''));
    if (bodies.length === 1) request.socket.destroy();
    else response.end('{"data":{"lockBaselines":{"changed":0,"baselines":[],"problems":[]}}}');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const client = apiClient(`http://127.0.0.1:${port}`, null);
  await client.ask(LockBaselinesDocument, { input: { cluster: 'demo' } });
  assert.equal(bodies.length, 2);
  assert.equal(bodies[0], bodies[1]);
  assert.match(bodies[0] ?? '', /"key":"[0-9a-f-]{36}"/);
});

test('TLS where the other side has none, or none where it has, is told with the address to write', async t => {
  const plain = await listening(t, { status: 200, body: '{}' });
  const https = plain.url.replace('http:', 'https:');
  const mistaken = await run(['--server', https, 'cluster', 'list']);
  assert.equal(mistaken.exit, 2);
  assert.match(mistaken.err, /answers, but not by TLS\nhint: write --server http:\/\//);

  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
  const server = createTlsServer({ key, cert }, (_, response) => response.end('{}'));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const own = await run(['--server', `https://127.0.0.1:${port}`, 'cluster', 'list']);
  assert.match(own.err, /is not trusted: .*\nhint: .*NODE_EXTRA_CA_CERTS/);
  const bare = await run(['--server', `http://127.0.0.1:${port}`, 'cluster', 'list']);
  assert.equal(bare.exit, 2);
  assert.match(bare.err, new RegExp(`write --server https://127.0.0.1:${port}`));
});

/** A proxy that answers everything itself, whether it is asked for the whole or for a tunnel. */
const proxied = async (t: TestContext, body: string) => {
  const asked: string[] = [];
  const origin = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  const proxy = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  }).on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    origin.emit('connection', socket);
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => void proxy.close());
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
};

test('a proxy of the environment is asked for other machines, unless NO_PROXY names them', async t => {
  const page = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
  const { url, asked } = await proxied(t, JSON.stringify({ data: { clusters: page } }));
  const list = (server: string, env: Readonly<Record<string, string>>) =>
    run(['--server', server, 'cluster', 'list', '-o', 'json'], '', env);
  const through = await list('http://weirgate.example', { HTTP_PROXY: url });
  assert.equal(through.exit, 0, through.err);
  assert.match(asked[0] ?? '', /weirgate\.example/);
  assert.equal((await list('http://127.0.0.1:9', { HTTP_PROXY: url })).exit, 2);
  const excepted = { http_proxy: url, no_proxy: 'example.org,.invalid' };
  assert.match((await list('http://a.invalid', excepted)).err, /no host is named `a\.invalid`/);
  assert.equal(asked.length, 1);
  const away = await list('http://weirgate.example', { HTTP_PROXY: 'http://127.0.0.1:9' });
  assert.match(away.err, /asked through the proxy http:\/\/127\.0\.0\.1:9/);
});
