import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { type Chance, oneOf, wholeBelow } from '../../src/cli/demo/chance.js';
import { once } from './odd.js';
import { poison } from './poison.js';

/** What is there to be asked for. */
export type Known = {
  readonly names: readonly string[];
  /** Of nodes and cursors, as answers gave them. */
  readonly ids: readonly string[];
  readonly manifests: readonly string[];
  readonly records: readonly string[];
};

const TIMES = ['2026-11-22T10:00:00Z', '2026-11-22T00:00:00.5+01:00', '2030-01-01T00:00:00Z'];
const BOUNDS = [...TIMES, '7d', '999999w', 'PT1H', 'P999999Y', 'P1M'];
const TEXTS = ['hubble', 'neutral', 'Deployment', 'TCP', 'shop/web', 'shop/api', '10.0.0.1', ''];

const goodText = (chance: Chance, { names, ids }: Known): string => {
  const among = [names, ids, TEXTS].filter(one => one.length > 0);
  return oneOf(chance, oneOf(chance, among));
};

function goodScalar(chance: Chance, name: string, known: Known): unknown {
  switch (name) {
    case 'Int':
      return oneOf(chance, [0, 1, 2, 5, 50, -1, 500]);
    case 'Float':
      return oneOf(chance, [0, 0.5, 1e3]);
    case 'Boolean':
      return once(chance, 2);
    case 'DateTime':
      return oneOf(chance, TIMES);
    case 'TimeBound':
      return oneOf(chance, BOUNDS);
    case 'BigInt':
      return oneOf(chance, ['0', '7', '9223372036854775807', 5]);
    case 'Port':
      return oneOf(chance, [1, 80, 65_535]);
    case 'Cidr':
      return oneOf(chance, ['10.0.0.0/8', '::/0', '203.0.113.0/24']);
    case 'IpAddress':
      return oneOf(chance, ['10.0.0.1', '::1', '203.0.113.5']);
    case 'Yaml':
      return oneOf(chance, known.manifests);
    case 'Json':
      return poison(chance);
    default:
      return once(chance, 6) ? oneOf(chance, known.records) : goodText(chance, known);
  }
}

/** One field of each input object that has many is left in about half of the time, and those that must be. */
const isWanted = (chance: Chance, type: GraphQLInputType): boolean =>
  isNonNullType(type) || once(chance, 3);

/** A value of an input type as JSON; sometimes one that it cannot have. */
export function anyValue(chance: Chance, type: GraphQLInputType, known: Known, depth = 4): unknown {
  if (once(chance, 12)) return poison(chance);
  if (isNonNullType(type)) return anyValue(chance, type.ofType, known, depth);
  if (once(chance, 12)) return null;
  if (isListType(type))
    return Array.from({ length: wholeBelow(chance, depth > 0 ? 4 : 1) }, () =>
      anyValue(chance, type.ofType, known, depth - 1),
    );
  if (isEnumType(type)) return oneOf(chance, type.getValues()).name;
  if (!isInputObjectType(type)) return goodScalar(chance, type.name, known);
  const fields = Object.values(type.getFields()).filter(
    field => (depth > 0 || isNonNullType(field.type)) && isWanted(chance, field.type),
  );
  return Object.fromEntries(
    fields.map(field => [field.name, anyValue(chance, field.type, known, depth - 1)]),
  );
}
