import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  execute as executeByGraphqlJs,
  getIntrospectionQuery,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { execute } from '../../../src/graphql/execution/execute.js';
import { anyDocument } from './any-document.js';
import { faultySchema } from './faulty-schema.js';

/** Faults of a schema are told in words of our own; who asks reads `internal server error` for either. */
const OWN_WORDS = /^(Abstract type|Expected `|`)[\s\S]*$/;

/** Where in the answer an error shows: at its path, or at the null around it. */
function placeOf(data: unknown, path: readonly (string | number)[]): readonly (string | number)[] {
  let value = data;
  for (const [depth, key] of path.entries()) {
    if (value === null) return path.slice(0, depth);
    value = (value as Record<string | number, unknown>)[key];
  }
  return path;
}

/**
 * As a client reads it. Errors are sorted, since promises end in any order. Of errors below a null that some of them
 * caused only their place is told: "only one error should be added", and which of them that is depends on time.
 */
const readOf = ({ data, errors = [] }: ExecutionResult) => ({
  data: JSON.stringify(data),
  errors: [
    ...new Set(
      errors.map(error => {
        const { message, path = [], locations } = error.toJSON();
        const place = placeOf(data, path);
        const told = message.replace(OWN_WORDS, 'a fault of the schema');
        return JSON.stringify(place.length < path.length ? { place } : { told, path, locations });
      }),
    ),
  ].toSorted(),
});

const UNUSED = [NoUnusedVariablesRule, NoUnusedFragmentsRule];
const RULES = specifiedRules.filter(rule => !UNUSED.includes(rule));

for (const operation of ['query', 'mutation'] as const)
  test(`a ${operation} is answered as graphql-js answers it, whatever resolvers do`, () => {
    let valid = 0;
    let withErrors = 0;
    const document = anyDocument(faultySchema(1), operation);
    const property = fc.asyncProperty(
      document,
      fc.integer(),
      fc.boolean(),
      async (text, seed, maybe) => {
        const schema = faultySchema(seed);
        const args = { schema, document: parse(text), variableValues: { maybe } };
        if (validate(schema, args.document, RULES).length > 0) return;
        const expected = readOf(await executeByGraphqlJs(args));
        assert.deepEqual(readOf(await execute(args)), expected);
        // From the plan that the first run made.
        assert.deepEqual(readOf(await execute(args)), expected);
        valid += 1;
        withErrors += expected.errors.length > 0 ? 1 : 0;
      },
    );
    return fc.assert(property, { numRuns: 200 }).then(() => {
      assert.ok(valid > 150, `only ${valid} documents were valid`);
      assert.ok(withErrors > 25 && valid > withErrors, `${withErrors} of ${valid} had errors`);
    });
  });

const small = (sdl: string, rootValue: Readonly<Record<string, unknown>>) => {
  const schema = buildSchema(sdl);
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {}))
    field.resolve = () => rootValue[field.name];
  const documents = new Map<string, DocumentNode>();
  return async (text: string, variableValues: Record<string, unknown> = {}) => {
    const document = documents.get(text) ?? parse(text);
    documents.set(text, document);
    const args = { schema, document, variableValues };
    const answer = JSON.stringify(await execute(args));
    assert.equal(answer, JSON.stringify(await executeByGraphqlJs(args)));
    return JSON.parse(answer);
  };
};

test('what is still awaited when a list fails comes to its end first', async () => {
  const ended: string[] = [];
  const { promise, reject } = Promise.withResolvers<string>();
  const schema = buildSchema('type Query { texts: [String!] }');
  const texts = [promise.finally(() => ended.push('item')), null];
  const args = { schema, document: parse('{ texts }') };
  const fields = schema.getQueryType()?.getFields() ?? {};
  if (fields['texts'] !== undefined) fields['texts'].resolve = () => texts;
  const answered = execute(args).then(answer => {
    ended.push('answer');
    return answer;
  });
  reject(new Error('late'));
  const { data, errors } = await answered;
  assert.deepEqual({ ...data }, { texts: null });
  assert.deepEqual(
    errors?.map(({ message }) => message),
    ['Cannot return null for non-nullable field Query.texts.'],
  );
  assert.deepEqual(ended, ['item', 'answer']);
});

test('variables and operations that cannot be read are told in the words of graphql-js', async () => {
  const ask = small('type Query { size(of: Int!): Int }', { size: 1 });
  const document = 'query One($of: Int!) { size(of: $of) } query Two { size(of: 2) }';
  assert.match((await ask(document)).errors[0].message, /Must provide operation name/);
  assert.match((await ask('query One($of: Int!) { size(of: $of) }')).errors[0].message, /"\$of"/);
  assert.match((await ask('mutation { change }')).errors[0].message, /mutation/);
  const nullable = 'query One($of: Int) { size(of: $of) }';
  assert.match((await ask(nullable)).errors[0].message, /was not provided a runtime value/);
  assert.match((await ask(nullable, { of: null })).errors[0].message, /must not be null/);
});

test('introspection is answered alike', async () => {
  const ask = small('type Query { "Text" text: String }', { text: 'x' });
  const { data } = await ask(getIntrospectionQuery());
  assert.equal(data.__schema.queryType.name, 'Query');
  assert.equal((await ask('{ __type(name: "Query") { name } }')).data.__type.name, 'Query');
});

test('one document is run by each choice of its conditions, however many there are', async () => {
  const ask = small('type Query { a: Int b: Int c: Int d: Int e: Int }', {
    a: 1,
    b: 2,
    c: 3,
    d: 4,
    e: 5,
  });
  const names = ['a', 'b', 'c', 'd', 'e'];
  const variables = names.map(name => `$${name}: Boolean!`).join(' ');
  const fields = names.map(name => `${name} @include(if: $${name})`).join(' ');
  const text = `query Some(${variables}) { ${fields} __typename }`;
  for (let bits = 0; bits < 64; bits++) {
    const chosen = names.map((name, place) => [name, (bits >> place) % 2 === 1] as const);
    const { data } = await ask(text, Object.fromEntries(chosen));
    const expected = chosen.flatMap(([name, isChosen]) => (isChosen ? [name] : []));
    assert.deepEqual(Object.keys(data), [...expected, '__typename']);
  }
});
