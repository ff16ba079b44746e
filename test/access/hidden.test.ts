import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSchema } from '../../src/schema.js';
import { type Answer, ready, type Sides } from './support/hidden-lab.js';
import { everyPath, type Given } from './support/paths.js';

const node = (type: string, id: string): string =>
  Buffer.from(`${type}:1:${id}`).toString('base64url');

const GIVEN: Readonly<Record<string, string>> = {
  'Query.cluster.name': '"lab"',
  'Query.networkGraph.cluster': '"lab"',
  'Query.networkGraphDiff.cluster': '"lab"',
  'Query.networkGraphDiff.before': '{ until: "2026-11-22T10:15:00Z" }',
  'Query.networkGraphDiff.after': '{ since: "2026-11-22T10:15:00Z" }',
  'Query.policySet.cluster': '"lab"',
  'Query.policySet.name': '"hidden-set"',
  'Query.explain.input':
    '{ cluster: "lab", source: "shop/web", destination: "shop/api", port: 8080 }',
  'Query.externalBlocks.cluster': '"lab"',
};

const givenBy =
  (ids: Sides['ids']): Given =>
  (on, field, argument) => {
    if (on === 'Query' && field === 'deployment')
      return { cluster: '"lab"', namespace: '"shop"', name: '"web"' }[argument];
    if (on === 'Query' && field === 'baseline')
      return { id: `"${ids['web']}"`, deployment: `"${ids['web']}"` }[argument];
    if (on === 'Query' && (field === 'node' || field === 'nodes')) {
      const all = Object.values(ids).map(id => `"${id}"`);
      return { id: all[0], ids: `[${all.join(', ')}]` }[argument];
    }
    return GIVEN[`${on}.${field}.${argument}`];
  };

const SCOPES = { scoped: 'a namespace', labelled: 'labels' } as const;
const WHO = Object.keys(SCOPES) as readonly (keyof typeof SCOPES)[];

for (const who of WHO)
  test(`no field of the schema tells a caller with a scope by ${SCOPES[who]} of anything outside of it`, async () => {
    const { [who]: scoped, ids, assertHidden } = await ready();
    const documents = everyPath(await createSchema(), givenBy(ids));
    assert.ok(documents.length > 150, `${documents.length} documents`);
    let answered = 0;
    for (const document of documents) {
      const answer = await scoped(document);
      const codes = (answer.errors ?? []).map(one => JSON.stringify(one));
      assert.ok(
        codes.every(text => !/INTERNAL|VALIDATION|PARSE|COST/.test(text)),
        `${document}\n${codes.join('\n')}`,
      );
      if (answer.errors === undefined) answered += 1;
      assertHidden(document, answer);
    }
    assert.ok(answered / documents.length > 0.9, `${answered} of ${documents.length} answered`);
  });

/** What is of the cluster that they do not see. */
const OF_OTHER = /hidden-(other|else)|203\.0\.113\.66/;

test('no field of the schema tells who sees one cluster of another one', async () => {
  const { whole, ids } = await ready();
  for (const document of everyPath(await createSchema(), givenBy(ids))) {
    const text = JSON.stringify(await whole(document));
    const plain = text.replaceAll(/[\w-]{24,}/g, id => Buffer.from(id, 'base64url').toString());
    assert.doesNotMatch(text + plain, OF_OTHER, document);
  }
});

const LISTS: Readonly<Record<string, string>> = {
  flows: `nodes { id source { ... on Deployment { name } ... on UnresolvedPeer { id name reason } }
    destination { ... on Deployment { name } ... on UnresolvedPeer { id name reason } } port events }`,
  alerts: 'nodes { id message }',
  deployments: 'nodes { id name }',
  policies: 'nodes { id name }',
  jobs: 'nodes { id kind }',
  clusters: 'nodes { id name }',
  tokens: 'nodes { id name }',
  auditLog: 'nodes { seq target }',
};

const WAYS: readonly (readonly [string, string, readonly string[]])[] = [
  ['flows', 'filter: { source: { eq: "hidden-pay/hidden-db" } }', []],
  ['flows', 'filter: { destination: { startsWith: "hidden" } }', []],
  ['flows', 'filter: { destination: { contains: "hidden-db" } }', []],
  ['flows', 'filter: { namespace: { eq: "hidden-pay" } }', []],
  ['flows', 'filter: { namespace: { in: ["hidden-pay"] } }', []],
  ['flows', 'filter: { deployment: { eq: "hidden-db" } }', []],
  ['flows', 'filter: { deployment: { contains: "hidden" } }', []],
  ['flows', 'filter: { destinationAddress: { within: "198.51.100.0/24" } }', []],
  ['flows', 'filter: { destination: { eq: "EXTERNAL:hidden-block" } }', []],
  ['flows', 'filter: { cluster: { eq: "hidden-other" } }', []],
  ['flows', 'filter: { cluster: { contains: "hidden" } }', []],
  ['alerts', 'filter: { namespace: { eq: "hidden-pay" } }', []],
  ['alerts', 'filter: { deployment: { eq: "hidden-db" } }', []],
  ['deployments', 'filter: { namespace: { startsWith: "hidden" } }', []],
  ['deployments', 'filter: { labels: { matchLabels: { tier: "hidden-tier" } } }', []],
  ['policies', 'filter: { name: { contains: "hidden" } }', []],
  ['clusters', 'filter: { name: { contains: "hidden" } }', []],
  ['jobs', 'filter: { cluster: { eq: "lab" } }', []],
];

for (const who of WHO)
  test(`no filter finds what is outside of a scope by ${SCOPES[who]}, and none counts it`, async () => {
    const { admin, [who]: scoped } = await ready();
    for (const [list, args] of WAYS) {
      const query = `{ ${list}(${args}) { totalCount pageInfo { hasNextPage } ${LISTS[list]} } }`;
      const all = await admin(query);
      assert.ok(all.data[list].totalCount > 0, `a filter that finds nothing for anybody: ${query}`);
      const answer = await scoped(query);
      assert.equal(answer.data[list].totalCount, 0, `${query}\n${JSON.stringify(answer)}`);
    }
  });

const ORDERED = (field: string, after: string | null) =>
  `{ flows(first: 2, orderBy: { field: ${field}, direction: ASC }${after === null ? '' : `, after: "${after}"`}) {
    totalCount edges { cursor } pageInfo { hasNextPage endCursor } ${LISTS['flows']} } }`;

for (const field of ['SOURCE', 'DESTINATION', 'PORT', 'EVENTS', 'LAST_SEEN']) {
  test(`pages of flows by ${field} show each flow that touches the scope once, and its other end masked`, async () => {
    const { scoped, assertHidden } = await ready();
    const seen: string[] = [];
    const masked = new Set<string>();
    for (let after: string | null = null; ; ) {
      const query = ORDERED(field, after);
      const answer: Answer = await scoped(query);
      assertHidden(query, answer);
      const { flows } = answer.data;
      assert.equal(flows.totalCount, 6);
      for (const { id, source, destination } of flows.nodes) {
        seen.push(id);
        for (const end of [source, destination])
          if (end.name === 'masked') {
            assert.equal(end.reason, 'OUTSIDE_SCOPE');
            masked.add(end.id);
          }
      }
      if (!flows.pageInfo.hasNextPage) break;
      after = flows.pageInfo.endCursor;
    }
    assert.equal(new Set(seen).size, 6);
    assert.equal(seen.length, 6);
    assert.equal(masked.size, 1, 'the same peer is the same each time');
  });
}

test('ids are good for who they were shown to, and for nobody else', async () => {
  const { admin, scoped, ids, hiddenIds } = await ready();
  const { data } = await scoped(`{ flows { ${LISTS['flows']} } alerts { nodes { id } } }`);
  const found = `query ($id: ID!) { node(id: $id) { __typename id } }`;
  const flowIds = data.flows.nodes.map(({ id }: { readonly id: string }) => id);
  for (const id of [...flowIds, data.alerts.nodes[0].id]) {
    assert.equal((await scoped(found, { id })).data.node.id, id);
    assert.equal((await admin(found, { id })).data.node, null);
    assert.equal((await scoped(found, { id: `${id.slice(0, -2)}AA` })).data.node, null);
  }
  for (const id of hiddenIds) {
    const types = [
      'Deployment',
      'Flow',
      'Alert',
      'ExternalEntity',
      'ClusterNode',
      'MaskedPeer',
      'Baseline',
    ];
    for (const type of types)
      assert.equal((await scoped(found, { id: node(type, id) })).data.node, null);
  }
  for (const id of [ids['hiddenSet'], ids['hiddenJob'], ids['hiddenSimulation']]) {
    assert.notEqual((await admin(found, { id })).data.node, null);
    assert.equal((await scoped(found, { id })).data.node, null);
  }
});
