import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { type Admission, refusalOf, upgradeRefusalOf } from '../../src/http/admission.js';
import { withServer } from './running.js';

const OURS: Admission = {
  hosts: ['weirgate.example.org'],
  origins: ['https://console.example.org'],
};

const JSON_TYPE = { 'content-type': 'application/json' };

/** The status of the refusal; null: it is looked at. */
const statusOf = (method: string, headers: Record<string, string>): number | null =>
  refusalOf({ method, headers: { host: '127.0.0.1:8080', ...headers } }, OURS)?.status ?? null;

test('addresses, `localhost` and names that were given are hosts, whatever the port', () => {
  const known = ['127.0.0.1:8080', 'localhost', 'localhost:1', '[::1]:8080', '10.0.0.7'];
  for (const host of [...known, 'Weirgate.example.org', 'weirgate.example.org:443'])
    assert.equal(statusOf('GET', { host }), null, host);
  for (const host of [
    'evil.example',
    'weirgate.example.org.evil.example',
    '127.0.0.1.evil.example',
  ])
    assert.equal(statusOf('GET', { host }), 421, host);
  for (const host of ['', 'a b', 'a/b', 'user@127.0.0.1', '127.0.0.1:x'])
    assert.equal(statusOf('GET', { host }), 400, host);
});

test('what any web page could send is not taken', () => {
  const types = ['text/plain', 'text/plain;charset=UTF-8', 'application/x-www-form-urlencoded'];
  for (const type of [...types, 'Multipart/form-data; boundary=x'])
    assert.equal(statusOf('POST', { 'content-type': type }), 415, type);
  assert.equal(statusOf('POST', { origin: 'http://127.0.0.1:8080' }), 415);
  assert.equal(statusOf('POST', { 'sec-fetch-site': 'cross-site' }), 415);
  assert.equal(statusOf('POST', {}), null, 'no page sends nothing of its origin');
  for (const type of ['application/json', 'application/x-ndjson', 'text/csv'])
    assert.equal(statusOf('POST', { 'content-type': type }), null, type);
  assert.equal(statusOf('POST', { 'x-weirgate-client': 'curl' }), null);
  assert.equal(statusOf('POST', { authorization: 'Bearer x' }), null);
});

test('pages of other origins may ask only where they were named', () => {
  const asks = (origin: string): number | null => statusOf('POST', { ...JSON_TYPE, origin });
  assert.equal(asks('http://127.0.0.1:8080'), null);
  assert.equal(asks('https://console.example.org'), null);
  for (const origin of [
    'https://elsewhere.example',
    'null',
    'http://127.0.0.1:9999',
    'http://localhost:8080',
  ])
    assert.equal(asks(origin), 403, origin);
  assert.equal(
    upgradeRefusalOf({ method: 'GET', headers: { host: 'evil.example' } }, OURS)?.status,
    421,
  );
});

/** `fetch` writes its own `Host`; several are several headers. */
const getAs = (url: string, host: string | readonly string[]): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = [host].flat().flatMap(name => ['host', name]);
    request(`${url}/livez`, { headers }, answer => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .once('error', reject)
      .end();
  });

test('every route looks at the host, and answers say what browsers must not do', () =>
  withServer(async ({ url, post }) => {
    assert.equal(await getAs(url, 'rebound.example'), 421);
    assert.equal(await getAs(url, 'localhost:8080'), 200);
    assert.equal(await getAs(url, ['localhost', 'rebound.example']), 400);
    const foreign = await post({ query: '{ caller }' }, { origin: 'https://elsewhere.example' });
    assert.equal(foreign.status, 403);
    assert.equal(foreign.body.errors[0].extensions.code, 'FORBIDDEN');
    const { headers } = await post({ query: '{ caller }' });
    assert.equal(headers.get('x-frame-options'), 'DENY');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
  }));

test('a page of a named origin is asked for by its browser, and answered', () =>
  withServer(
    async ({ url, post }) => {
      const origin = 'https://console.example.org';
      const preflight = await fetch(`${url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers.get('access-control-allow-origin'), origin);
      const { status, headers } = await post({ query: '{ caller }' }, { origin });
      assert.equal(status, 200);
      assert.equal(headers.get('vary'), 'origin, accept, accept-encoding');
      for (const [path, accept, varies] of [
        ['/graphql/schema', '*/*', 'origin, accept-encoding'],
        ['/graphql', 'text/html', 'origin, accept, accept-encoding'],
      ]) {
        const page = await fetch(`${url}${path}`, { headers: { accept: accept ?? '' } });
        assert.equal(page.headers.get('vary'), varies, path);
      }
      const other = await fetch(`${url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' },
      });
      assert.equal(other.status, 403);
    },
    {},
    { admission: OURS },
  ));
