import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { sharedServer } from '../support/shared-server.js';

const server = sharedServer();

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

type Field = GraphQLField<unknown, unknown>;

type Root = 'Query' | 'Mutation' | 'Subscription';

const fieldsOf = (type: Root): readonly Field[] => {
  const root = schema.getType(type);
  return isObjectType(root) ? Object.values(root.getFields()) : [];
};

/** A value of a type that names nothing that is there: `nowhere` for text. */
function unknownOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return unknownOf(type.ofType);
  if (isListType(type)) return '[]';
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(one => isNonNullType(one.type));
    return `{ ${required.map(one => `${one.name}: ${unknownOf(one.type)}`).join(', ')} }`;
  }
  if (['Int', 'Float', 'Port'].includes(type.name)) return '1';
  if (type.name === 'Boolean') return 'false';
  return type.name === 'TimeBound' || type.name === 'DateTime'
    ? '"2026-11-22T10:00:00Z"'
    : '"nowhere"';
}

const selectionOf = ({ type }: Field): string =>
  isObjectType(getNamedType(type)) || getNamedType(type).name === 'Node' ? ' { __typename }' : '';

const call = (field: Field, more: readonly string[] = []): string => {
  const required = field.args
    .filter(({ type }) => isNonNullType(type))
    .map(({ name, type }) => `${name}: ${unknownOf(type)}`);
  const all = [...required, ...more];
  return `${field.name}${all.length === 0 ? '' : `(${all.join(', ')})`}${selectionOf(field)}`;
};

const codesOf = async (document: string): Promise<readonly string[]> => {
  const { errors = [] } = await server().send(document);
  return errors.map(({ extensions }) => (extensions as { readonly code: string }).code);
};

/** The codes of the first answer of a subscription, by Server-Sent Events. */
async function codesOfFirst(query: string): Promise<readonly string[]> {
  const asked = new AbortController();
  const response = await fetch(`${server().server}/graphql/stream`, {
    method: 'POST',
    signal: AbortSignal.any([asked.signal, AbortSignal.timeout(5_000)]),
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('\n\n')) text += (await reader?.read())?.value ?? '\n\n';
  asked.abort();
  const [, data = '{}'] = /^data: (.*)$/m.exec(text) ?? [];
  const { errors = [] } = JSON.parse(data) as {
    readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
  };
  return errors.map(({ extensions }) => extensions.code);
}

type Told = { readonly [key in 'code' | 'severity' | 'path' | 'hint']: string | null };

const SAFE = ['BAD_USER_INPUT', 'NOT_FOUND', 'FORBIDDEN', 'CONFLICT'];

test('every query that names what is not there is answered, or refused as bad input', async () => {
  for (const field of fieldsOf('Query')) {
    const codes = await codesOf(`{ ${call(field)} }`);
    assert.ok(
      codes.every(code => SAFE.includes(code)),
      `${field.name}: ${codes.join()}`,
    );
  }
});

test('every subscription that names what is not there says so at once', async () => {
  const named = fieldsOf('Subscription').filter(({ args }) =>
    args.some(({ type }) => isNonNullType(type)),
  );
  assert.ok(named.length >= 3, 'subscriptions');
  for (const field of named)
    assert.deepEqual(
      await codesOfFirst(`subscription { ${call(field)} }`),
      ['NOT_FOUND'],
      field.name,
    );
});

test('every list refuses bad cursors and bounds', async () => {
  const lists = fieldsOf('Query').filter(({ type }) =>
    getNamedType(type).name.endsWith('Connection'),
  );
  assert.ok(lists.length >= 5, 'lists');
  for (const field of lists) {
    for (const bad of [
      'first: -1',
      'first: 501',
      'last: 501',
      'first: 1, last: 1',
      'after: "x"',
      'before: "eA"',
    ]) {
      const codes = await codesOf(`{ ${call(field, [bad])} }`);
      assert.deepEqual(codes, ['BAD_USER_INPUT'], `${field.name}(${bad})`);
    }
  }
});

test('every mutation with empty input, or input that names nothing, is told what is wrong', async () => {
  for (const field of fieldsOf('Mutation')) {
    if (field.args.length === 0) continue;
    const [argument] = field.args;
    const empty = await codesOf(
      `mutation { ${field.name}(${argument?.name}: {})${selectionOf(field)} }`,
    );
    assert.ok(
      empty.every(code => SAFE.includes(code)),
      `${field.name}({}): ${empty.join()}`,
    );
    const unknown = await codesOf(`mutation { ${call(field)} }`);
    assert.ok(
      unknown.every(code => SAFE.includes(code)),
      `${field.name}: ${unknown.join()}`,
    );
  }
});

/** Mutations that make what they name, or that nothing is named in. */
const MAKING = [
  'cancelJobs',
  'deleteSimulations',
  'createAlertRule',
  'createNotifier',
  'createToken',
  'importInventory',
  'importExternalBlocks',
  'importKnownBad',
  'ingestFlows',
];

/** Values without which an input says nothing, for mutations whose required fields are not all. */
const MORE: Readonly<Record<string, string>> = {
  acceptAlerts: 'ids: ["nowhere"]',
  deleteExternalBlocks: 'ids: ["nowhere"]',
  deletePolicySets: 'ids: ["nowhere"]',
  commentOnAlert: 'id: "nowhere", text: "a"',
  reopenAlerts: 'ids: ["nowhere"]',
  resolveAlerts: 'ids: ["nowhere"]',
  snoozeAlerts: 'ids: ["nowhere"], until: "2999-01-01T00:00:00Z"',
  testAlertRule: 'id: "nowhere", since: "1h"',
};

const inputOf = (field: Field): string => {
  const [argument] = field.args;
  if (argument === undefined) throw new Error(`\`${field.name}\` takes no input`);
  const more = MORE[field.name];
  return more === undefined ? unknownOf(argument.type) : `{ ${more} }`;
};

test('every mutation that names what is not there answers a problem NOT_FOUND that says where and what to do, and no error', async () => {
  for (const field of fieldsOf('Mutation').filter(({ name }) => !MAKING.includes(name))) {
    const { data, errors } = await server().send(
      `mutation { ${field.name}(input: ${inputOf(field)}) { problems { code severity path hint } } }`,
    );
    assert.equal(errors, undefined, `${field.name}: ${JSON.stringify(errors)}`);
    const { problems } = (data as Record<string, { readonly problems: readonly Told[] }>)[
      field.name
    ] ?? { problems: [] };
    const [problem] = problems;
    assert.equal(problem?.code, 'NOT_FOUND', field.name);
    assert.equal(problem?.severity, 'ERROR', field.name);
    assert.notEqual(problem?.path, null, `${field.name}: path`);
    assert.notEqual(problem?.hint, null, `${field.name}: hint`);
  }
});

test('root fields may be null, so that one that fails spares the others', async () => {
  for (const field of [...fieldsOf('Query'), ...fieldsOf('Mutation')])
    assert.equal(isNonNullType(field.type), false, field.name);
  const { data, errors = [] } = await server().send(
    '{ flows(first: 501) { totalCount } viewer { name } clusters { totalCount } }',
  );
  assert.equal(errors.length, 1);
  const { flows, ...others } = data as Record<string, unknown>;
  assert.equal(flows, null);
  assert.ok(Object.values(others).every(one => one !== null));
});

const WINDOW = 'since: "2026-11-22T10:00:00Z", until: "2026-11-21T10:00:00Z"';

/** Arguments of the field that make its window end before it begins, one text for each argument that has a window. */
function endedBefore(field: Field): readonly string[] {
  const names = new Set(field.args.map(({ name }) => name));
  if (names.has('since') && names.has('until')) return [WINDOW];
  return field.args.flatMap(({ name, type }) => {
    const input = getNamedType(type);
    if (!isInputObjectType(input)) return [];
    const { since, until, ...others } = input.getFields();
    if (since === undefined || until === undefined) return [];
    const required = Object.values(others).filter(one => isNonNullType(one.type));
    const rest = required.map(one => `${one.name}: ${unknownOf(one.type)}`);
    return [`${name}: { ${[...rest, WINDOW].join(', ')} }`];
  });
}

test('a window that ends before it begins is bad input, wherever one is asked', async () => {
  await codesOf(
    'mutation { importInventory(input: { cluster: "here", manifests: "kind: Namespace\\napiVersion: v1\\nmetadata: { name: shop }" }) { __typename } }',
  );
  const asked: string[] = [];
  for (const root of ['Query', 'Mutation', 'Subscription'] as const)
    for (const field of fieldsOf(root))
      for (const window of endedBefore(field)) {
        const given = field.args
          .filter(({ name, type }) => isNonNullType(type) && !window.startsWith(`${name}:`))
          .map(({ name, type }) => `${name}: ${unknownOf(type)}`);
        const args = [...given, window].join(', ').replaceAll('"nowhere"', '"here"');
        const document = `${root.toLowerCase()} { ${field.name}(${args})${selectionOf(field)} }`;
        const codes = await (root === 'Subscription' ? codesOfFirst : codesOf)(document);
        assert.deepEqual(codes, ['BAD_USER_INPUT'], `${field.name}(${args})`);
        asked.push(field.name);
      }
  assert.ok(asked.length >= 8, asked.join());
});

test('a look-up that names what is not there answers null, and the others beside it are answered', async () => {
  const { data, errors } = await server().send(`{
    cluster(name: "nowhere") { name }
    explain(input: { cluster: "nowhere", source: "a/b", destination: "a/b" }) { verdict }
    networkGraph(cluster: "nowhere") { truncated }
    networkGraphDiff(cluster: "nowhere", before: {}, after: {}) { truncated }
    deployment(cluster: "nowhere", namespace: "a", name: "b") { name }
    policySet(cluster: "nowhere", name: "a") { name }
    clusters { totalCount }
  }`);
  assert.equal(errors, undefined);
  const { clusters, ...lookUps } = data as Record<string, unknown>;
  assert.deepEqual(new Set(Object.values(lookUps)), new Set([null]));
  assert.notEqual(clusters, null);
});
