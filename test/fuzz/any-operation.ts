import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { type Chance, oneOf, wholeBelow } from '../../src/cli/demo/chance.js';
import { anyValue, type Known } from './any-value.js';
import { once } from './odd.js';

export type AnyOperation = {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
};

type Field = GraphQLField<unknown, unknown>;

type Writing = {
  readonly chance: Chance;
  readonly schema: GraphQLSchema;
  readonly known: Known;
  readonly declared: string[];
  readonly variables: Record<string, unknown>;
};

/** Pages stay small, so that a run of many asks much and not long. */
const PAGING = new Set(['first', 'last']);

function argumentsText(writing: Writing, field: Field): string {
  const { chance, known, declared, variables } = writing;
  const given = field.args.filter(one => isRequiredArgument(one) || once(chance, 3));
  const texts = given.map(({ name, type }) => {
    const variable = `v${declared.length}`;
    declared.push(`$${variable}: ${type}`);
    variables[variable] =
      PAGING.has(name) && !once(chance, 6) ? wholeBelow(chance, 6) : anyValue(chance, type, known);
    return `${name}: $${variable}`;
  });
  return texts.length === 0 ? '' : `(${texts.join(', ')})`;
}

function fieldText(writing: Writing, field: Field, depth: number): string {
  return `${field.name}${argumentsText(writing, field)}${selectionText(writing, field.type, depth - 1)}`;
}

function selectionText(writing: Writing, output: GraphQLOutputType, depth: number): string {
  const { chance, schema } = writing;
  const type = getNamedType(output);
  if (!isCompositeType(type)) return '';
  if (isAbstractType(type)) {
    const parts = schema
      .getPossibleTypes(type)
      .filter(() => once(chance, 2))
      .map(one => `... on ${one.name}${selectionText(writing, one, depth)}`);
    return ` { __typename ${parts.join(' ')} }`;
  }
  const fields = Object.values(type.getFields()).filter(
    field => depth > 0 || !isCompositeType(getNamedType(field.type)),
  );
  const chosen = new Set(
    Array.from({ length: 1 + wholeBelow(chance, 5) }, () =>
      fields.length === 0 ? null : oneOf(chance, fields),
    ),
  );
  const texts = [...chosen].flatMap((field, place) =>
    field === null ? [] : [`f${depth}_${place}: ${fieldText(writing, field, depth)}`],
  );
  return ` { __typename ${texts.join(' ')} ${'id' in type.getFields() ? 'id' : ''} }`;
}

/** Of all documents, those that reach resolvers: a valid operation whose values are sometimes none that can be. */
export function anyOperation(
  chance: Chance,
  schema: GraphQLSchema,
  root: GraphQLObjectType,
  known: Known,
): AnyOperation {
  const writing: Writing = { chance, schema, known, declared: [], variables: {} };
  const field = oneOf(chance, Object.values(root.getFields()));
  const text = fieldText(writing, field, 3 + wholeBelow(chance, 4));
  const kind = root === schema.getMutationType() ? 'mutation' : 'query';
  const declared = writing.declared.length === 0 ? '' : `(${writing.declared.join(', ')})`;
  return { query: `${kind} Any${declared} { ${text} }`, variables: writing.variables };
}

/** @throws Error where the schema has none */
export function rootOf(schema: GraphQLSchema, name: 'Query' | 'Mutation'): GraphQLObjectType {
  const root = schema.getType(name);
  if (isObjectType(root)) return root;
  throw new Error(`the schema has no ${name}`);
}
