import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PERMISSIONS, Role } from '../../src/access/role.js';
import { permissionOf } from '../../src/permissions.js';
import { createSchema } from '../../src/schema.js';
import { type ServerFixture, withServer } from '../support/server.js';
import { operationText, VALUES } from './operations.js';

const CREATE = `mutation ($input: CreateTokenInput!) { createToken(input: $input) {
  secret token { id name kind roles scopes } problems { code path } } }`;

type As = (token: string | null) => (query: string, variables?: object) => Promise<Asked>;
// biome-ignore lint/suspicious/noExplicitAny: the answer has the shape of the question
type Asked = { readonly status: number; readonly data: any; readonly code: string | null };

const asOn =
  ({ server }: ServerFixture): As =>
  token =>
  async (query, variables = {}) => {
    const response = await fetch(`${server}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as {
      data: unknown;
      errors?: readonly { readonly extensions: { readonly code: string } }[];
    };
    return { status: response.status, data, code: errors?.[0]?.extensions.code ?? null };
  };

/** A token of each role; the first one ends anonymous access. */
async function tokensOf(as: As): Promise<Readonly<Record<Role, string>>> {
  const make = async (role: Role, token: string | null): Promise<string> => {
    const clusters = role === Role.SENSOR ? ['lab'] : null;
    const input = { name: role, roles: [role], clusters };
    const { data } = await as(token)(CREATE, { input });
    assert.deepEqual(data.createToken.problems, []);
    return data.createToken.secret;
  };
  const admin = await make(Role.ADMIN, null);
  const made: Record<string, string> = { ADMIN: admin };
  for (const role of Object.values(Role)) made[role] ??= await make(role, admin);
  return made as Record<Role, string>;
}

type RootField = {
  readonly type: 'Query' | 'Mutation';
  readonly name: string;
  readonly text: string;
};

/** A valid operation for each root field: what it is given is never looked at by who may not ask. */
async function rootFields(): Promise<readonly RootField[]> {
  const schema = await createSchema();
  return (['Query', 'Mutation'] as const).flatMap(type => {
    const fields = (
      type === 'Query' ? schema.getQueryType() : schema.getMutationType()
    )?.getFields();
    return Object.values(fields ?? {}).map(field => ({
      type,
      name: field.name,
      text: operationText(type, field, VALUES),
    }));
  });
}

/** What may not come of a valid question. */
const FAULTS = ['INTERNAL', 'UNAUTHENTICATED'];

function assertAnswered({ type, name, text }: RootField, role: Role, code: string | null): void {
  const permission = permissionOf(type, name) ?? assert.fail(name);
  const isAllowed = PERMISSIONS[role].includes(permission);
  assert.equal(code === 'FORBIDDEN', !isAllowed, `${role} asks ${text}: ${code}`);
  assert.ok(!FAULTS.includes(code ?? ''), `${role} asks ${text}: ${code}`);
}

test('each role may ask for exactly the root fields that its permissions cover', () =>
  withServer(async fixture => {
    const as = asOn(fixture);
    const tokens = await tokensOf(as);
    for (const field of await rootFields()) {
      for (const role of Object.values(Role))
        assertAnswered(field, role, (await as(tokens[role])(field.text)).code);
      assert.equal((await as(null)(field.text)).code, 'UNAUTHENTICATED', field.name);
    }
  }));

test('a sensor brings in facts of its own cluster, and nothing else', () =>
  withServer(async fixture => {
    const tokens = await tokensOf(asOn(fixture));
    const post = (path: string, token: string | null) =>
      fetch(`${fixture.server}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-ndjson',
          ...(token !== null && { authorization: `Bearer ${token}` }),
        },
        body: '{"time":"2026-11-22T10:00:00Z","source":{"namespace":"shop","workload":{"kind":"Deployment","name":"a"}},"destination":{"ip":"192.0.2.1"},"port":443,"protocol":"TCP"}',
      }).then(({ status }) => status);
    assert.equal(await post('/ingest/flows?cluster=lab&format=neutral', tokens.SENSOR), 200);
    assert.equal(await post('/ingest/flows?cluster=other&format=neutral', tokens.SENSOR), 403);
    assert.equal(await post('/ingest/flows?cluster=lab&format=neutral', tokens.VIEWER), 403);
    assert.equal(await post('/ingest/flows?cluster=lab&format=neutral', null), 401);
    assert.equal(await post('/ingest/inventory?cluster=other', tokens.SENSOR), 403);
  }));

test('nobody gives what they do not have, and a sensor has one cluster', () =>
  withServer(async fixture => {
    const as = asOn(fixture);
    const { data } = await as(null)(CREATE, {
      input: { name: 'lab', roles: ['ADMIN'], clusters: ['lab'] },
    });
    assert.deepEqual(data.createToken.token.scopes, ['lab/*']);
    const lab = as(data.createToken.secret);
    const asked = async (input: object) => (await lab(CREATE, { input })).data.createToken.problems;
    const beyond = [{ code: 'BEYOND_OWN_RIGHTS', path: 'clusters' }];
    assert.deepEqual(await asked({ name: 'all', roles: ['VIEWER'] }), beyond);
    assert.deepEqual(await asked({ name: 'b', roles: ['VIEWER'], clusters: ['b'] }), beyond);
    assert.deepEqual(await asked({ name: 'c', roles: ['VIEWER'], clusters: ['lab'] }), []);
    assert.deepEqual(await asked({ name: 's', roles: ['SENSOR', 'VIEWER'], clusters: ['lab'] }), [
      { code: 'SENSOR_SCOPE', path: 'clusters' },
    ]);
    assert.deepEqual(await asked({ name: '', roles: [], clusters: ['lab'], expiresInDays: 400 }), [
      { code: 'NAME_INVALID', path: 'name' },
      { code: 'ROLE_MISSING', path: 'roles' },
      { code: 'EXPIRY_INVALID', path: 'expiresInDays' },
    ]);
  }));

test('a revoked token is good no longer, and who asks is told who they are', () =>
  withServer(async fixture => {
    const as = asOn(fixture);
    const tokens = await tokensOf(as);
    const admin = as(tokens.ADMIN);
    const { data } = await as(tokens.ANALYST)('{ viewer { name roles scopes } }');
    assert.deepEqual(data.viewer, {
      name: 'ANALYST',
      roles: ['ANALYST'],
      scopes: ['*/*'],
    });
    const list = await admin('{ tokens { totalCount nodes { id name lastUsedAt } } }');
    assert.equal(list.data.tokens.totalCount, 5);
    const { id } = list.data.tokens.nodes.find(({ name }: { name: string }) => name === 'VIEWER');
    const revoked = await admin(
      'mutation ($id: ID!) { revokeToken(input: { id: $id }) { token { revokedAt } problems { code } } }',
      { id },
    );
    assert.ok(revoked.data.revokeToken.token.revokedAt);
    const again = await admin('mutation { revokeToken(input: { id: "x" }) { problems { code } } }');
    assert.equal(again.data.revokeToken.problems[0].code, 'NOT_FOUND');
  }));
