import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { admitting, networkOf, rateLimiter } from '../../src/access/rate-limits.js';
import { silentLog } from '../../src/database/log.js';
import { createServer, type ServerOptions } from '../../src/graphql/server.js';
import { trustedProxies } from '../../src/http/client-address.js';
import { openTls } from '../../src/http/tls.js';
import { ApiError, ErrorCode } from '../../src/query/api-error.js';
import { tinySchema } from './tiny-schema.js';

type Context = { readonly name: string };

const CALLER = { ...LOCAL_CALLER, name: 'ci' };

async function serving(
  options: Partial<ServerOptions<Context>>,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const app = await createServer<Context>({
    schema: await tinySchema(),
    contextOf: () => ({ name: 'ci' }),
    ready: async () => true,
    log: silentLog,
    limits: { drain: 100 },
    ...options,
  });
  const url = await app.listen(0, '127.0.0.1');
  await use(url).finally(app.close);
}

// biome-ignore lint/suspicious/noExplicitAny: the answer has the shape of the question
type Body = any;

const ask = async (url: string, query: string) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Body,
  };
};

test('a caller who asks too much in a minute is told when to come again, in whole seconds', async () => {
  const limits = rateLimiter({ requests: 3, cost: 1_000 });
  const charge = (_: Context, cost: number) => limits.charge(CALLER, cost);
  await serving({ charge }, async url => {
    for (let count = 0; count < 3; count += 1)
      assert.equal((await ask(url, '{ __typename }')).status, 200);
    const { status, headers, body } = await ask(url, '{ __typename }');
    assert.equal(status, 429);
    assert.match(headers.get('retry-after') ?? '', /^[1-9]\d?$/);
    assert.equal(body.errors[0].extensions.code, 'RATE_LIMITED');
    assert.equal(typeof body.extensions.cost.limit, 'number');
  });
  const byCost = rateLimiter({ requests: 0, cost: 100 });
  await byCost.charge(CALLER, 60);
  await assert.rejects(byCost.charge(CALLER, 60), /costs more than 100/);
  await byCost.charge({ ...CALLER, name: 'other' }, 60);
  await byCost.charge(LOCAL_CALLER, 1_000_000);
});

test('an address that guesses is not heard for a while, and its neighbours in IPv6 are the same', async () => {
  const shown = { authorization: 'Bearer x', headers: {}, requestId: 'r' };
  const refusing = {
    callerOf: () => Promise.reject(new ApiError(ErrorCode.UNAUTHENTICATED, 'no')),
    forget: () => {},
    onChange: () => () => {},
  };
  const { callerOf } = admitting(refusing, rateLimiter({ requests: 0, cost: 0 }));
  const from = (remoteAddress: string) => callerOf({ ...shown, remoteAddress });
  for (let count = 0; count < 60; count += 1)
    await assert.rejects(from('2001:db8::1'), /^ApiError: no$|no/);
  await assert.rejects(from('2001:db8::2'), { code: 'RATE_LIMITED' });
  await assert.rejects(from('192.0.2.1'), { code: 'UNAUTHENTICATED' });
  assert.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1');
});

test('introspection can be switched off, and documents can be listed', async () => {
  await serving({ introspection: false }, async url => {
    assert.equal((await ask(url, '{ __schema { queryType { name } } }')).status, 400);
    assert.equal((await ask(url, '{ __typename }')).status, 200);
  });
  const documents = new Set([hash('sha256', '{ __typename }', 'hex')]);
  await serving({ documents }, async url => {
    assert.equal((await ask(url, '{ __typename }')).status, 200);
    const { status, body } = await ask(url, '{ a: __typename }');
    assert.deepEqual([status, body.errors[0].extensions.code], [403, 'FORBIDDEN']);
  });
});

test('the address of a client is what a trusted proxy says, and nothing that the client wrote', async () => {
  const seen: (string | null)[] = [];
  const contextOf = ({ remoteAddress }: { readonly remoteAddress: string | null }) => {
    seen.push(remoteAddress);
    return { name: 'ci' };
  };
  const from = async (trusted: readonly string[], forwarded: string) =>
    serving({ contextOf, trusted: trustedProxies(trusted) }, async url => {
      await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': forwarded },
        body: '{"query":"{ __typename }"}',
      });
    });
  await from([], '192.0.2.9');
  await from(['127.0.0.0/8'], '198.51.100.1, 192.0.2.9');
  await from(['127.0.0.1', '192.0.2.0/24'], '198.51.100.1, 192.0.2.9');
  await from(['127.0.0.1'], 'nobody');
  assert.deepEqual(seen, ['127.0.0.1', '192.0.2.9', '198.51.100.1', '127.0.0.1']);
  assert.throws(() => trustedProxies(['nowhere']));
});

/** A certificate of its own for the name, as PEM files. */
async function certificate(folder: string, name: string) {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  await Promise.all([writeFile(cert, `${made.cert}\n`), writeFile(key, made.private)]);
  return { cert, key };
}

/** The name in the certificate that a server shows. */
const shownBy = (url: string, ca: Buffer) =>
  new Promise<string | undefined>((resolve, reject) => {
    const asked = request(`${url}/livez`, { ca, agent: false }, response => {
      const { subject } = (response.socket as TLSSocket).getPeerCertificate();
      response.resume().once('end', () => resolve(String(subject.CN)));
    });
    asked.once('error', reject).end();
  });

test('TLS by files: a renewed certificate is taken while the server runs, and a broken one is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weirgate-tls-'));
  try {
    const [old, fresh] = [await certificate(folder, 'old'), await certificate(folder, 'fresh')];
    const files = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key'), clientCa: null };
    const put = async ({ cert, key }: typeof old) => {
      await copyFile(cert, files.cert);
      await copyFile(key, files.key);
    };
    await put(old);
    const tls = await openTls(files, silentLog, 20);
    const ca = Buffer.concat([await readFile(old.cert), await readFile(fresh.cert)]);
    await serving({ tls }, async url => {
      assert.match(url, /^https:/);
      assert.equal(await shownBy(url, ca), 'old');
      await put({ cert: fresh.cert, key: old.key });
      await new Promise(done => setTimeout(done, 100));
      assert.equal(await shownBy(url, ca), 'old', 'a key of another certificate');
      await put(fresh);
      const end = Date.now() + 5_000;
      while ((await shownBy(url, ca)) !== 'fresh') assert.ok(Date.now() < end);
    });
    await assert.rejects(openTls({ ...files, cert: join(folder, 'none') }, silentLog));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
