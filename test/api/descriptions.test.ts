import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { createSchema } from '../../src/schema.js';

/** The two roots are GraphQL's own words. */
const SELF_EVIDENT: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/** Every name within a type, with what is said of it. */
function describedParts(
  type: GraphQLNamedType,
): readonly (readonly [string, string | null | undefined])[] {
  if (isEnumType(type)) return type.getValues().map(value => [value.name, value.description]);
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map(field => [field.name, field.description]);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap(field => [
    [field.name, field.description] as const,
    ...field.args.map(arg => [`${field.name}(${arg.name})`, arg.description] as const),
  ]);
}

/** What says how a value is written, and not what it is. */
const SAYS_NOTHING = /^(?:from \d+|in hex|default \S+|(?:\d+ to \d+; )?\S+ by default|\S+)$/i;

/** Protocols are their own description. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  'SCTP',
  'TCP',
  'UDP',
  'NETWORK_POLICY',
  'POLICY',
  'NODE',
  'NAMESPACE',
  'DEPLOYMENT',
]);

test('a description says what the thing is, not how it is written alone', async () => {
  const empty = Object.values((await createSchema()).getTypeMap()).flatMap(type =>
    describedParts(type)
      .filter(([name, said]) => SAYS_NOTHING.test(said ?? '') && !OWN_WORDS.has(name))
      .map(([name, said]) => `${type.name}.${name}: ${said}`),
  );
  assert.deepEqual(
    empty.filter(one => !one.startsWith('__')),
    [],
  );
});

test('every type, field, argument and value of the schema is described', async () => {
  const types = Object.values((await createSchema()).getTypeMap()).filter(
    type => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  );
  const undescribed = types.flatMap(type => [
    ...(type.description || SELF_EVIDENT.has(type.name) ? [] : [type.name]),
    ...describedParts(type)
      .filter(([, description]) => !description)
      .map(([name]) => `${type.name}.${name}`),
  ]);
  assert.deepEqual(undescribed, []);
});
