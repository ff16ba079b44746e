import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { withServer } from '../support/server.js';
import { adminToken, type Send, sendingAs, worldOf } from './support/world.js';

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

type Field = GraphQLField<unknown, unknown>;

const fieldsOf = (type: GraphQLNamedType): readonly Field[] =>
  isObjectType(type)
    ? Object.values(type.getFields()).filter(
        ({ args }) => !args.some(one => isNonNullType(one.type) && one.defaultValue === undefined),
      )
    : [];

/** A client that keeps objects by type and id keeps these. */
const isKept = (type: GraphQLNamedType): boolean => isObjectType(type) && 'id' in type.getFields();

const isNode = (type: GraphQLNamedType): boolean =>
  isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');

/** What says when it was asked, and not what the object is. */
const OF_THE_MOMENT: Readonly<Record<string, readonly string[]>> = { Token: ['lastUsedAt'] };

const leavesOf = (type: GraphQLNamedType): readonly string[] =>
  fieldsOf(type).flatMap(({ name, type: of }) => (isLeafType(getNamedType(of)) ? [name] : []));

/** Pages are kept short: it is the ways to an object that count. */
const pageOf = ({ args }: Field): string =>
  args.some(({ name }) => name === 'first') ? '(first: 3)' : '';

/** Everything of an object that takes no arguments, and what lies so many steps from it. */
function everythingOf(type: GraphQLNamedType, steps: number): string {
  if (isUnionType(type) || isInterfaceType(type)) {
    const parts = schema
      .getPossibleTypes(type)
      .map(one => `... on ${one.name} { ${everythingOf(one, 0)} }`);
    return ['__typename', ...(steps === 0 ? [] : parts)].join(' ');
  }
  const beneath = fieldsOf(type).filter(({ type: of }) => !isLeafType(getNamedType(of)));
  const isPage = type.name.endsWith('Connection') || type.name.endsWith('Edge');
  const within = steps > 0 || isPage ? beneath : [];
  const inner = within
    .filter(({ name }) => !isPage || name === 'nodes')
    .map(field => {
      const of = getNamedType(field.type);
      return `${field.name}${pageOf(field)} { ${everythingOf(of, isPage ? steps : steps - 1)} }`;
    });
  return ['__typename', ...leavesOf(type), ...inner].join(' ');
}

type Seen = { readonly path: string; readonly value: unknown };

/** Of each object by type and id, its fields as they were seen first, and the path that they were seen at. */
type Objects = Map<string, Map<string, Seen>>;

/** A leaf of an object with an id: the same as wherever it was seen before. */
function holdLeaf(known: Map<string, Seen>, field: string, seen: Seen): void {
  const before = known.get(field);
  if (before === undefined) known.set(field, seen);
  else assert.deepEqual(seen.value, before.value, `${field} at ${seen.path} and at ${before.path}`);
}

function holdObject(objects: Objects, value: object, path: string): void {
  const { __typename: name, id } = value as { readonly __typename: string; readonly id?: string };
  const type = schema.getType(name) ?? assert.fail(name);
  const leaves = ['__typename', ...leavesOf(type)];
  const passing = OF_THE_MOMENT[name] ?? [];
  const known = objects.get(`${id}`) ?? new Map<string, Seen>();
  const counts = isKept(type) && id !== undefined;
  if (counts) objects.set(id, known);
  for (const [field, one] of Object.entries(value)) {
    if (!leaves.includes(field)) hold(objects, one, `${path}.${field}`);
    else if (counts && !passing.includes(field)) holdLeaf(known, field, { path, value: one });
  }
}

function hold(objects: Objects, value: unknown, path: string): void {
  if (Array.isArray(value))
    for (const [at, one] of value.entries()) hold(objects, one, `${path}[${at}]`);
  else if (typeof value === 'object' && value !== null) holdObject(objects, value, path);
}

async function gather(send: Send, objects: Objects): Promise<void> {
  for (const field of fieldsOf(schema.getQueryType() ?? assert.fail())) {
    const type = getNamedType(field.type);
    if (isLeafType(type)) continue;
    const document = `{ ${field.name}${pageOf(field)} { ${everythingOf(type, 1)} } }`;
    const { data, errors } = await send(document);
    assert.equal(errors, undefined, `${document.slice(0, 200)}: ${JSON.stringify(errors?.[0])}`);
    hold(objects, data[field.name], field.name);
  }
}

const TWINS = [
  '{apiVersion: v1, kind: Namespace, metadata: {name: twin}}',
  '{apiVersion: apps/v1, kind: Deployment, metadata: {name: db, namespace: twin}, spec: {selector: {matchLabels: {a: d}}, template: {metadata: {labels: {a: d}}, spec: {containers: []}}}}',
  '{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: twin}, spec: {selector: {matchLabels: {a: s}}, template: {metadata: {labels: {a: s}}, spec: {containers: []}}}}',
].join('\n---\n');

const toTwin = (time: string, kind: string, port: number): string =>
  JSON.stringify({
    time,
    source: { namespace: 'shop', workload: { kind: 'Deployment', name: 'web' } },
    destination: { namespace: 'twin', workload: { kind, name: 'db' } },
    port,
    protocol: 'TCP',
    verdict: 'ALLOWED',
  });

/** Deployments of two kinds that share a name, called on two days. */
const [FIRST, SECOND] = ['2026-11-20T10:00:00Z', '2026-11-21T10:00:00Z'];

async function makeTwins(send: Send): Promise<void> {
  const records = [toTwin(FIRST, 'Deployment', 1), toTwin(SECOND, 'StatefulSet', 2)].join('\n');
  const { errors } = await send(
    `mutation ($i: ImportInventoryInput!, $f: IngestFlowsInput!) {
      importInventory(input: $i) { problems { code } } ingestFlows(input: $f) { accepted problems { code } } }`,
    {
      i: { cluster: 'lab', manifests: TWINS },
      f: { cluster: 'lab', format: 'neutral', records },
    },
  );
  assert.equal(errors, undefined);
}

const FILTERS = [
  '{}',
  `{ until: "${SECOND}" }`,
  '{ deployments: ["api"] }',
  '{ level: NAMESPACE }',
  `{ level: NAMESPACE, until: "${SECOND}" }`,
  '{ level: NAMESPACE, deployments: ["api"], silent: true }',
  '{ groupExternal: NAME, silent: true }',
  '{ level: NAMESPACE, limit: 1 }',
];

/** The nodes of graphs, whatever a graph shows beside them. */
async function gatherGraphs(send: Send, objects: Objects): Promise<void> {
  const graph = schema.getType('GraphNode') ?? assert.fail();
  for (const filter of FILTERS) {
    const { data, errors } = await send(
      `{ networkGraph(cluster: "lab", filter: ${filter}) { __typename nodes { ${everythingOf(graph, 1)} } } }`,
    );
    assert.equal(errors, undefined, filter);
    hold(objects, data.networkGraph, `networkGraph(${filter})`);
  }
}

test('an object of one id is the same object wherever it is met: by roots, from its neighbours, by `node`, and again', () =>
  withServer(async fixture => {
    const send = sendingAs(fixture.server, await adminToken(fixture.send, 'admin'));
    await worldOf(send);
    const objects: Objects = new Map();
    await makeTwins(send);
    await gather(send, objects);
    await gatherGraphs(send, objects);
    assert.ok(objects.size >= 15, `${objects.size} objects`);
    for (const id of objects.keys()) {
      const typename = objects.get(id)?.get('__typename')?.value as string;
      const type = schema.getType(typename) ?? assert.fail(typename);
      if (!isNode(type)) continue;
      const { data } = await send(
        `query ($id: ID!) { node(id: $id) { __typename ... on ${typename} { ${everythingOf(type, 1)} } } }`,
        { id },
      );
      assert.notEqual(data.node, null, typename);
      hold(objects, data.node, `node(${typename})`);
    }
  }));
