import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { literal, VALUES } from '../operations.js';

type Step = { readonly on: string; readonly field: GraphQLField<unknown, unknown> };

/** What an argument is given, by `Type.field` or by the argument's name; else the least value of its type. */
export type Given = (on: string, field: string, argument: string) => string | undefined;

function called({ on, field }: Step, given: Given): string {
  const args = field.args.flatMap(({ name, type, defaultValue }) => {
    const own = given(on, field.name, name);
    const needed = isNonNullType(type) && defaultValue === undefined;
    return own !== undefined || needed ? [`${name}: ${own ?? literal(type, VALUES)}`] : [];
  });
  return `${field.name}${args.length === 0 ? '' : `(${args.join(', ')})`}`;
}

const objectsOf = (schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLObjectType[] => {
  if (isObjectType(type)) return [type];
  return isAbstractType(type) ? [...schema.getPossibleTypes(type)] : [];
};

/** Every leaf of an object type. */
const leavesOf = (object: GraphQLObjectType, given: Given): string => {
  const leaves = Object.values(object.getFields())
    .filter(field => isLeafType(getNamedType(field.type)))
    .map(field => called({ on: object.name, field }, given));
  return `{ ... on ${object.name} { __typename ${leaves.join(' ')} } }`;
};

const nested = (steps: readonly Step[], inner: string, given: Given): string =>
  steps
    .toReversed()
    .reduce((text, step) => `{ ... on ${step.on} { ${called(step, given)} ${text} } }`, inner);

/** One for each kind of what the last step answers: kinds may have one name for fields of two types. */
function documentsOf(
  schema: GraphQLSchema,
  steps: readonly Step[],
  given: Given,
): readonly string[] {
  const last = steps.at(-1);
  if (last === undefined) return [];
  const type = getNamedType(last.field.type);
  if (isLeafType(type)) return [nested(steps, '', given)];
  return objectsOf(schema, type).map(object => nested(steps, leavesOf(object, given), given));
}

/** One step further on each way: every field that leads to objects. */
const stepsFrom = (schema: GraphQLSchema, way: readonly Step[]): readonly (readonly Step[])[] => {
  const last = way.at(-1);
  if (last === undefined) return [];
  return objectsOf(schema, getNamedType(last.field.type)).flatMap(object =>
    Object.values(object.getFields())
      .filter(field => !isLeafType(getNamedType(field.type)))
      .map(field => [...way, { on: object.name, field }]),
  );
};

/** Near a root field every way counts; farther on one way to a field tells what the others do. */
function isNews(reached: Set<string>, way: readonly Step[]): boolean {
  const [first, last] = [way[0], way.at(-1)];
  const field = `${last?.on}.${last?.field.name}`;
  const key = way.length < 3 ? `${first?.field.name} ${field}` : field;
  const isKnown = reached.has(key);
  reached.add(key).add(field);
  return !isKnown;
}

/**
 * A query for each field of each type that queries lead to, by a shortest way there from each root field that leads to it in
 * few steps: every leaf of what it answers is asked for.
 */
export function everyPath(schema: GraphQLSchema, given: Given): readonly string[] {
  const root = schema.getQueryType();
  if (!root) throw new Error('the schema has no queries');
  const documents: string[] = [];
  const reached = new Set<string>();
  let ways: readonly (readonly Step[])[] = Object.values(root.getFields()).map(field => [
    { on: root.name, field },
  ]);
  while (ways.length > 0) {
    documents.push(...ways.flatMap(steps => documentsOf(schema, steps, given)));
    ways = ways.flatMap(way => stepsFrom(schema, way)).filter(way => isNews(reached, way));
  }
  return documents;
}
