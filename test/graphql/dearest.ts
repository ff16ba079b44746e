import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isLeafType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import { CONDITION_COST, FIELD_COSTS, LIST_SIZES } from '../../src/field-costs.js';
import { checkDocument, DEFAULT_LIMITS } from '../../src/graphql/check-document.js';
import { literal, VALUES } from '../access/operations.js';

type Field = GraphQLField<unknown, unknown>;

const LIMITS = {
  ...DEFAULT_LIMITS,
  fieldCosts: FIELD_COSTS,
  listSizes: LIST_SIZES,
  conditionCost: CONDITION_COST,
};

export type Asked = { readonly query: string; readonly variables: Record<string, unknown> };

export function costOf(schema: GraphQLSchema, { query, variables }: Asked): number {
  const request = { variables, operationName: null };
  try {
    const document = parse(query, { maxTokens: LIMITS.tokens });
    const { cost, refusal } = checkDocument(schema, document, request, LIMITS);
    return refusal === null ? cost : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Of an interface or a union one type: all of them would give fields of one name several types. */
const leavesOf = (schema: GraphQLSchema, type: GraphQLNamedType): string => {
  const objects = isAbstractType(type)
    ? schema
        .getPossibleTypes(type)
        .filter(({ name }) => name === (type.name === 'Node' ? 'Flow' : 'Deployment'))
    : [type];
  return objects
    .map(object => {
      const fields = isObjectType(object) ? Object.values(object.getFields()) : [];
      const leaves = fields.filter(
        one => isLeafType(getNamedType(one.type)) && one.args.length === 0,
      );
      return `... on ${object.name} { __typename ${leaves.map(({ name }) => name).join(' ')} }`;
    })
    .join(' ');
};

/** What every row of the answer leads to, with all of its leaves. */
function bodyOf(schema: GraphQLSchema, type: GraphQLNamedType): string {
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  const rows = fields.find(({ name }) => name === 'nodes');
  const count = fields.some(({ name }) => name === 'totalCount') ? 'totalCount' : '';
  if (rows === undefined || !type.name.endsWith('Connection')) return leavesOf(schema, type);
  const row = getNamedType(rows.type);
  const further = isObjectType(row) ? Object.values(row.getFields()) : [];
  const ends = further
    .filter(one => isObjectType(getNamedType(one.type)) && one.args.length === 0)
    .map(one => `${one.name} { ${leavesOf(schema, getNamedType(one.type))} }`);
  return `${count} nodes { ${leavesOf(schema, row)} ${ends.join(' ')} }`;
}

const argumentsOf = (field: Field, given: Readonly<Record<string, string>>): string => {
  const args = field.args.flatMap(({ name, type, defaultValue }) => {
    const own = given[`${field.name}.${name}`] ?? given[name];
    const needed = isNonNullType(type) && defaultValue === undefined;
    return own !== undefined || needed ? [`${name}: ${own ?? literal(type, VALUES)}`] : [];
  });
  return args.length === 0 ? '' : `(${args.join(', ')})`;
};

/** What asks a root field once, for a page of so many. */
type Once = {
  readonly head?: string;
  readonly body: (page: number) => string;
  readonly variables?: Record<string, unknown>;
};

/** The most of it that the limit lets through: as long a page as there is, as often as it may be asked for; null: nothing. */
function most(schema: GraphQLSchema, { head = 'query', body, variables = {} }: Once): Asked | null {
  for (const page of [500, 200, 100, 50, 20, 5, 1])
    for (const count of [50, 20, 10, 5, 3, 1]) {
      const fields = Array.from({ length: count }, (_, place) => `a${place}: ${body(page)}`);
      const asked = { query: `${head} { ${fields.join(' ')} }`, variables };
      if (costOf(schema, asked) <= LIMITS.cost) return asked;
    }
  return null;
}

/** The dearest query of each root field, with all that its rows hold. */
export const widest = (
  schema: GraphQLSchema,
  given: Readonly<Record<string, string>>,
): readonly Asked[] =>
  Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap(field => {
    const type = getNamedType(field.type);
    if (isLeafType(type)) return [];
    const body = (page: number): string => {
      const args = argumentsOf(field, { ...given, first: `${page}` });
      return `${field.name}${args} { ${bodyOf(schema, type)} }`;
    };
    return most(schema, { body }) ?? [];
  });

const hasTotal = ({ type }: Field): boolean => {
  const named = getNamedType(type);
  return isObjectType(named) && 'totalCount' in named.getFields();
};

/** Texts of a filter that Postgres must hold against every row, as many as the limit lets through, in one and in many fields. */
export function narrowest(
  schema: GraphQLSchema,
  given: Readonly<Record<string, string>>,
): readonly Asked[] {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
  return fields.flatMap(field => {
    const filter = field.args.find(({ name }) => name === 'filter');
    const type = filter && getNamedType(filter.type);
    if (!isInputObjectType(type) || !('or' in type.getFields())) return [];
    const texts = Object.values(type.getFields()).filter(
      one => getNamedType(one.type).name === 'StringFilter',
    );
    return texts.flatMap(({ name }) => {
      const once = (count: number): Once => ({
        head: `query ($filter: ${type.name})`,
        body: () => {
          const args = argumentsOf(field, { ...given, filter: '$filter', first: '1' });
          return `${field.name}${args} { ${hasTotal(field) ? 'totalCount' : '__typename'} }`;
        },
        variables: {
          filter: { or: some(count, place => ({ [name]: { contains: `x${place}` } })) },
        },
      });
      const largest = [400, 240, 200, 100, 50, 20, 4].find(
        count => most(schema, once(count)) !== null,
      );
      return largest === undefined ? [] : (most(schema, once(largest)) ?? []);
    });
  });
}

export const some = <T>(count: number, one: (place: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, place) => one(place));
