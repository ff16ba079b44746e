import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Role } from '../../src/access/role.js';
import { createSchema } from '../../src/schema.js';
import { lines } from '../flows/support/intake.js';
import { documents, flow, INGEST } from '../support/lab.js';
import { namespace, workload } from '../support/manifests.js';
import { type ServerFixture, withServer } from '../support/server.js';
import { operationText, VALUES } from './operations.js';
import { CALLERS, MAY_ASK } from './role-table.js';
import { listen } from './support/listen.js';

const IMPORT = `mutation ($input: ImportInventoryInput!) { importInventory(input: $input) { cluster { id } } }`;

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

const ROOTS = ['Query', 'Mutation', 'Subscription'] as const;

type RootField = {
  readonly type: (typeof ROOTS)[number];
  readonly name: string;
  readonly text: string;
};

/** What is answered at once: else there would be nothing to wait for. */
const AT_ONCE: Readonly<Record<string, string>> = {
  alertChanged: 'subscription { alertChanged(after: "2020-01-01T00:00:00Z") { id } }',
  flowsObserved: 'subscription { flowsObserved(cluster: "nowhere") { skipped } }',
};

/** After it the others would have nothing to ask for. */
const LAST = 'deleteCluster';

/** A valid operation for each root field: what it is given is never looked at by who may not ask. */
async function rootFields(): Promise<readonly RootField[]> {
  const schema = await createSchema();
  const fields = ROOTS.flatMap(type => {
    const fields = schema.getRootType(type.toLowerCase() as never)?.getFields();
    return Object.values(fields ?? {}).map(field => ({
      type,
      name: field.name,
      text: AT_ONCE[field.name] ?? operationText(type, field, VALUES),
    }));
  });
  return fields.toSorted((one, other) => Number(one.name === LAST) - Number(other.name === LAST));
}

/** The code of the first answer to a subscription. */
async function codeHeard(server: string, token: string | null, query: string) {
  const { told, stop } = await listen(server, token, query);
  const [answer] = await told(1);
  stop();
  assert.ok(answer !== undefined, query);
  const [error] = answer.errors ?? [];
  return (error as { extensions?: { code: string } } | undefined)?.extensions?.code ?? null;
}

/** A deployment of the cluster `lab` that has an alert. */
async function fill({ ask }: ServerFixture): Promise<void> {
  const web = workload('Deployment', 'web', { labels: { app: 'web' } });
  const manifests = documents(namespace('shop'), web);
  await ask(IMPORT, { input: { cluster: 'lab', manifests } });
  const records = lines(flow('shop/web', '169.254.169.254', 80));
  await ask(INGEST, { input: { cluster: 'lab', format: 'neutral', records } });
}

const SCOPES: Readonly<Record<string, object>> = {
  'ADMIN of lab': {},
  'ADMIN of a namespace': { namespaces: ['shop'] },
  'ADMIN by labels': { selector: { matchLabels: { app: 'web' } } },
};

/** A token of each caller of the table. */
async function everyToken(as: As): Promise<ReadonlyMap<string, string>> {
  const byRole = await tokensOf(as);
  const made = Object.entries(SCOPES).map(async ([name, scope]) => {
    const input = { name, roles: ['ADMIN'], clusters: ['lab'], ...scope };
    const { data } = await as(byRole.ADMIN)(CREATE, { input });
    return [name, data.createToken.secret as string] as const;
  });
  return new Map([...Object.entries(byRole), ...(await Promise.all(made))]);
}

/** What may not come of a valid question. */
const FAULTS = ['INTERNAL', 'UNAUTHENTICATED'];

test('each role and scope may ask for exactly the root fields that the table has for it', () =>
  withServer(async fixture => {
    const as = asOn(fixture);
    await fill(fixture);
    const tokens = await everyToken(as);
    const codeOf = async ({ type, text }: RootField, token: string | null) =>
      type === 'Subscription'
        ? codeHeard(fixture.server, token, text)
        : (await as(token)(text)).code;
    const fields = await rootFields();
    for (const field of fields) {
      const may = MAY_ASK.get(`${field.type}.${field.name}`);
      for (const caller of CALLERS) {
        const code = await codeOf(field, tokens.get(caller) ?? assert.fail(caller));
        assert.equal(
          code === 'FORBIDDEN',
          !may?.has(caller),
          `${caller} asks ${field.text}: ${code}`,
        );
        assert.ok(!FAULTS.includes(code ?? ''), `${caller} asks ${field.text}: ${code}`);
      }
      assert.equal(await codeOf(field, null), 'UNAUTHENTICATED', field.name);
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
