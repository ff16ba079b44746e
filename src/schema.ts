import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema, type NonEmptyArray } from 'type-graphql';
import { alertFinders, alertResolvers } from './alerts/alerts.graphql.js';
import { baselineFinders, baselineResolvers } from './baselines/baselines.graphql.js';
import type { Context } from './context.js';
import { flowFinders, flowResolvers } from './flows/flows.graphql.js';
import { NodeResolver } from './graphql/node.graphql.js';
import { inventoryFinders, inventoryResolvers } from './inventory/inventory.graphql.js';
import { policyFinders, policyResolvers } from './policies/policies.graphql.js';

type Resolver = new () => object;

const resolvers: readonly Resolver[] = [
  ...inventoryResolvers,
  ...flowResolvers,
  ...baselineResolvers,
  ...policyResolvers,
  ...alertResolvers,
];

const nodes = new NodeResolver<Context>({
  ...inventoryFinders,
  ...flowFinders,
  ...baselineFinders,
  ...policyFinders,
  ...alertFinders,
});

/** The schema that the server answers by; resolvers take what they need from the request's context. */
export function createSchema(): Promise<GraphQLSchema> {
  const instances = new Map<unknown, object>([[NodeResolver, nodes]]);
  for (const resolver of resolvers) instances.set(resolver, new resolver());
  return buildSchema({
    resolvers: [NodeResolver, ...resolvers] as unknown as NonEmptyArray<Resolver>,
    container: { get: resolver => instances.get(resolver) },
    validate: false,
  });
}

/** `schema.graphql`: the contract as text, types and fields in the order of names. */
export const printSchemaText = async (): Promise<string> =>
  `# Generated from the code by \`npm run schema\`.\n\n${printSchema(lexicographicSortSchema(await createSchema()))}\n`;
