import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  buildSchema,
  type GraphQLField,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { until } from '../support/lab.js';
import { type ServerFixture, withServer } from '../support/server.js';
import { type Inputs, mutationInputs, WEB } from './support/mutation-inputs.js';
import { adminToken, POLICY, type Send, sendingAs, worldOf } from './support/world.js';

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

type Field = GraphQLField<unknown, unknown>;
const mutations: readonly Field[] = Object.values(schema.getMutationType()?.getFields() ?? {});

/** Mutations that take no key, and why. */
const WITHOUT: Readonly<Record<string, string>> = { testAlertRule: 'it stores nothing' };

/** Mutations whose keys are those of a route as well, with tests of their own, and why they answer otherwise. */
const OF_ROUTES: Readonly<Record<string, string>> = {
  importInventory: '`Idempotency-Key` of `/ingest/inventory`; kept with the import',
  ingestFlows:
    '`Idempotency-Key` of `/ingest/flows`; what was there before is counted as duplicates',
};

const inputOf = ({ args }: Field) => getNamedType(args[0]?.type ?? assert.fail());

const hasId = (type: unknown): boolean => isObjectType(type) && 'id' in type.getFields();

/** All of a payload that can be asked without arguments, one object deep. */
const selectionOf = (field: Field): string => {
  const fieldsOf = (type: unknown): readonly Field[] =>
    isObjectType(type)
      ? Object.values(type.getFields()).filter(
          one => !one.args.some(arg => isNonNullType(arg.type)),
        )
      : [];
  const leaves = (type: unknown): string =>
    fieldsOf(type)
      .flatMap(one => (isLeafType(getNamedType(one.type)) ? [one.name] : []))
      .join(' ');
  return fieldsOf(getNamedType(field.type))
    .map(one => {
      const type = getNamedType(one.type);
      if (isLeafType(type)) return one.name;
      return `${one.name} { ${hasId(type) ? 'id' : leaves(type)} }`;
    })
    .join(' ');
};

const documentOf = (field: Field): string =>
  `mutation ($input: ${inputOf(field).name}!) { ${field.name}(input: $input) { ${selectionOf(field)} } }`;

// biome-ignore lint/suspicious/noExplicitAny: the payload has the shape of the selection
type Payload = any;

const call = async (send: Send, field: Field, input: object): Promise<Payload> => {
  const { data, errors } = await send(documentOf(field), { input });
  assert.deepEqual(errors, undefined, `${field.name}: ${JSON.stringify(input)}`);
  return data[field.name];
};

const codesOf = ({ problems }: Payload): readonly string[] =>
  problems.map(({ code }: { readonly code: string }) => code);

test('every mutation takes a key, but those that store nothing', () => {
  for (const field of mutations) {
    const type = inputOf(field);
    assert.ok(isInputObjectType(type), field.name);
    assert.equal('key' in type.getFields(), WITHOUT[field.name] === undefined, field.name);
  }
});

const TABLES = `select table_name as name from information_schema.tables
  where table_schema = 'public' and table_name not like 'audit%' and table_name not in ('mutation_key', 'job_worker') order by 1`;

const WAITING = 'select 1 from job where finished_at is null';

/** All rows of all tables, but the audit log and what tells of use alone. */
async function rowsOf({ execute }: ServerFixture): Promise<unknown> {
  const isDone = async () => ((await execute(WAITING)) as readonly object[]).length === 0;
  await until(isDone, 'jobs have ended');
  const tables = (await execute(TABLES)) as readonly { readonly name: string }[];
  const hashes = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(string_agg((to_jsonb(t) - 'last_used_at')::text, '' order by to_jsonb(t)::text)) from "${name}" t`,
  );
  return execute(`${hashes.join(' union all ')} order by 1`);
}

/** What a second answer leaves out of the first one. */
const AGAIN: Readonly<Record<string, (first: Payload) => Payload>> = {
  createToken: first => ({ ...first, secret: null }),
  deleteAlertRule: first => ({ ...first, rule: null }),
  deleteNotifier: first => ({ ...first, notifier: null }),
};

async function holdKey(
  fixture: ServerFixture,
  send: Send,
  [name, [first, other]]: [string, Inputs],
) {
  const field = mutations.find(one => one.name === name) ?? assert.fail(name);
  const key = randomUUID();
  const answer = await call(send, field, { ...first, key });
  assert.ok(!codesOf(answer).includes('NOT_FOUND'), `${name}: ${JSON.stringify(answer.problems)}`);
  const before = await rowsOf(fixture);
  const again = await call(send, field, { ...first, key });
  const { problems: _, ...expected } = (AGAIN[name] ?? (one => one))(answer);
  const { problems, ...rest } = again;
  assert.deepEqual(rest, expected, name);
  const told = [...codesOf(answer), ...(name === 'createToken' ? ['SECRET_TOLD_ONCE'] : [])];
  assert.deepEqual(codesOf({ problems }), told, name);
  assert.deepEqual(await rowsOf(fixture), before, `${name}: again changes nothing`);
  const reused = await call(send, field, { ...other, key });
  assert.deepEqual(codesOf(reused), ['KEY_REUSED'], name);
  assert.deepEqual(await rowsOf(fixture), before, `${name}: nothing is done with another input`);
}

const FAIL = `create function fail() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$;
  create trigger fail before update on mutation_key for each row execute function fail()`;

/** What was done and what is kept of it are one transaction: where the second fails, the first was not done. */
async function holdWhole(fixture: ServerFixture, send: Send, inputs: ReadonlyMap<string, Inputs>) {
  await fixture.execute(FAIL);
  const before = await rowsOf(fixture);
  for (const [name, [first]] of inputs) {
    const field = mutations.find(one => one.name === name) ?? assert.fail(name);
    const input = { ...first, key: 'killed' };
    const { data, errors } = await send(documentOf(field), { input });
    assert.equal(data[name], null, name);
    assert.equal(errors?.length, 1, name);
    assert.deepEqual(await rowsOf(fixture), before, `${name}: all of it, or nothing`);
  }
  await fixture.execute('drop trigger fail on mutation_key; drop function fail');
}

/** What `baselineExport` writes of a deployment without entries. */
const exportOf = (deployment: string): string =>
  JSON.stringify({
    kind: 'WeirgateBaselines',
    version: 1,
    baselines: [{ deployment, locked: false, entries: [] }],
  });

/** Mutations of versioned things, with what they are about. */
const VERSIONED = (inputs: ReadonlyMap<string, Inputs>): Readonly<Record<string, object>> => ({
  confirmBaselineEntries: { ...WEB, entries: [{ port: 8080 }] },
  forbidBaselineEntries: { ...WEB, entries: [{ port: 8080 }] },
  removeBaselineEntries: { ...WEB, entries: [{ port: 8080 }] },
  generateBaselines: WEB,
  lockBaselines: WEB,
  importKnownBad: { format: 'PLAIN', text: '203.0.113.97' },
  reopenBaselines: WEB,
  unlockBaselines: WEB,
  generatePolicies: { cluster: 'lab', name: 'one' },
  deleteAlertRule: inputs.get('deleteAlertRule')?.[0] ?? {},
  updateAlertRule: inputs.get('updateAlertRule')?.[0] ?? {},
  applyBaselineDecay: WEB,
  importBaselines: { cluster: 'lab', text: exportOf('shop/web') },
  setBaselineSettings: { cluster: 'lab', quietHours: 7 },
  importExternalBlocks: { cluster: 'lab', blocks: [{ name: 'a', cidrs: ['203.0.113.0/25'] }] },
  setClusterRanges: { cluster: 'lab', cidrs: ['10.0.0.0/9'] },
  setRetention: { cluster: 'lab', days: 299 },
  setRollUp: { cluster: 'lab', days: 299 },
  deleteNotifier: inputs.get('deleteNotifier')?.[0] ?? {},
  deletePolicyProfile: { cluster: 'lab', name: 'kept' },
  putPolicyProfile: { cluster: 'lab', profile: { name: 'kept', zones: [] } },
  retryNotification: inputs.get('retryNotification')?.[0] ?? {},
  switchNotifier: inputs.get('switchNotifier')?.[0] ?? {},
  testNotifier: inputs.get('testNotifier')?.[0] ?? {},
  updateNotifier: inputs.get('updateNotifier')?.[0] ?? {},
});

/** A change that is made on another version than there is does nothing. */
async function holdVersions(
  fixture: ServerFixture,
  send: Send,
  inputs: ReadonlyMap<string, Inputs>,
) {
  const about = VERSIONED(inputs);
  const takes = mutations.filter(field => {
    const type = inputOf(field);
    return isInputObjectType(type) && 'expectedVersion' in type.getFields();
  });
  assert.ok(takes.length >= Object.keys(about).length, 'those that take a version');
  for (const field of takes) {
    const before = await rowsOf(fixture);
    const input = { ...(about[field.name] ?? assert.fail(field.name)), expectedVersion: 999 };
    const answer = await call(send, field, input);
    assert.ok(codesOf(answer).includes('CONFLICT'), `${field.name}: ${JSON.stringify(answer)}`);
    if (field.name !== 'generatePolicies')
      assert.deepEqual(await rowsOf(fixture), before, field.name);
  }
}

/** Lists that may be empty, and what that means. */
const EMPTY_MEANS: Readonly<Record<string, string>> = {
  addresses: 'none, as of a rule without them',
  cidrs: 'none are declared any more',
  dnsBlocks: 'none further',
  exclusions: 'none',
  ingressBlocks: 'none, which `ingressSources: BLOCKS` refuses',
  nodeBlocks: 'none, as when it is left out',
  protectedNamespaces: 'none is protected',
  flows: 'none came, which is said',
  remove: 'none is taken away',
};

/** Paths of the lists in an input, such as `scope.clusters`. */
function listsIn(type: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (!isInputObjectType(type) || type.name.endsWith('Filter')) return [];
  if (type.name === 'LabelSelector') return []; // Kubernetes' own: an empty one selects everything
  return Object.values(type.getFields()).flatMap(({ name, type: of }) => {
    if (isListType(getNullableType(of))) return [[...path, name]];
    return listsIn(getNullableType(of), [...path, name]);
  });
}

const withEmpty = (input: object, [name = '', ...rest]: readonly string[]): object => ({
  ...input,
  [name]: rest.length === 0 ? [] : withEmpty({}, rest),
});

/** A list that names nothing is said to, since who left it empty by mistake must not take it for all or for done. */
async function holdEmptyLists(send: Send, inputs: ReadonlyMap<string, Inputs>) {
  for (const [name, [first]] of inputs) {
    const field = mutations.find(one => one.name === name) ?? assert.fail(name);
    for (const path of listsIn(inputOf(field))) {
      if (EMPTY_MEANS[path.at(-1) ?? ''] !== undefined) continue;
      const { data, errors } = await send(documentOf(field), { input: withEmpty(first, path) });
      const told = `${name}(${path.join('.')}: []): ${JSON.stringify(errors ?? data[name])}`;
      const problems = errors ?? data[name].problems;
      assert.ok(problems.length > 0, told);
    }
  }
}

test('the same key with the same input is done once and answered alike, and is an error with other input', () =>
  withServer(async fixture => {
    const admin = sendingAs(fixture.server, await adminToken(fixture.send, 'admin'));
    const inputs = mutationInputs(await worldOf(admin));
    const missing = mutations.filter(
      ({ name }) =>
        !inputs.has(name) && WITHOUT[name] === undefined && OF_ROUTES[name] === undefined,
    );
    assert.deepEqual(
      missing.map(({ name }) => name),
      [],
      'each has inputs here',
    );
    await holdEmptyLists(admin, inputs);
    await holdVersions(fixture, admin, inputs);
    await holdWhole(fixture, admin, inputs);
    for (const entry of inputs) await holdKey(fixture, admin, entry);
  }));

const COMMENT =
  'mutation ($input: CommentOnAlertInput!) { commentOnAlert(input: $input) { alert { id } problems { code } } }';
const COMMENTS = '{ alerts { nodes { comments { text } } } }';

test('a key is of its caller alone, and of several that come at once one is done', () =>
  withServer(async fixture => {
    const one = sendingAs(fixture.server, await adminToken(fixture.send, 'one'));
    const other = sendingAs(fixture.server, await adminToken(one, 'other'));
    const { alert } = await worldOf(one);
    const input = { id: alert, text: 'look', key: 'k' };
    const asked = Array.from({ length: 8 }, () => one(COMMENT, { input }));
    const answers = (await Promise.all(asked)).map(({ data }) => data.commentOnAlert);
    assert.deepEqual(new Set(answers.map(answer => JSON.stringify(answer))).size, 1);
    await other(COMMENT, { input });
    const { data } = await one(COMMENTS);
    const comments = data.alerts.nodes.flatMap((node: Payload) => node.comments);
    assert.equal(comments.length, 2);
  }));

const SIMULATE =
  'mutation ($input: SimulatePoliciesInput!) { simulatePolicies(input: $input) { job { id } simulation { id } } }';

test('of several simulations that are asked for at once under one key one is made, and all hear of it', () =>
  withServer(async fixture => {
    const send = sendingAs(fixture.server, await adminToken(fixture.send, 'admin'));
    await worldOf(send);
    const input = { cluster: 'lab', policies: POLICY, key: 'once' };
    const asked = Array.from({ length: 4 }, () => send(SIMULATE, { input }));
    const answers = await Promise.all(asked);
    assert.equal(new Set(answers.map(({ data }) => data.simulatePolicies.job.id)).size, 1);
    const jobs = await fixture.execute(
      `select count(*)::int as jobs from job where kind = 'simulate'`,
    );
    assert.deepEqual(jobs, [{ jobs: 2 }], 'this one, and the one of the world');
  }));
