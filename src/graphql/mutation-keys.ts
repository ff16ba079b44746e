import { type GraphQLSchema, GraphQLString, getNamedType, isInputObjectType } from 'graphql';

const DESCRIPTION =
  'Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days';

/** Gives the input of every mutation an idempotency key, where it has none of its own. @param without names of mutations */
export function addMutationKeys(
  schema: GraphQLSchema,
  without: Readonly<Record<string, string>>,
): GraphQLSchema {
  for (const { name, args } of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const input = getNamedType(args.find(one => one.name === 'input')?.type ?? GraphQLString);
    if (Object.hasOwn(without, name) || !isInputObjectType(input)) continue;
    input.getFields()['key'] ??= {
      name: 'key',
      description: DESCRIPTION,
      type: GraphQLString,
      defaultValue: undefined,
      deprecationReason: undefined,
      extensions: {},
      astNode: undefined,
    };
  }
  return schema;
}
