import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

type Values = Readonly<Record<string, unknown>>;

/** What is kept of a payload: of objects with an id the ids, of all else the value. */
export type KeptAnswer = { readonly ids: Values; readonly values: Values };

/** What a mutation answers. */
export const payloadTypeOf = ({
  type,
}: Pick<GraphQLField<unknown, unknown>, 'type'>): GraphQLObjectType =>
  getNamedType(type) as GraphQLObjectType;

const isNode = (type: unknown): type is GraphQLObjectType =>
  isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');

/** The id of the API, as it is before any sealing. */
function idOf(type: GraphQLObjectType, value: unknown): unknown {
  const { resolve = defaultFieldResolver } = type.getFields()['id'] ?? {};
  return resolve(value, {}, { sealing: null }, { fieldName: 'id' } as never);
}

/** The ids of what a field holds: one, some, or null. */
function idsOf(type: GraphQLObjectType, value: unknown): unknown {
  if (Array.isArray(value)) return value.map(one => idOf(type, one));
  return value === null ? null : idOf(type, value);
}

/**
 * @param payload plain values: its type has no resolvers of its own
 * @param secrets names of fields that are told once, and never kept
 */
export function keptOf(
  type: GraphQLObjectType,
  payload: Values,
  secrets: readonly string[],
): KeptAnswer {
  const ids: Record<string, unknown> = {};
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(type.getFields())) {
    const value = payload[name] ?? null;
    const named = getNamedType(field.type);
    if (isNode(named)) ids[name] = idsOf(named, value);
    else values[name] = secrets.includes(name) ? null : value;
  }
  return { ids, values };
}

type Find = (id: string) => Promise<object | null>;

async function found(ids: unknown, find: Find): Promise<unknown> {
  if (typeof ids === 'string') return find(ids);
  if (!Array.isArray(ids)) return null;
  const all = await Promise.all(ids.map(find));
  return all.filter(one => one !== null);
}

/** The payload that was kept: objects are as they are now, and those that are gone are null or left out. */
export async function payloadOf({ ids, values }: KeptAnswer, find: Find): Promise<Values> {
  const entries = Object.entries(ids).map(async ([name, one]) => [name, await found(one, find)]);
  return { ...values, ...Object.fromEntries(await Promise.all(entries)) };
}

const NOTHING: Readonly<Record<string, unknown>> = { Int: 0, Float: 0, Boolean: false, String: '' };

/** A payload of which nothing is true but its problems. */
export const emptyPayload = (type: GraphQLObjectType, problems: readonly object[]): Values =>
  Object.fromEntries(
    Object.entries(type.getFields()).map(([name, field]) => {
      if (name === 'problems') return [name, problems];
      if (!isNonNullType(field.type)) return [name, null];
      if (isListType(field.type.ofType)) return [name, []];
      return [name, NOTHING[getNamedType(field.type).name]];
    }),
  );
