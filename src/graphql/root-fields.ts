import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldMap,
  type GraphQLSchema,
  getNullableType,
} from 'graphql';

export type RootType = 'Query' | 'Mutation' | 'Subscription';

/** Each root field of queries and mutations may be null, so that one that fails spares those beside it. */
export function nullableRoots(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(type?.getFields() ?? {}))
      field.type = getNullableType(field.type);
  return schema;
}

export type Args = Readonly<Record<string, unknown>>;

/** What a root field does, with these arguments in this context. */
export type RootWork<C> = (args: Args, context: C) => unknown;

/** One call of a root field. */
export type RootCall<C> = {
  readonly context: C;
  readonly args: Args;
  readonly field: GraphQLField<unknown, C>;
  readonly work: RootWork<C>;
};

/** Lets a root field do its work, or throws where the caller of the context may not ask it with these arguments. */
export type RootFieldGuard<C> = (call: RootCall<C>) => unknown;

/**
 * Puts a guard around every root field.
 * @param guardOf throws for a field that nobody has thought of
 */
export function guardRootFields<C>(
  schema: GraphQLSchema,
  guardOf: (type: RootType, name: string) => RootFieldGuard<C>,
): GraphQLSchema {
  const guard = (type: RootType, fields: GraphQLFieldMap<unknown, C> = {}): void => {
    for (const [name, field] of Object.entries(fields)) {
      const around = guardOf(type, name);
      const { resolve = defaultFieldResolver, subscribe } = field;
      field.resolve = (source, args, context, info) =>
        around({
          context,
          args,
          field,
          work: (given, within) => resolve(source, given, within, info),
        });
      if (subscribe !== undefined)
        field.subscribe = (source, args, context, info) =>
          around({
            context,
            args,
            field,
            work: (given, within) => subscribe(source, given, within, info),
          });
    }
  };
  guard('Query', schema.getQueryType()?.getFields());
  guard('Mutation', schema.getMutationType()?.getFields());
  guard('Subscription', schema.getSubscriptionType()?.getFields());
  return schema;
}
