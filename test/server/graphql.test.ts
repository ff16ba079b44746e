import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getIntrospectionQuery } from 'graphql';
import { withServer } from './running.js';
import { THING_ID } from './tiny-schema.js';

test('scalars come back as they went in, moments to the microsecond', () =>
  withServer(async ({ post }) => {
    const query = `query ($json: Json, $moment: DateTime, $whole: BigInt, $port: Port,
        $bound: TimeBound, $cidr: Cidr, $ip: IpAddress, $yaml: Yaml) {
      values: echo(json: $json, moment: $moment, whole: $whole, port: $port) { json moment whole port }
      texts: echoText(bound: $bound, cidr: $cidr, ip: $ip, yaml: $yaml) { bound cidr ip yaml }
      literals: echo(json: { a: [1, $port] }, moment: "2026-11-22T12:00:00.000001+02:00", whole: 12, port: 1)
        { json moment whole port }
    }`;
    const values = {
      json: { a: [1, null] },
      moment: '2026-11-22T10:00:00.123456Z',
      whole: '9223372036854775807',
      port: 443,
    };
    const texts = { bound: '7d', cidr: '10.1.2.3/8', ip: '::FFFF:10.0.0.1', yaml: 'a: 1\n' };
    const { body } = await post({ query, variables: { ...values, ...texts } });
    assert.equal(body.errors, undefined);
    assert.deepEqual(body.data, {
      values,
      texts: { ...texts, cidr: '10.0.0.0/8', ip: '10.0.0.1' },
      literals: {
        json: { a: [1, 443] },
        moment: '2026-11-22T10:00:00.000001Z',
        whole: '12',
        port: 1,
      },
    });
  }));

test('a bad scalar is bad input that says what is wrong', () =>
  withServer(async ({ post }) => {
    const cases: readonly (readonly [string, unknown, RegExp])[] = [
      ['DateTime', 'yesterday', /`yesterday` is not a date and time with offset/],
      ['DateTime', 12, /DateTime is written as a string/],
      ['BigInt', '9223372036854775808', /not a whole number of 64 bits/],
      ['BigInt', 1.5, /not a whole number of 64 bits/],
      ['Port', 0, /port `0` is not a whole number between 1 and 65535/],
      ['Port', '80', /port `80` is not/],
    ];
    const fields: Record<string, string> = { DateTime: 'moment', BigInt: 'whole', Port: 'port' };
    for (const [type, v, message] of cases) {
      const query = `query ($v: ${type}) { echo(${fields[type]}: $v) { port } }`;
      const { status, body } = await post({ query, variables: { v } });
      assert.match(body.errors[0].message, message);
      assert.equal(body.errors[0].extensions.code, 'BAD_USER_INPUT');
      assert.equal(status, 400);
    }
  }));

test('an error of ours keeps its code, a bug is masked and logged under the request id', () =>
  withServer(async ({ post, lines }) => {
    const headers = { 'x-request-id': 'call-7' };
    const known = await post({ query: '{ fail(kind: "ours") }' }, headers);
    assert.deepEqual(known.body.errors[0], {
      message: 'no cluster `x`',
      locations: [{ line: 1, column: 3 }],
      path: ['fail'],
      extensions: { cluster: 'x', code: 'NOT_FOUND', requestId: 'call-7' },
    });
    assert.deepEqual(known.body.data, { fail: null });
    assert.equal(known.headers.get('x-request-id'), 'call-7');
    assert.deepEqual(lines, []);

    const bug = await post({ query: '{ fail(kind: "bug") }' }, headers);
    assert.equal(bug.body.errors[0].message, 'internal server error');
    assert.deepEqual(bug.body.errors[0].extensions, { code: 'INTERNAL', requestId: 'call-7' });
    assert.equal(JSON.stringify(bug.body).includes('secret'), false);
    const [line] = lines as readonly { facts: { err: Error; requestId: string } }[];
    assert.equal(line?.facts.requestId, 'call-7');
    assert.match(line?.facts.err.stack ?? '', /password=secret\n.*tiny-schema/s);
  }));

test('a value that does not fit its type is a bug of ours, and masked', () =>
  withServer(async ({ post, lines }) => {
    const { body, status } = await post({ query: '{ notWhole }' });
    assert.equal(body.errors[0].extensions.code, 'INTERNAL');
    assert.equal(body.errors[0].message, 'internal server error');
    assert.equal(status, 200);
    assert.equal(lines.length, 1);
  }));

test('an unusable request id is replaced', () =>
  withServer(async ({ post }) => {
    const { headers } = await post({ query: '{ caller }' }, { 'x-request-id': 'a b' });
    assert.match(headers.get('x-request-id') ?? '', /^[\da-f-]{36}$/);
  }));

test('validation and syntax errors stay, with places', () =>
  withServer(async ({ post }) => {
    const cases = [
      ['{ nothing }', 'BAD_USER_INPUT', /Cannot query field "nothing"/],
      ['{ caller', 'BAD_USER_INPUT', /Syntax Error/],
    ] as const;
    for (const [query, code, message] of cases) {
      const { status, body } = await post({ query });
      assert.equal(status, 400);
      assert.equal(body.errors[0].extensions.code, code);
      assert.match(body.errors[0].message, message);
      assert.equal(body.errors[0].locations[0].line, 1);
      assert.deepEqual(body.extensions.cost, { requested: 0, limit: 50_000 });
    }
    const named = await post({ query: 'query a { caller }', operationName: 'b' });
    assert.equal(named.status, 400);
    assert.equal(named.body.errors[0].extensions.code, 'BAD_USER_INPUT');
  }));

test('a caller that is not known is refused with 401', () =>
  withServer(async ({ post }) => {
    const known = await post({ query: '{ caller }' }, { authorization: 'Bearer good' });
    assert.deepEqual(known.body.data, { caller: 'Bearer good' });
    const unknown = await post({ query: '{ caller }' }, { authorization: 'Bearer wrong' });
    assert.equal(unknown.status, 401);
    assert.equal(unknown.body.errors[0].message, 'the token is not known');
    assert.equal(unknown.body.errors[0].extensions.code, 'UNAUTHENTICATED');
    assert.ok(unknown.body.extensions.cost);
  }));

test('introspection passes the limits', () =>
  withServer(async ({ post }) => {
    const { body } = await post({
      query: getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }),
    });
    const types: { name: string; kind: string; specifiedByURL: string }[] =
      body.data.__schema.types;
    const builtIn = ['Boolean', 'Float', 'ID', 'Int', 'String'];
    const own = types.filter(({ kind, name }) => kind === 'SCALAR' && !builtIn.includes(name));
    assert.deepEqual(own.map(({ name }) => name).toSorted(), [
      'BigInt',
      'Cidr',
      'DateTime',
      'IpAddress',
      'Json',
      'Port',
      'TimeBound',
      'Yaml',
    ]);
    for (const { name, specifiedByURL } of own) assert.match(specifiedByURL, /^https:/, name);
  }));

test('a document over a limit is refused before it runs', () =>
  withServer(async ({ post }) => {
    const deep = `{ list ${'{ kin '.repeat(15)} { name } ${'}'.repeat(16)}`;
    const aliases = `{ ${Array.from({ length: 51 }, (_, n) => `a${n}: caller`).join(' ')} }`;
    const cases: readonly (readonly [string, RegExp])[] = [
      [deep, /17 levels deep, more than 15/],
      [aliases, /51 aliases, more than 50/],
      ['{ things(first: 500) { nodes { children(first: 500) { nodes { name } } } } }', /costs \d+/],
      [`{ ${'caller '.repeat(5_000)} }`, /more that 5000 tokens/],
    ];
    for (const [query, message] of cases) {
      const { body, status } = await post({ query });
      assert.equal(body.errors?.[0].extensions.code, 'COST_EXCEEDED', query.slice(0, 50));
      assert.match(body.errors[0].message, message);
      assert.equal(status, 400);
      assert.equal(body.data, undefined);
    }
  }));

test('a node is found by its id, and an unknown id is null', () =>
  withServer(async ({ post }) => {
    const query = `query ($id: ID!) {
      node(id: $id) { __typename id ... on Thing { name } } nodes(ids: [$id, "x"]) { id }
    }`;
    const { body } = await post({ query, variables: { id: THING_ID } });
    assert.deepEqual(body.data, {
      node: { __typename: 'Thing', id: THING_ID, name: 'found' },
      nodes: [{ id: THING_ID }, null],
    });
    const none = await post({ query, variables: { id: 'nonsense' } });
    assert.deepEqual(none.body.data, { node: null, nodes: [null, null] });
  }));

test('a connection answers nodes, edges, page and count, and refuses bad pages', () =>
  withServer(async ({ post }) => {
    const query = `query ($first: Int, $after: String, $last: Int) {
      things(first: $first, after: $after, last: $last) {
        nodes { name } edges { cursor node { name } } totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`;
    const { things } = (await post({ query, variables: { first: 1 } })).body.data;
    assert.deepEqual(things.nodes, [{ name: 'a' }]);
    assert.equal(things.totalCount, 2);
    const { cursor } = things.edges[0];
    assert.deepEqual(things.pageInfo, {
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: cursor,
      endCursor: cursor,
    });
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ first: 501 }, /`first: 501` is not between 0 and 500/],
      [{ last: -1 }, /`last: -1` is not between 0 and 500/],
      [{ first: 1, last: 1 }, /cannot be given together/],
      [{ after: 'nonsense' }, /`nonsense` is not a cursor/],
    ];
    for (const [variables, message] of cases) {
      const { body } = await post({ query, variables });
      assert.equal(body.errors[0].extensions.code, 'BAD_USER_INPUT');
      assert.match(body.errors[0].message, message);
    }
  }));

test('a problem has its place in the input', () =>
  withServer(async ({ post }) => {
    const { body } = await post({
      query: '{ problems { code severity message path file line column hint } }',
    });
    assert.deepEqual(body.data.problems, [
      {
        code: 'BAD_CIDR',
        severity: 'ERROR',
        message: 'm',
        path: null,
        file: 'a.yaml',
        line: 3,
        column: 5,
        hint: 'h',
      },
    ]);
  }));
