import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema, graphql, parse, validate } from 'graphql';
import { checkDocument, DEFAULT_LIMITS } from '../../src/graphql/check-document.js';
import { isSelected } from '../../src/graphql/selection.js';

const schema = buildSchema(`
  type Query {
    flow: Flow
    flows(first: Int, after: String, last: Int): FlowConnection
    nodes(ids: [ID!]!): [Node]
    tags: [String!]
    hops: [Flow!]!
  }
  interface Node { id: ID! }
  type Flow implements Node { id: ID! name: String peers(first: Int): FlowConnection }
  type FlowConnection { nodes: [Flow!]! edges: [FlowEdge!]! pageInfo: PageInfo! totalCount: Int }
  type FlowEdge { node: Flow! cursor: String! }
  type PageInfo { hasNextPage: Boolean! }
`);

const check = (text: string, variables = {}) => {
  const document = parse(text);
  assert.deepEqual(validate(schema, document), []);
  return checkDocument(schema, document, { variables, operationName: null }, DEFAULT_LIMITS);
};

const ids = (count: number) => Array.from({ length: count }, (_, n) => `${n}`);

test('the cost formula is frozen', () => {
  const cases: readonly (readonly [string, number, object?])[] = [
    ['{ __typename }', 0],
    ['{ __schema { types { name fields { name } } } }', 0],
    ['{ tags }', 1],
    ['{ flow { id name } }', 3],
    ['{ hops { id name } }', 21],
    ['{ flows { nodes { id name } } }', 102],
    ['{ flows(first: 10) { nodes { id } edges { cursor node { id } } totalCount } }', 44],
    ['{ flows(last: 3) { nodes { id } pageInfo { hasNextPage } } }', 7],
    ['query ($n: Int) { flows(first: $n) { nodes { id } } }', 9, { n: 7 }],
    ['query ($n: Int = 4) { flows(first: $n) { nodes { id } } }', 6],
    ['query ($n: Int) { flows(first: $n) { nodes { id } } }', 52],
    ['{ flows(first: 5) { nodes { peers(first: 4) { nodes { id } } } } }', 32],
    ['{ nodes(ids: ["1", "2", "3"]) { id } }', 4],
    ['query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', 21, { ids: ids(20) }],
    ['{ flow { ...F ...F } } fragment F on Flow { id name }', 5],
    ['{ flows(first: 2) { ...C } } fragment C on FlowConnection { nodes { id } }', 4],
    ['{ flow { ... on Node { id } ... @skip(if: true) { name } } }', 3],
  ];
  for (const [text, cost, variables] of cases)
    assert.deepEqual(check(text, variables), { cost, refusal: null }, text);
});

test('spreads of spreads are measured in time that does not double with each', () => {
  const fragments = Array.from(
    { length: 60 },
    (_, n) => `fragment F${n} on Flow { ...F${n + 1} ...F${n + 1} }`,
  );
  const text = `{ flow { ...F0 } } ${fragments.join(' ')} fragment F60 on Flow { id }`;
  const { cost, refusal } = check(text);
  assert.equal(cost, Number.MAX_SAFE_INTEGER);
  assert.match(refusal?.message ?? '', /more than 50000/);
});

test('depth and aliases are limited through fragments too', () => {
  const deep = (levels: number) =>
    `{ flow { ...P } } fragment P on Flow ${'{ peers(first: 1) { nodes '.repeat(levels)}{ id }${'} }'.repeat(levels)}`;
  assert.equal(check(deep(6)).refusal, null);
  assert.match(check(deep(7)).refusal?.message ?? '', /16 levels deep, more than 15/);
  const aliases = (count: number) =>
    `{ flow { ...A } } fragment A on Flow { ${ids(count)
      .map(n => `a${n}: name`)
      .join(' ')} }`;
  assert.equal(check(aliases(50)).refusal, null);
  assert.match(check(aliases(51)).refusal?.message ?? '', /51 aliases, more than 50/);
});

test('a selection is seen through fragments, aliases and conditions', async () => {
  const seen: boolean[] = [];
  const rootValue = {
    flows: (_args: unknown, _context: unknown, info: Parameters<typeof isSelected>[0]) => {
      seen.push(isSelected(info, 'totalCount'), isSelected(info, 'nodes', 'name'));
      return null;
    },
  };
  const cases: readonly (readonly [string, readonly boolean[]])[] = [
    ['{ flows { totalCount } }', [true, false]],
    ['{ flows { count: totalCount nodes { id } } }', [true, false]],
    [
      '{ flows { ...F nodes { id } } } fragment F on FlowConnection { nodes { name } }',
      [false, true],
    ],
    [
      '{ flows { ... { totalCount @skip(if: true) } nodes { name @include(if: true) } } }',
      [false, true],
    ],
    [
      'query ($no: Boolean = false) { flows { ... @include(if: $no) { totalCount } pageInfo { hasNextPage } } }',
      [false, false],
    ],
  ];
  for (const [source, expected] of cases) {
    seen.length = 0;
    const { errors } = await graphql({ schema, source, rootValue });
    assert.equal(errors, undefined);
    assert.deepEqual(seen, expected, source);
  }
});

test('fields that read more cost more, and so does introspection', () => {
  const limits = {
    ...DEFAULT_LIMITS,
    fieldCosts: { 'Query.flow': 100, 'Flow.name': 7, __schema: 50 },
  };
  const costOf = (text: string) =>
    checkDocument(schema, parse(text), { variables: {}, operationName: null }, limits).cost;
  assert.equal(costOf('{ flow { id name } }'), 108);
  assert.equal(costOf('{ flows(first: 3) { nodes { name } } }'), 1 + 1 + 3 * 7);
  assert.equal(costOf('{ a: __schema { types { name } } b: __schema { types { name } } }'), 100);
});

test('what lists lead to is read as often as they are long, and conditions cost each time', () => {
  const filtered = buildSchema(`
    input Filter { name: String or: [Filter!] in: [String!] }
    type Query { graph: Graph flows(first: Int, filter: Filter): FlowConnection }
    type Graph { nodes: [Flow!]! }
    type Flow { id: ID! history: Int flows(first: Int, filter: Filter): FlowConnection }
    type FlowConnection { nodes: [Flow!]! pageInfo: Int }
  `);
  const limits = {
    ...DEFAULT_LIMITS,
    fieldCosts: { 'Flow.history': 20 },
    listSizes: { 'Graph.nodes': 1_000 },
    conditionCost: 200,
  };
  const costOf = (text: string, variables = {}) => {
    const document = parse(text);
    assert.deepEqual(validate(filtered, document), []);
    const request = { variables, operationName: null };
    return checkDocument(filtered, document, request, limits).cost;
  };
  assert.equal(costOf('{ graph { nodes { id } } }'), 1 + 1 + 10);
  assert.equal(costOf('{ graph { nodes { id history } } }'), 1 + 1 + 10 + 1_000 * 20);
  assert.equal(
    costOf('{ graph { nodes { flows(first: 2) { nodes { id } } } } }'),
    1 + 1 + 1_000 * (1 + 1 + 2),
  );
  const or = [...ids(10).map(name => ({ name })), { or: [{ name: 'c' }, { name: 'd' }] }];
  const asked = 'flows(first: 2, filter: $f) { nodes { id } }';
  assert.equal(costOf(`query ($f: Filter) { ${asked} }`, { f: { or: or.slice(0, 10) } }), 4);
  assert.equal(costOf(`query ($f: Filter) { ${asked} }`, { f: { or } }), 4 + 2 * 200);
  assert.equal(costOf(`query ($f: Filter) { a: ${asked} b: ${asked} }`, { f: { or } }), 2 * 404);
  const text = `[${ids(11).map(name => `{ name: "${name}" }`)}]`;
  assert.equal(costOf(`query ($f: Filter = { or: ${text} }) { ${asked} }`), 4 + 200);
  const within = `{ flows(first: 10) { nodes { flows(first: 1, filter: { or: ${text} }) { pageInfo } } } }`;
  assert.equal(costOf(within), 1 + 1 + 10 * (1 + 200 + 1));
  assert.equal(costOf(`query ($f: Filter) { ${asked} }`, { f: { in: ids(500) } }), 4 + 200);
});

test('arguments of queries are bound in number, wherever they stand', () => {
  const given = (count: number) => ({ ids: ids(count) });
  const text = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  assert.equal(check(text, given(1_900)).refusal, null);
  assert.match(check(text, given(2_100)).refusal?.message ?? '', /arguments hold 2102 values/);
  const literal = `{ nodes(ids: [${ids(2_100).map(id => `"${id}"`)}]) { id } }`;
  assert.match(check(literal).refusal?.message ?? '', /arguments hold 2101 values/);
});
