import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { withServer } from './running.js';

/** What a page loads, and what its scripts load as workers. */
const pathsIn = (text: string): readonly string[] =>
  [...text.matchAll(/"(\/graphiql\/[^"]*)"/g)].map(([, path = '']) => path);

test('GraphiQL opens in a browser with nothing from elsewhere', () =>
  withServer(async ({ url }) => {
    const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html,*/*' } });
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.equal(page.headers.get('cache-control'), 'no-cache');
    const html = await page.text();
    assert.doesNotMatch(html, /https?:|<script>|<style>/);
    const loaded = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path = '']) => path);
    assert.deepEqual(loaded, pathsIn(html));
    assert.deepEqual(loaded.map(path => path.slice(path.lastIndexOf('.'))).sort(), [
      '.css',
      '.js',
      '.svg',
    ]);
  }));

test('a browser that obeys the policy of the page loads from this server only', () =>
  withServer(async ({ url }) => {
    const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
    const policy = page.headers.get('content-security-policy') ?? '';
    const sources = new Map(
      policy.split('; ').map(directive => {
        const [name = '', ...allowed] = directive.split(' ');
        return [name, allowed] as const;
      }),
    );
    assert.deepEqual(sources.get('default-src'), ["'none'"]);
    for (const name of ['script-src', 'connect-src', 'worker-src'])
      assert.deepEqual(sources.get(name), ["'self'"], name);
    const known = ["'none'", "'self'", "'unsafe-inline'", 'data:'];
    for (const source of [...sources.values()].flat()) assert.ok(known.includes(source), source);
  }));

test("GraphiQL's scripts and styles have their types, and browsers keep them for ever", () =>
  withServer(async ({ url }) => {
    const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
    const direct = pathsIn(await page.text());
    const script = direct.find(path => path.endsWith('.js')) ?? '';
    const workers = pathsIn(await (await fetch(`${url}${script}`)).text());
    assert.equal(workers.length, 3);
    for (const path of [...direct, ...workers]) {
      const file = await fetch(`${url}${path}`);
      assert.equal(file.status, 200, path);
      const type = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };
      const ending = path.slice(path.lastIndexOf('.') + 1) as keyof typeof type;
      assert.ok(file.headers.get('content-type')?.startsWith(type[ending]), path);
      assert.equal(file.headers.get('cache-control'), 'public, max-age=31536000, immutable');
      assert.equal(file.headers.get('content-encoding'), 'gzip');
      await file.arrayBuffer();
    }
  }));

test('a client that takes no gzip gets the same bytes plain', () =>
  withServer(async ({ url }) => {
    const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
    const [path = ''] = pathsIn(await page.text());
    const packed = await fetch(`${url}${path}`);
    for (const coding of ['identity', 'gzip;q=0', 'br, gzip; q=0.0']) {
      const plain = await fetch(`${url}${path}`, { headers: { 'accept-encoding': coding } });
      assert.equal(plain.headers.get('content-encoding'), null, coding);
      assert.equal(plain.headers.get('vary'), 'accept-encoding');
      await plain.arrayBuffer();
    }
    const plain = await fetch(`${url}${path}`, { headers: { 'accept-encoding': 'identity' } });
    assert.equal(await plain.text(), await packed.text());
  }));

test('under /graphiql/ is nothing but what the page loads', () =>
  withServer(async ({ url }) => {
    for (const path of ['no.js', 'index.html', '..%2fpackage.json', '%2e%2e/x.js', ''])
      assert.equal((await fetch(`${url}/graphiql/${path}`)).status, 404, path);
  }));

test('a query may come by GET, a mutation may not, and CSRF is prevented', () =>
  withServer(async ({ url, post }) => {
    const ask = (query: string, headers: Record<string, string>) =>
      fetch(`${url}/graphql?query=${encodeURIComponent(query)}`, { headers });
    const preflighted = { 'apollo-require-preflight': 'yes', accept: 'application/json' };
    const query = await ask('{ caller }', preflighted);
    assert.equal(query.status, 200);
    assert.equal((await ask('mutation { change }', preflighted)).status, 405);
    const simple = await ask('{ caller }', { accept: 'application/json' });
    assert.equal(simple.status, 400);
    assert.match(await simple.text(), /Cross-Site Request Forgery/);
    const form = await post('query=1', { 'content-type': 'application/x-www-form-urlencoded' });
    assert.equal(form.status, 415);
  }));

test('answers carry no CORS headers and do not name what serves them', () =>
  withServer(async ({ url, post }) => {
    const { headers } = await post({ query: '{ caller }' });
    assert.equal(headers.get('access-control-allow-origin'), null);
    assert.equal(headers.get('x-powered-by'), null);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    const preflight = await fetch(`${url}/graphql`, { method: 'OPTIONS' });
    assert.equal(preflight.status, 405);
    assert.equal(preflight.headers.get('allow'), 'POST, GET');
  }));

test('a body over the limit is refused with its reason, packed or not', () =>
  withServer(
    async ({ url, post }) => {
      const long = JSON.stringify({ query: `{ caller } # ${'x'.repeat(2_000)}` });
      const plain = await post(long);
      assert.equal(plain.status, 413);
      const [tooLarge] = plain.body.errors;
      assert.equal(tooLarge.extensions.code, 'BAD_USER_INPUT');
      assert.match(tooLarge.message, /larger than 1000 bytes/);
      const packed = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        body: gzipSync(long),
      });
      assert.equal(packed.status, 413);
      const notJson = await post('{');
      assert.equal(notJson.status, 400);
      assert.equal(notJson.body.errors[0].extensions.code, 'BAD_USER_INPUT');
    },
    { body: 1_000 },
  ));

test('a route reads a packed body as it comes, and says what is wrong with it', () =>
  withServer(async ({ url }) => {
    const count = (body: Uint8Array<ArrayBuffer>, encoding: string) =>
      fetch(`${url}/count`, {
        method: 'POST',
        headers: { 'content-encoding': encoding },
        body,
      });
    const plain = Buffer.from('a'.repeat(300_000));
    const packed = gzipSync(plain);
    assert.deepEqual(await (await count(plain, 'identity')).json(), { size: 300_000 });
    assert.deepEqual(await (await count(packed, 'gzip')).json(), { size: 300_000 });
    assert.equal((await count(gzipSync(Buffer.alloc(1_000_001)), 'gzip')).status, 413);
    assert.equal((await count(packed.subarray(0, 100), 'gzip')).status, 400);
    assert.equal((await count(plain, 'gzip')).status, 400);
    assert.equal((await count(plain, 'br')).status, 415);
  }));

test('a route that breaks answers a masked error, and unknown paths and methods say so', () =>
  withServer(async ({ url, lines }) => {
    const broken = await fetch(`${url}/breaks`, { headers: { 'x-request-id': 'call-8' } });
    assert.equal(broken.status, 500);
    assert.deepEqual(await broken.json(), {
      error: { code: 'INTERNAL', message: 'internal server error', requestId: 'call-8' },
    });
    assert.equal(lines.length, 1);
    assert.equal((await fetch(`${url}/nowhere`)).status, 404);
    assert.equal((await fetch(`${url}/count`)).status, 405);
    assert.equal((await fetch(`${url}//`)).status, 404);
  }));

test('health and metrics answer', () =>
  withServer(
    async ({ url, post }) => {
      await post({ query: '{ fail(kind: "ours") }' });
      assert.equal((await fetch(`${url}/livez`)).status, 200);
      const ready = await fetch(`${url}/readyz`);
      assert.equal(ready.status, 503);
      assert.deepEqual(await ready.json(), { status: 'not ready', reason: 'no database' });
      const metrics = await (await fetch(`${url}/metrics`)).text();
      assert.match(
        metrics,
        /_duration_seconds_count\{method="POST",route="\/graphql",status="200"\} 1/,
      );
      assert.match(metrics, /weirgate_graphql_errors_total\{code="NOT_FOUND"\} 1/);
      assert.match(metrics, /process_cpu_seconds_total/);
    },
    {},
    { ready: async () => 'no database' },
  ));

test('closing lets running requests end, and asks all others to come again', () =>
  withServer(async ({ url, server, post }) => {
    const slow = post({ query: '{ slow(ms: 300) }' });
    await new Promise(resolve => setTimeout(resolve, 100));
    const closed = server.close();
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    const health = await fetch(`${url}/readyz`);
    assert.equal(health.status, 503);
    assert.match(await health.text(), /shutting down/);
    const late = await post({ query: '{ slow(ms: 1) }' });
    assert.deepEqual(
      [late.status, late.headers.get('retry-after'), late.headers.get('connection')],
      [503, '2', 'close'],
    );
    assert.equal(late.body.errors[0].extensions.reason, 'DRAINING');
    assert.deepEqual((await slow).body.data, { slow: 'done' });
    await closed;
    await assert.rejects(fetch(`${url}/livez`));
  }));

test('closing does not wait longer than its bound', () =>
  withServer(
    async ({ server, post }) => {
      const slow = post({ query: '{ slow(ms: 3000) }' });
      const refused = assert.rejects(slow);
      await new Promise(resolve => setTimeout(resolve, 100));
      const started = Date.now();
      await server.close();
      assert.ok(Date.now() - started < 2_000);
      await refused;
    },
    { drain: 100 },
  ));

test('a request target that is no path is refused', () =>
  withServer(async ({ url }) => {
    const { hostname, port } = new URL(url);
    const status = await new Promise((resolve, reject) => {
      const asked = request({ hostname, port, path: 'http://other/' }, answer => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on('error', reject).end();
    });
    assert.equal(status, 400);
  }));
