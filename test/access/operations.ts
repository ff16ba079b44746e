import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';

/** A value of each scalar that the schema knows, as a literal. */
export const VALUES: Readonly<Record<string, string>> = {
  String: '"lab"',
  ID: '"bm9uZQ"',
  Int: '1',
  Float: '1',
  Boolean: 'false',
  Yaml: '""',
  DateTime: '"2026-11-22T10:00:00Z"',
  TimeBound: '"7d"',
  Cidr: '"192.0.2.0/24"',
  IpAddress: '"192.0.2.1"',
  Port: '80',
  BigInt: '"1"',
  Json: '{}',
};

/** The least value that the type takes. */
export function literal(type: GraphQLInputType, values: typeof VALUES): string {
  if (isNonNullType(type)) return literal(type.ofType, values);
  if (isListType(type)) return `[${literal(type.ofType, values)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (!isInputObjectType(type)) return values[type.name] ?? '"x"';
  const needed = Object.values(type.getFields()).filter(
    field => isNonNullType(field.type) && field.defaultValue === undefined,
  );
  return `{ ${needed.map(field => `${field.name}: ${literal(field.type, values)}`).join(', ')} }`;
}

/** An operation that asks one root field with what it must be given, and `__typename` of its answer. */
export function operationText(
  kind: 'Query' | 'Mutation' | 'Subscription',
  field: GraphQLField<unknown, unknown>,
  values: typeof VALUES,
): string {
  const needed = field.args.filter(
    arg => isNonNullType(arg.type) && arg.defaultValue === undefined,
  );
  const given = needed.map(arg => `${arg.name}: ${literal(arg.type, values)}`).join(', ');
  const answer = getNamedType(field.type);
  const isComposite = isObjectType(answer) || isInterfaceType(answer) || isUnionType(answer);
  const args = given === '' ? '' : `(${given})`;
  return `${kind.toLowerCase()} { ${field.name}${args} ${isComposite ? '{ __typename }' : ''} }`;
}
