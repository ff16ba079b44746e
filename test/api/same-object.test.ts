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
  const counts = isNode(type) && id !== undefined;
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

test('an object of one id is the same object wherever it is met: by roots, from its neighbours, by `node`, and again', () =>
  withServer(async fixture => {
    const send = sendingAs(fixture.server, await adminToken(fixture.send, 'admin'));
    await worldOf(send);
    const objects: Objects = new Map();
    await gather(send, objects);
    assert.ok(objects.size >= 15, `${objects.size} objects`);
    for (const id of objects.keys()) {
      const typename = objects.get(id)?.get('__typename')?.value as string;
      const type = schema.getType(typename) ?? assert.fail(typename);
      const { data } = await send(
        `query ($id: ID!) { node(id: $id) { __typename ... on ${typename} { ${everythingOf(type, 1)} } } }`,
        { id },
      );
      assert.notEqual(data.node, null, typename);
      hold(objects, data.node, `node(${typename})`);
    }
  }));
