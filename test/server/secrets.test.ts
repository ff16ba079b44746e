import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { hash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { environment } from '../../src/config.js';
import { errorFacts, writtenLine } from '../../src/stderr-log.js';
import { end, MAIN, startServer } from '../chaos/processes.js';
import { administer } from '../support/administer.js';
import { withDatabase } from '../support/database.js';

/** By what it is: none of it may be read anywhere. */
const SECRETS: Record<string, string> = {
  'password of the database': 'pw-of-the-database-4711',
  'encryption key': 'key-of-secrets-at-rest-0815',
  'secret of a webhook': `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`,
  'path of an incoming webhook': 'T0ABCDEF-and-a-secret-path',
  'path of a webhook': 'B0GHIJK-and-another-path',
  cookie: 'session-of-a-browser-99',
  'basic authorization': Buffer.from('somebody:with-a-password').toString('base64'),
  'header of the collector': 'token-of-the-collector-77',
  'value of a statement': 'value-that-was-sent-33',
  'unknown token': `wgt_${'A'.repeat(43)}aaaaaa`,
  'bearer of an issuer': `eyJ${'h'.repeat(30)}.eyJ${'p'.repeat(40)}.${'s'.repeat(43)}`,
};

/** A webhook and a collector that fail. */
async function withReceiver<T>(use: (url: string, traces: readonly string[]) => Promise<T>) {
  const traces: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.url?.startsWith('/v1/traces')) traces.push(body);
    response.writeHead(500).end('refused');
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return use(`http://127.0.0.1:${port}`, traces).finally(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** An account with a password; its databases go before it does. */
async function withAccount<T>(use: (ownUrl: (url: string) => string) => Promise<T>): Promise<T> {
  const role = `weirgate_${randomUUID().replaceAll('-', '')}`;
  const password = SECRETS['password of the database'] ?? '';
  await administer(`create role ${role} superuser login password '${password}'`);
  const ownUrl = (url: string): string =>
    Object.assign(new URL(url), { username: role, password }).href;
  return use(ownUrl).finally(() => administer(`drop role ${role}`));
}

const CREATE = `mutation ($input: CreateTokenInput!) { createToken(input: $input) { secret problems { message } } }`;
const NOTIFIER = `mutation ($input: CreateNotifierInput!) { createNotifier(input: $input) { notifier { id } problems { message } } }`;
const TEST = `mutation ($input: NotifierIdInput!) { testNotifier(input: $input) { status problems { message } } }`;
const FLOWS = `query ($filter: FlowFilter) { flows(filter: $filter) { totalCount } }`;
const ALL_TOLD = `{ auditLog(first: 500) { nodes { actor action target detail } } notifiers { nodes { name config lastError } } tokens { nodes { name prefix } } }`;

type Headers = Readonly<Record<string, string>>;

/** Does all that has to do with secrets, with success and without; answers what was answered, but for the new token. */
async function useSecrets(server: string, receiver: string, break_: () => Promise<unknown>) {
  const told: string[] = [];
  const send = async (path: string, body: string, headers: Headers): Promise<string> => {
    const response = await fetch(`${server}${path}`, { method: 'POST', body, headers });
    const answer = await response.text();
    told.push(JSON.stringify([...response.headers]));
    return answer;
  };
  const graphql = async (query: string, variables: object, headers: Headers = {}) => {
    const type = { 'content-type': 'application/json', ...headers };
    const answer = await send('/graphql', JSON.stringify({ query, variables }), type);
    if (query !== CREATE) told.push(answer);
    return JSON.parse(answer);
  };
  const made = await graphql(CREATE, { input: { name: 'first', roles: ['ADMIN'] } });
  const token: string = made.data.createToken.secret;
  SECRETS['token'] = token;
  SECRETS['hash of a token'] = hash('sha256', token, 'hex');
  const signed = { authorization: `Bearer ${token}`, cookie: `a=${SECRETS['cookie']}` };
  const path = `${receiver}/${SECRETS['path of an incoming webhook']}`;
  for (const draft of [
    { name: 'soc', kind: 'SLACK', secret: path },
    {
      name: 'siem',
      kind: 'WEBHOOK',
      url: `${receiver}/${SECRETS['path of a webhook']}`,
      secret: SECRETS['secret of a webhook'],
    },
  ]) {
    const { createNotifier } = (await graphql(NOTIFIER, { input: draft }, signed)).data;
    assert.deepEqual(createNotifier.problems, []);
    await graphql(TEST, { input: { id: createNotifier.notifier.id } }, signed);
  }
  for (const authorization of [
    `Bearer ${SECRETS['unknown token']}`,
    `Bearer ${SECRETS['bearer of an issuer']}`,
    `Basic ${SECRETS['basic authorization']}`,
    `Bearer ${token}x`,
  ])
    await graphql(FLOWS, {}, { authorization });
  const value = SECRETS['value of a statement'];
  const lines = `{"time":"2026-11-22T10:00:00Z","source":{"namespace":"shop","pod":"${value}"},"destination":{"ip":"10.0.0.1"},"port":80,"protocol":"TCP"}`;
  const type = { 'content-type': 'application/x-ndjson', ...signed };
  await send('/ingest/flows?cluster=lab&format=neutral', lines, type);
  await graphql(ALL_TOLD, {}, signed);
  await break_();
  await graphql(FLOWS, { filter: { cluster: { eq: value } } }, signed);
  await send('/ingest/flows?cluster=lab&format=neutral', lines.replace('10:00', '11:00'), type);
  told.push(await (await fetch(`${server}/metrics`, { headers: signed })).text());
  told.push(await (await fetch(`${server}/readyz`)).text());
  return told;
}

const backedUp = async (url: string, folder: string): Promise<string> => {
  const file = join(folder, 'all.backup.gz');
  const env = { ...environment(), DATABASE_URL: url, WEIRGATE_LOG_LEVEL: 'trace' };
  const args = ['--import', 'tsx', MAIN, 'backup', file];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
  return `${stdout}${stderr}${gunzipSync(await readFile(file))}`;
};

/** What may hold the hash of a token, and names that were sent. */
const MAY_HOLD: Readonly<Record<string, readonly string[]>> = {
  backup: ['hash of a token', 'value of a statement', 'path of a webhook'],
  answers: ['value of a statement'],
};

type Places = Readonly<Record<string, string>>;

/** Where what a server has told is to be looked through. */
async function placesOf(
  own: string,
  folder: string,
  execute: (sql: string) => Promise<unknown>,
): Promise<Places> {
  return withReceiver(async (receiver, traces) => {
    const issuers = join(folder, 'issuers.json');
    const mappings = [{ subject: 'nobody', roles: ['VIEWER'] }];
    const issuer = { name: 'corp', issuer: receiver, audiences: ['w'], mappings };
    await writeFile(issuers, JSON.stringify({ issuers: [issuer] }));
    const server = startServer(['--port', '0', '--log-level', 'trace'], {
      DATABASE_URL: own,
      WEIRGATE_SECRET_KEY: SECRETS['encryption key'] ?? '',
      WEIRGATE_NOTIFY_ALLOW: 'loopback',
      WEIRGATE_ISSUERS_FILE: issuers,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${SECRETS['header of the collector']}`,
      OTEL_BSP_SCHEDULE_DELAY: '100',
    });
    try {
      const answers = await useSecrets(await server.url, receiver, () =>
        execute('alter table flow drop column first_seen_at cascade'),
      );
      await execute(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
        and application_name like 'weirgate%' and application_name <> 'weirgate-test'`);
      const backup = await backedUp(own, folder);
      assert.equal(await end(server, 'SIGTERM'), 0);
      const [told, sent] = [answers.join('\n'), traces.join('\n')];
      return { log: server.errors(), traces: sent, answers: told, backup };
    } finally {
      await end(server, 'SIGKILL');
    }
  });
}

function assertNoSecret(place: string, told: string): void {
  for (const [what, secret] of Object.entries(SECRETS)) {
    if (MAY_HOLD[place]?.includes(what)) continue;
    const at = told.indexOf(secret);
    assert.equal(at, -1, `${what} in ${place}: ${told.slice(at - 300, at + 100)}`);
  }
}

test('no secret is in logs, errors, traces, metrics, the audit log or a backup', () =>
  withAccount(ownUrl =>
    withDatabase(async ({ url, execute }) => {
      const folder = await mkdtemp(join(tmpdir(), 'weirgate-secrets-'));
      try {
        const places = await placesOf(ownUrl(url), folder, execute);
        assert.match(places['log'] ?? '', /"statement":"flows\./);
        for (const [place, told] of Object.entries(places)) assertNoSecret(place, told);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }),
  ));

test('an error in the log has no values, and a line no characters that turn or command', () => {
  const driver = Object.assign(
    new Error('invalid input syntax for type inet: "a "quoted" value"'),
    {
      severity: 'ERROR',
      code: '22P02',
      detail: 'Failing row contains (hidden)',
      where: 'unnamed portal parameter $1 = hidden',
      client: { password: 'hidden' },
    },
  );
  const error = Object.assign(new Error(driver.message, { cause: driver }), {
    query: '/* flows.page */ select hidden',
    parameters: ['hidden'],
    driverError: driver,
  });
  const facts = errorFacts(new AggregateError([error], 'several'));
  const told = JSON.stringify(facts);
  assert.doesNotMatch(told, /hidden|quoted/);
  assert.match(told, /"22P02".*"flows\.page"/);
  assert.equal(errorFacts('text').message, 'text');
  assert.equal(
    writtenLine('{"a":"\u009b31m\u202e","url":"postgres://me:word@db/x?sslpassword=word"}\n'),
    '{"a":"\\u009b31m\\u202e","url":"postgres://me:…@db/x?sslpassword=…"}\n',
  );
});

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A process whose timer throws what hangs on a connection, and which ends as a server does. */
const THROWS = `
  import { stopOnUncaught, stopSignal } from './src/stopping.ts';
  import { stderrLog } from './src/stderr-log.ts';
  const log = stderrLog('info');
  stopOnUncaught(err => log.error({ err }, 'uncaught'));
  const alive = setInterval(() => {}, 1_000);
  stopSignal().addEventListener('abort', () => {
    console.log('stopped');
    clearInterval(alive);
  });
  setTimeout(() => {
    throw Object.assign(new Error('at postgres://me:hidden@db/x'), { password: 'hidden' });
  });
`;

test('what nobody caught is told without secrets, and stops the process as a signal does', async () => {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', THROWS];
  const ended = await promisify(execFile)(process.execPath, args, { cwd: ROOT }).catch(one => one);
  assert.equal(ended.code, 2);
  assert.equal(ended.stdout, 'stopped\n');
  assert.doesNotMatch(ended.stderr, /hidden/);
  assert.match(ended.stderr, /^\{"level":50,.*postgres:\/\/me:….*"uncaught"\}\n$/);
});
