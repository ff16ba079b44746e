import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isObjectType, parse } from 'graphql';
import { CONDITION_COST, FIELD_COSTS, LIST_SIZES } from '../../src/field-costs.js';
import { checkDocument, DEFAULT_LIMITS } from '../../src/graphql/check-document.js';
import { createSchema } from '../../src/schema.js';
import { withServer } from '../support/server.js';

test('every field that costs more is a field of the schema', async () => {
  const schema = await createSchema();
  for (const name of Object.keys(FIELD_COSTS).filter(one => !one.startsWith('__'))) {
    const [type = '', field = ''] = name.split('.');
    const found = schema.getType(type);
    assert.ok(isObjectType(found) && field in found.getFields(), name);
  }
});

test('what operations of this schema cost is frozen', async () => {
  const schema = await createSchema();
  const limits = {
    ...DEFAULT_LIMITS,
    fieldCosts: FIELD_COSTS,
    listSizes: LIST_SIZES,
    conditionCost: CONDITION_COST,
  };
  const costOf = (text: string) =>
    checkDocument(schema, parse(text), { variables: {}, operationName: null }, limits).cost;
  assert.deepEqual(
    {
      list: costOf('{ flows(first: 10) { nodes { id port } } }'),
      facets: costOf('{ flowFacets { facet count } }'),
      series: costOf('{ flowSeries { points { at } } }'),
      search: costOf('{ search(text: "web") { name } }'),
      graph: costOf('{ networkGraph(cluster: "a") { edges { source } } }'),
      policies: costOf('{ deployments(first: 10) { nodes { policies { nodes { yaml } } } } }'),
    },
    COSTS,
  );
});

/** A change of any of these is a change of what clients may ask. */
const COSTS = {
  list: 22,
  facets: 5_020,
  series: 5_011,
  search: 150,
  graph: 5_011,
  policies: 10_022,
};

const many = (count: number, text: (place: number) => string): string =>
  Array.from({ length: count }, (_, place) => text(place)).join(' ');

test('what would take long is refused by its cost, and the page of GraphiQL is not', () =>
  withServer(async ({ send }) => {
    const refused = [
      `{ ${many(20, place => `g${place}: networkGraph(cluster: "lab") { edges { state } }`)} }`,
      '{ flows(first: 500) { nodes { cluster { completeness { silentHours } } } } }',
      `{ ${many(50, place => `s${place}: __schema { types { name fields { name } } }`)} x: __type(name: "Flow") { name } }`,
    ];
    for (const text of refused) {
      const { errors = [] } = await send(text);
      const codes = errors.map(({ extensions }) => (extensions as { code: string }).code);
      assert.deepEqual(codes, ['COST_EXCEEDED'], text.slice(0, 80));
    }
    const or = Array.from({ length: 3_000 }, () => ({ namespace: { eq: 'x' } }));
    const filtered = await send('query ($f: FlowFilter) { flows(filter: $f) { nodes { id } } }', {
      f: { or },
    });
    assert.match(filtered.errors?.[0]?.message ?? '', /costs \d+|arguments hold \d+ values/);
    const asked = await send(
      '{ __schema { queryType { name } types { kind name fields { name } } } }',
    );
    assert.equal(asked.errors, undefined);
  }));
