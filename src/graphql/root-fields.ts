import { defaultFieldResolver, type GraphQLFieldMap, type GraphQLSchema } from 'graphql';

export type RootType = 'Query' | 'Mutation' | 'Subscription';

type Args = Readonly<Record<string, unknown>>;

/** Throws where the caller of the context may not ask the field with these arguments. */
export type RootFieldCheck<C> = (context: C, args: Args) => void;

/**
 * Makes every root field check first who asks.
 * @param checkOf throws for a field that nobody has thought of
 */
export function guardRootFields<C>(
  schema: GraphQLSchema,
  checkOf: (type: RootType, name: string) => RootFieldCheck<C>,
): GraphQLSchema {
  const guard = (type: RootType, fields: GraphQLFieldMap<unknown, C> = {}): void => {
    for (const [name, field] of Object.entries(fields)) {
      const check = checkOf(type, name);
      const { resolve = defaultFieldResolver } = field;
      field.resolve = (source, args, context, info) => {
        check(context, args);
        return resolve(source, args, context, info);
      };
    }
  };
  guard('Query', schema.getQueryType()?.getFields());
  guard('Mutation', schema.getMutationType()?.getFields());
  guard('Subscription', schema.getSubscriptionType()?.getFields());
  return schema;
}
