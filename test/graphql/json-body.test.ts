import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonMeter } from '../../src/graphql/json-values.js';
import { withServer } from '../server/running.js';

for (const [value, values, depth] of [
  [1, 1, 0],
  [[], 2, 1],
  [[1, 2, 3], 4, 1],
  [{ a: 1, b: 'x,[{' }, 3, 1],
  [{ a: '\\', b: '"', c: '\\"' }, 4, 1],
  [{ 'k,"\\': [1, { a: [] }, []] }, 8, 4],
] as const)
  test(`${JSON.stringify(value)} holds ${values} values, however its bytes are cut`, () => {
    const bytes = Buffer.from(JSON.stringify(value));
    for (const step of [1, 3, bytes.length]) {
      const measure = jsonMeter();
      let measured = {};
      for (let at = 0; at < bytes.length; at += step)
        measured = measure(bytes.subarray(at, at + step));
      assert.deepEqual(measured, { values, depth });
    }
  });

const fragments = (many: number): string => {
  const numbers = [...Array(many).keys()];
  const spreads = numbers.map(n => `...f${n}`).join(' ');
  return `{ ${spreads} } ${numbers.map(n => `fragment f${n} on Query { __typename }`).join(' ')}`;
};

test('a body of very many values or levels, and a document that is very long or in very many pieces, are refused before they are read', () =>
  withServer(async ({ post }) => {
    const query = '{ __typename }';
    const asked = async (body: object) => {
      const { status, body: answer } = await post(body);
      return [status, answer.errors?.[0].extensions.code ?? answer.data.__typename];
    };
    const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    const withValue = (a: unknown) => asked({ query, variables: { a } });
    assert.deepEqual(await withValue(Array(1e6).fill(0)), [413, 'COST_EXCEEDED']);
    assert.deepEqual(await withValue(nested(501)), [400, 'BAD_USER_INPUT']);
    const long = [nested(497), 'x'.repeat(1e6)];
    assert.deepEqual(await withValue(long), [200, 'Query'], 'in a thread');
    assert.deepEqual(await withValue([...long, nested(501)]), [400, 'BAD_USER_INPUT']);
    assert.deepEqual(await withValue(','.repeat(1e6)), [200, 'Query']);
    assert.deepEqual(await asked({ query: `${query} # ${'x'.repeat(1e6)}` }), [
      400,
      'COST_EXCEEDED',
    ]);
    assert.deepEqual(await asked({ query: fragments(101) }), [400, 'COST_EXCEEDED']);
    assert.deepEqual(await asked({ query: fragments(100) }), [200, 'Query']);
    assert.deepEqual(await asked({ query: `${query} # ${'fragment '.repeat(101)}` }), [
      200,
      'Query',
    ]);
  }));

test('a body or a document is not read where nobody knows who sends it', () =>
  withServer(async ({ post }) => {
    const unending = `{"query":"{ __typename }","variables":{"a":"${'x'.repeat(200_000)}`;
    const asked = (token: string) => post(unending, { authorization: `Bearer ${token}` });
    const codeOf = ({ status, body }: Awaited<ReturnType<typeof post>>) => [
      status,
      body.errors[0].extensions.code,
    ];
    const wrong = { authorization: 'Bearer wrong' };
    assert.deepEqual(codeOf(await asked('wrong')), [401, 'UNAUTHENTICATED']);
    assert.deepEqual(codeOf(await post({ query: '{ nope }' }, wrong)), [401, 'UNAUTHENTICATED']);
    assert.deepEqual(codeOf(await post({ query: '{' }, wrong)), [401, 'UNAUTHENTICATED']);
    assert.deepEqual(codeOf(await asked('good')), [400, 'BAD_USER_INPUT']);
  }));
