import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { sharedServer } from '../support/shared-server.js';

const server = sharedServer();

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

const LONG = 'x'.repeat(2_000);
const CLUSTER_ID = Buffer.from('Cluster:1').toString('base64url');

/** Values that somebody sends by mistake or to see what happens, as literals. */
const ODD: Readonly<Record<string, readonly string[]>> = {
  String: ['""', '"\\u0000"', '"%"', '"NODE:"', '"a/b/c[d]"', `"${LONG}"`],
  ID: ['""', '"x"', `"${CLUSTER_ID}"`, '"\\u0000"', `"${LONG}"`],
  Int: ['0', '-1', '2147483647', '-2147483648'],
  Float: ['-1', '1e308'],
  Boolean: ['true'],
  Port: ['0', '65536'],
  BigInt: ['"-1"', '"9223372036854775808"', '"1e3"'],
  TimeBound: ['"0d"', '"P99999Y"', '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59-14:00"', '"1x"'],
  DateTime: ['"0001-01-01T00:00:00+14:00"', '"2026-02-30T00:00:00Z"', '"9999-12-31T23:59:59Z"'],
  Cidr: ['"::/0"', '"10.0.0.0/33"', '"fe80::1%eth0/64"'],
  IpAddress: ['"x"', '"::1"'],
  Json: ['[]', '{ a: { b: 1 } }'],
  Yaml: ['""', '"- ["', '"&a [*a]"'],
};

type Input = GraphQLArgument | GraphQLInputField;

const isRequired = ({ type, defaultValue }: Input): boolean =>
  isNonNullType(type) && defaultValue === undefined;

/** A value that nothing is wrong with. */
function plain(type: GraphQLInputType): string {
  if (isNonNullType(type)) return plain(type.ofType);
  if (isListType(type)) return `[${plain(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) return `{ ${requiredOf(Object.values(type.getFields()))} }`;
  const values: Readonly<Record<string, string>> = {
    String: '"here"',
    Int: '1',
    TimeBound: '"7d"',
  };
  return values[type.name] ?? ODD[type.name]?.[0] ?? '"here"';
}

const requiredOf = (inputs: readonly Input[], but?: Input): string =>
  inputs
    .filter(one => one !== but && isRequired(one))
    .map(one => `${one.name}: ${plain(one.type)}`)
    .join(', ');

/** @param depth how deep fields of inputs are looked at */
function oddOf(type: GraphQLInputType, depth: number): readonly string[] {
  if (isNonNullType(type)) return oddOf(type.ofType, depth);
  if (isListType(type)) {
    const one = plain(type.ofType);
    return ['[]', `[${one}, ${one}]`, ...oddOf(type.ofType, depth).map(odd => `[${odd}]`)];
  }
  if (!isInputObjectType(type)) return ODD[type.name] ?? [];
  const fields = Object.values(type.getFields());
  if (depth === 0) return ['{}'];
  return fields.flatMap(field =>
    oddOf(field.type, depth - 1).map(
      odd =>
        `{ ${[requiredOf(fields, field), `${field.name}: ${odd}`].filter(Boolean).join(', ')} }`,
    ),
  );
}

type Field = GraphQLField<unknown, unknown>;

const answerOf = ({ type }: Field): string =>
  isLeafType(getNamedType(type)) ? '' : ' { __typename }';

const oddCalls = (field: Field): readonly string[] =>
  field.args.flatMap(arg =>
    oddOf(arg.type, 1).map(odd => {
      const all = [requiredOf(field.args, arg), `${arg.name}: ${odd}`].filter(Boolean).join(', ');
      return `${field.name}(${all})${answerOf(field)}`;
    }),
  );

const EXPECTED = ['BAD_USER_INPUT', 'COST_EXCEEDED', 'NOT_FOUND', 'FORBIDDEN', 'CONFLICT'];

type Told = {
  readonly message: string;
  readonly extensions: { readonly code: string; readonly requestId?: string };
};

async function hold(document: string): Promise<void> {
  const { errors = [], extensions } = await server().send(document);
  assert.ok('cost' in extensions, document);
  for (const { message, extensions: of } of errors as readonly Told[]) {
    assert.ok(EXPECTED.includes(of.code), `${of.code} ${message}: ${document.slice(0, 300)}`);
    assert.notEqual(of.requestId, undefined, document);
  }
}

const fieldsOf = (type: 'Query' | 'Mutation'): readonly Field[] =>
  Object.values(
    (type === 'Query' ? schema.getQueryType() : schema.getMutationType())?.getFields() ?? {},
  );

/** They would end what the others need: the cluster, and that nobody needs a token. */
const NOT_HERE = ['deleteCluster', 'createToken'];

test('whatever an argument is given, the answer is one, or says what was wrong with it', async () => {
  await server().ask(
    'mutation { importInventory(input: { cluster: "here", manifests: "{kind: Namespace, apiVersion: v1, metadata: {name: here}}" }) { cluster { id } } }',
  );
  const queries = fieldsOf('Query').flatMap(field => oddCalls(field).map(call => `{ ${call} }`));
  const mutations = fieldsOf('Mutation')
    .filter(({ name }) => !NOT_HERE.includes(name))
    .flatMap(field => oddCalls(field).map(call => `mutation { ${call} }`));
  assert.ok(
    queries.length > 500 && mutations.length > 500,
    `${queries.length} ${mutations.length}`,
  );
  for (const document of [...queries, ...mutations]) await hold(document);
});
