// First of all: decorators of every room need it.
import 'reflect-metadata';

import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema, type NonEmptyArray } from 'type-graphql';
import type { Context } from './context.js';
import { addMutationKeys } from './graphql/mutation-keys.js';
import { findNodeBy, type NodeFinder, NodeResolver } from './graphql/node.graphql.js';
import { readPropertiesPlainly, readTypeNamesPlainly } from './graphql/plain-fields.js';
import {
  guardRootFields,
  nullableRoots,
  type RootFieldGuard,
  type RootType,
} from './graphql/root-fields.js';
import { sealFields } from './graphql/sealed-fields.js';
import { keyed, WITHOUT_KEY } from './keyed-mutations.js';
import { guardOf } from './permissions.js';
import { rooms } from './rooms.js';

type Resolver = new () => object;

const resolvers: readonly Resolver[] = rooms.flatMap(room => [...room.resolvers]);

const finders: Readonly<Record<string, NodeFinder<Context>>> = Object.assign(
  {},
  ...rooms.map((room): Readonly<Record<string, NodeFinder<Context>>> => room.finders),
);

/** What an id stands for, whatever its type. */
export const findNode = findNodeBy(finders);

const notUsed = (): never => {
  throw new Error('subscriptions have sources of their own');
};

/** type-graphql wants one wherever there is a subscription. */
const NOT_USED = { publish: notUsed, subscribe: notUsed };

/** Who may ask comes before what a key stands for. */
function around(type: RootType, name: string): RootFieldGuard<Context> {
  const guard = guardOf(type, name);
  return call =>
    guard(call.context, call.args, note =>
      type === 'Mutation' ? keyed({ ...call, note }) : call.work(call.args, call.context),
    );
}

/** The schema that the server answers by; resolvers take what they need from the request's context. */
export async function createSchema(): Promise<GraphQLSchema> {
  const instances = new Map<unknown, object>([[NodeResolver, new NodeResolver<Context>(findNode)]]);
  for (const resolver of resolvers) instances.set(resolver, new resolver());
  readPropertiesPlainly();
  const schema = await buildSchema({
    resolvers: [NodeResolver, ...resolvers] as unknown as NonEmptyArray<Resolver>,
    container: { get: resolver => instances.get(resolver) },
    validate: false,
    // What there is to check is the same at every start: a test checks it.
    skipCheck: true,
    pubSub: NOT_USED,
  });
  addMutationKeys(schema, WITHOUT_KEY);
  return guardRootFields<Context>(nullableRoots(sealFields(readTypeNamesPlainly(schema))), around);
}

/** `schema.graphql`: the contract as text, types and fields in the order of names. */
export const printSchemaText = async (): Promise<string> =>
  `# Generated from the code by \`npm run schema\`.\n\n${printSchema(lexicographicSortSchema(await createSchema()))}\n`;
