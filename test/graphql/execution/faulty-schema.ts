import {
  buildSchema,
  type GraphQLFieldResolver,
  type GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
} from 'graphql';

/** Every kind of type, each nullable and not, in lists and not. */
const SDL = `
  scalar Odd
  enum Colour { RED GREEN }
  interface Named { text: String  list: [Thing] }
  type Thing implements Named {
    text: String  sum(size: Int): Int  whole: Int!  colour: Colour  odd: Odd  list: [Thing]  strict: [Thing!]!
    other: Other  named: Named  either: Either!  texts: [String!]  matrix: [[Int!]]
  }
  type Other implements Named { text: String  list: [Thing]  thing: Thing!  tint: Colour! }
  union Either = Thing | Other
  type Query { thing(size: Int): Thing  must: Thing!  named(size: Int): [Named!]  either: Either  texts: [String] }
  type Mutation { first: Thing  second(size: Int): Either  third: Int! }
`;

/** What resolvers give: chosen by a number, so that two runs give the same. */
type Choice = () => number;

const choices = (seed: number): Choice => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state >> 8;
  };
};

/** One that nobody has to wait for: where no list is expected, what is in a list is not looked at. */
function rejected(message: string): Promise<never> {
  const promise = Promise.reject(new Error(message));
  promise.catch(() => undefined);
  return promise;
}

/**
 * Good values, nulls, wrong types, errors given and errors thrown; half of them as promises. In lists what fails at
 * once stands first: graphql-js would leave the promises before it to nobody.
 */
function givenBy(choose: Choice): unknown {
  switch (choose() % 14) {
    case 0:
      return null;
    case 1:
      return undefined;
    case 2:
      return new Error('given');
    case 3:
      throw new Error('thrown');
    case 4:
      return rejected('rejected');
    case 5:
      return [];
    case 6:
      return [null, new Error('in a list'), 1, { __typename: 'Thing' }, Promise.resolve('RED')];
    case 7:
      return [{ __typename: 'Other' }, rejected('rejected in a list')];
    case 8:
      return 'RED';
    default:
      return { __typename: choose() % 5 === 0 ? 'Other' : 'Thing', colour: 'GREEN' };
  }
}

const scalarOf = (choose: Choice): unknown => [1, 7, 'RED', 'text', null, 2.5, true][choose() % 7];

function resolverOf(
  isLeaf: boolean,
  choose: (path: string) => Choice,
): GraphQLFieldResolver<unknown, unknown> {
  return (_source, args, _context, info) => {
    const places: (string | number)[] = [];
    for (let at: typeof info.path | undefined = info.path; at !== undefined; at = at.prev)
      places.push(at.key);
    const next = choose(`${places.join('.')} ${JSON.stringify(args)} ${info.fieldNodes.length}`);
    const isOdd = next() % 4 === 0;
    const value = isLeaf && !isOdd ? scalarOf(next) : givenBy(next);
    return next() % 2 === 0 && !(value instanceof Promise) ? Promise.resolve(value) : value;
  };
}

const hashed = (text: string, seed: number): number => {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
};

function makeOdd(schema: GraphQLSchema): void {
  const odd = schema.getType('Odd') as GraphQLScalarType;
  odd.serialize = value => {
    if (typeof value === 'string') throw new TypeError('odd');
    return value;
  };
}

function makeTyped(schema: GraphQLSchema, seed: number): void {
  for (const type of Object.values(schema.getTypeMap()))
    if (isAbstractType(type))
      type.resolveType = value => {
        const { __typename: name } = value as { readonly __typename?: string };
        return seed % 2 === 0 ? name : Promise.resolve(name);
      };
}

/** A schema of which each field answers by its path, its arguments and the seed, and fails now and then. */
export function faultySchema(seed: number): GraphQLSchema {
  const schema = buildSchema(SDL);
  const choose = (place: string): Choice => choices(hashed(place, seed));
  makeOdd(schema);
  makeTyped(schema, seed);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    // One field has no resolver: its values are properties.
    for (const field of Object.values(type.getFields()))
      if (`${type.name}.${field.name}` !== 'Thing.colour')
        field.resolve = resolverOf(isLeafType(getNamedType(field.type)), choose);
  }
  return schema;
}
