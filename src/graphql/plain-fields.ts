import { type GraphQLSchema, isAbstractType } from 'graphql';
import { typeNameOf } from './node.graphql.js';

type Metadata = { readonly objectTypes: readonly { simpleResolvers?: boolean }[] };

/** Where type-graphql keeps what decorators told it; it exports no way to it. */
const STORAGE = 'TypeGraphQLMetadataStorage';

/**
 * Fields that are properties of what a resolver gave are read as such: type-graphql would wrap each into a function
 * with a closure for each row, unless the decorator of each type said `simpleResolvers`. To be called before `buildSchema`.
 */
export function readPropertiesPlainly(): void {
  const metadata = (globalThis as { readonly [STORAGE]?: Metadata })[STORAGE];
  if (metadata === undefined) throw new Error('type-graphql keeps its metadata elsewhere now');
  for (const type of metadata.objectTypes) type.simpleResolvers ??= true;
}

/** Values of abstract types carry the name of their type; type-graphql would make a promise of each name. */
export function readTypeNamesPlainly(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap()))
    if (isAbstractType(type)) type.resolveType = typeNameOf;
  return schema;
}
