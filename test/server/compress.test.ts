import assert from 'node:assert/strict';
import { get } from 'node:http';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { encodingFor } from '../../src/http/compress.js';
import { sharedServer } from '../support/shared-server.js';

const server = sharedServer();

type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
};

/** As it comes over the wire; `fetch` would unpack it. */
const raw = (path: string, headers: Record<string, string>): Promise<Answer> =>
  new Promise((resolve, reject) => {
    get(`${server().server}${path}`, { headers }, response => {
      const parts: Buffer[] = [];
      response.on('data', part => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts),
        }),
      );
    }).on('error', reject);
  });

test('a client is answered in the coding that it takes best', () => {
  const cases: readonly (readonly [string | undefined, 'br' | 'gzip' | null])[] = [
    [undefined, null],
    ['', null],
    ['identity', null],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0, gzip;q=0', null],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
  ];
  for (const [accepted, expected] of cases)
    assert.equal(
      encodingFor(accepted === undefined ? {} : { 'accept-encoding': accepted }),
      expected,
      accepted,
    );
});

test('long answers are packed and short ones are not; the schema is fetched again only when it changed', async () => {
  const ask = (query: string, coding: string) =>
    raw(`/graphql?query=${encodeURIComponent(query)}`, {
      'accept-encoding': coding,
      accept: 'application/json',
      'apollo-require-preflight': 'x',
    });
  const long = '{ __schema { types { name fields { name description } } } }';
  const gz = await ask(long, 'gzip');
  assert.equal(gz.headers['content-encoding'], 'gzip');
  assert.match(String(gz.headers['vary']), /accept-encoding/);
  const br = await ask(long, 'gzip, br');
  assert.equal(br.headers['content-encoding'], 'br');
  const types = (body: Buffer) => JSON.parse(body.toString()).data.__schema.types.length;
  assert.equal(types(gunzipSync(gz.body)), types(brotliDecompressSync(br.body)));
  const short = await ask('{ __typename }', 'gzip, br');
  assert.equal(short.headers['content-encoding'], undefined);

  const whole = await raw('/graphql/schema', { 'accept-encoding': 'gzip' });
  assert.match(gunzipSync(whole.body).toString(), /^type Query/m);
  const etag = String(whole.headers['etag']);
  const again = await raw('/graphql/schema', { 'if-none-match': `W/${etag}` });
  assert.deepEqual([again.status, again.body.length], [304, 0]);
  assert.equal((await raw('/graphql/schema', { 'if-none-match': '"other"' })).status, 200);
});
