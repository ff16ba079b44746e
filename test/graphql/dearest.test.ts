import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seedEdges } from '../../bench/data/edges.js';
import { createSchema } from '../../src/schema.js';
import { type ServerFixture, withServer } from '../support/server.js';
import { type Asked, costOf, narrowest, some, widest } from './dearest.js';

const SIZE = { edges: 2_000, deployments: 200 };

/** Milliseconds on a machine that does other things, and bytes that are held afterwards. */
const [LONGEST, LARGEST] = [15_000, 400 * 1024 * 1024];

const GIVEN: Readonly<Record<string, string>> = {
  cluster: '"prod"',
  'cluster.name': '"prod"',
  'networkGraphDiff.before': '{ until: "2026-02-15T10:15:00Z" }',
  'networkGraphDiff.after': '{ since: "2026-02-15T10:15:00Z" }',
  'policySet.name': '"none"',
  // Not more.
  'search.first': '100',
  'explain.input':
    '{ cluster: "prod", source: "ns-0/app-1", destination: "ns-0/app-2", port: 8080 }',
  'deployment.namespace': '"ns-0"',
  'deployment.name': '"app-1"',
};

const plain = (query: string, variables: Record<string, unknown> = {}): Asked => ({
  query,
  variables,
});

/** Kinds that once took long or much memory; those beyond the limit are refused. */
const KNOWN = (flow: string): readonly Asked[] => [
  plain(
    `{ ${some(50, n => `g${n}: networkGraph(cluster: "prod") { edges { state } }`).join(' ')} }`,
  ),
  plain('{ flows(first: 500) { nodes { cluster { completeness { silentHours } } } } }'),
  plain('query ($f: FlowFilter) { flows(filter: $f) { totalCount } }', {
    f: { or: some(30_000, n => ({ source: { contains: `x${n}` } })) },
  }),
  plain('query ($f: FlowFilter) { flows(filter: $f) { totalCount } }', {
    f: { source: { contains: 'x'.repeat(20_000_000) } },
  }),
  plain('query ($f: FlowFilter) { flows(filter: $f) { totalCount } }', {
    f: { deployment: { in: some(1_900, n => `x${n}`) } },
  }),
  plain(
    `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Flow { id port tags explanation { text } } } }`,
    {
      ids: some(500, () => flow),
    },
  ),
  plain(`{ ${some(150, n => `i${n}: __schema { types { name fields { name } } }`).join(' ')} }`),
  plain(
    `{ ${some(40, n => `i${n}: __schema { types { name fields { name type { name } } } }`).join(' ')} }`,
  ),
  plain(
    '{ networkGraph(cluster: "prod") { nodes { peer { ... on Deployment { flows(first: 500) { nodes { id port } } } } } } }',
  ),
  plain(
    '{ networkGraph(cluster: "prod") { nodes { peer { ... on Deployment { flows(first: 20) { nodes { id port } } } } } } }',
  ),
];

async function timed({ server }: ServerFixture, { query, variables }: Asked) {
  const start = performance.now();
  const response = await fetch(`${server}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  return { text, took: performance.now() - start };
}

/** What may not be there may be asked for. */
const codesIn = (text: string): string => {
  const { errors = [] } = JSON.parse(text) as { errors?: { extensions: { code: string } }[] };
  return errors
    .map(({ extensions }) => extensions.code)
    .filter(code => code !== 'NOT_FOUND')
    .join(',');
};

const REFUSALS = /COST_EXCEEDED|BAD_USER_INPUT/;

test('the dearest queries that the limit lets through take seconds at most, and no memory stays', () =>
  withServer(async fixture => {
    const { source, execute, send } = fixture;
    await execute('alter table flow disable trigger all');
    await seedEdges(sql => source.query(sql), SIZE);
    await execute('analyze');
    const schema = await createSchema();
    const { data } = await send('{ flows(first: 1) { nodes { id } } }');
    const flow: string = data.flows.nodes[0].id;
    const ids = `[${some(500, () => `"${flow}"`).join(' ')}]`;
    const given = { ...GIVEN, id: `"${flow}"`, ids };
    const generated = [...widest(schema, given), ...narrowest(schema, given)];
    assert.ok(generated.length > 30, `${generated.length}`);
    const before = process.memoryUsage().rss;
    for (const asked of generated) {
      const { text, took } = await timed(fixture, asked);
      assert.doesNotMatch(
        codesIn(text),
        /[^,]/,
        `${asked.query.slice(0, 200)}\n${text.slice(0, 300)}`,
      );
      assert.ok(
        took < LONGEST,
        `${Math.round(took)} ms for ${costOf(schema, asked)}: ${asked.query.slice(0, 200)}`,
      );
    }
    for (const asked of KNOWN(flow)) {
      const { text, took } = await timed(fixture, asked);
      const isRefused = REFUSALS.test(codesIn(text));
      assert.equal(
        isRefused,
        !(costOf(schema, asked) <= 50_000) || JSON.stringify(asked).length > 1_000_000,
        asked.query.slice(0, 100),
      );
      assert.ok(took < LONGEST, `${Math.round(took)} ms: ${asked.query.slice(0, 200)}`);
    }
    assert.ok(process.memoryUsage().rss - before < LARGEST);
  }));
