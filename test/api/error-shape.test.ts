import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedServer } from '../support/shared-server.js';

const server = sharedServer();

const CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'COST_EXCEEDED',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'INTERNAL',
];

type Told = {
  readonly errors: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly requestId: string };
  }[];
  readonly extensions: { readonly cost: { readonly requested: number; readonly limit: number } };
};

const json = { 'content-type': 'application/json' };
const post = (body: string, headers: Record<string, string> = json): RequestInit => ({
  method: 'POST',
  body,
  headers,
});

const FAULTS: readonly (readonly [
  what: string,
  path: string,
  request: RequestInit,
  status: number,
])[] = [
  ['malformed JSON', '/graphql', post('{'), 400],
  ['no JSON object', '/graphql', post('"text"'), 400],
  ['null', '/graphql', post('null'), 400],
  ['no query', '/graphql', post('{}'), 400],
  ['a batch', '/graphql', post('[{"query":"{ __typename }"}]'), 400],
  ['a fault of parsing', '/graphql', post('{"query":"{"}'), 400],
  ['a field that is not there', '/graphql', post('{"query":"{ nothing }"}'), 400],
  [
    'another media type',
    '/graphql',
    post('{"query":"{ __typename }"}', { 'content-type': 'text/plain' }),
    415,
  ],
  ['no media type', '/graphql', post('x', { 'content-type': '' }), 415],
  ['another method', '/graphql', { method: 'DELETE' }, 405],
  ['a PUT', '/graphql', { method: 'PUT', body: '{}', headers: json }, 405],
  [
    'a page of another origin',
    '/graphql',
    post('{"query":"{ __typename }"}', { ...json, origin: 'https://evil.example' }),
    403,
  ],
  ['a GET without a preflight', '/graphql?query=%7B__typename%7D', {}, 400],
  [
    'a mutation by GET',
    '/graphql?query=mutation%20%7B%20__typename%20%7D',
    { headers: { accept: 'application/json', 'apollo-require-preflight': 'x' } },
    405,
  ],
  ['a subscription', '/graphql', post('{"query":"subscription { alertChanged { id } }"}'), 400],
  [
    'JSON in another charset',
    '/graphql',
    post('{"query":"{ __typename }"}', { 'content-type': 'application/json; charset=utf-16' }),
    415,
  ],
  ['a path beneath', '/graphql/nothing', {}, 404],
  ['another method of the schema', '/graphql/schema', post('{}'), 405],
  [
    'a persisted query',
    '/graphql',
    post('{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ec"}}}'),
    200,
  ],
  [
    'variables that are no object',
    '/graphql',
    post('{"query":"{ __typename }","variables":"x"}'),
    400,
  ],
];

test('whatever fails on /graphql is answered in one shape, with a documented code, the id of the request and its cost', async () => {
  for (const [what, path, request, status] of FAULTS) {
    const response = await fetch(`${server().server}${path}`, request);
    const { errors, extensions } = (await response.json()) as Told;
    assert.equal(response.status, status, what);
    assert.ok(errors.length > 0, what);
    for (const { message, extensions: of } of errors) {
      assert.ok(message.length > 0, what);
      assert.ok(CODES.includes(of.code), `${what}: ${of.code}`);
      assert.equal(of.requestId, response.headers.get('x-request-id'), what);
    }
    const { requested, limit } = extensions.cost;
    assert.ok(requested >= 0 && limit > 0, what);
  }
});
