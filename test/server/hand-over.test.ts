import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Config, readConfig } from '../../src/config.js';
import { silentLog } from '../../src/database/log.js';
import { openDoor, serve } from '../../src/serve.js';
import { run } from '../cli/run.js';
import { withDatabase } from '../support/database.js';
import { withFolder } from '../support/folder.js';

const configFor = (url: string, dataDir: string): Config => {
  const reading = readConfig({ port: '0', databaseUrl: url, dataDir }, {});
  assert.ok('config' in reading, JSON.stringify(reading));
  return reading.config;
};

type Got = {
  readonly status: number | undefined;
  readonly again: string | undefined;
  /** Whether the connection was open before. */
  readonly reused: boolean;
  readonly body: string;
};

/** Asks on the one connection of the agent, which stays open. */
const askOn = (agent: Agent, url: string): Promise<Got> =>
  new Promise((resolve, reject) => {
    const asked = request(
      `${url}/graphql`,
      { agent, method: 'POST', headers: { 'content-type': 'application/json' } },
      async (response: IncomingMessage) => {
        const { statusCode: status, headers } = response;
        const body = await text(response);
        resolve({ status, again: headers['retry-after'], reused: asked.reusedSocket, body });
      },
    );
    asked.once('error', reject).end('{"query":"{ clusters { totalCount } }"}');
  });

/** What comes back for bytes, until the other side ends. @throws where the connection is reset */
const exchange = (url: string, bytes: string): Promise<string> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  return text(socket);
};

const head = (line: string, ...headers: readonly string[]): string =>
  [line, 'host: localhost', ...headers, '', ''].join('\r\n');

const UPGRADE = head(
  'GET /graphql HTTP/1.1',
  'connection: upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
);
const HALF_A_BODY = `${head(
  'POST /ingest/flows?cluster=a HTTP/1.1',
  'content-type: application/x-ndjson',
  'content-length: 1000',
)}{"time":`;

async function untilAnswered(ask: () => Promise<Got[]>): Promise<Got[]> {
  for (;;) {
    const answers = await ask();
    if (answers.every(({ status }) => status === 200)) return answers;
    await pause(50);
  }
}

/** `work` while another process migrates the database: a server that starts waits for its turn. */
const whileMigrated = (work: (url: string, release: () => Promise<void>) => Promise<void>) =>
  withDatabase(
    async ({ url, source }) => {
      const other = source.createQueryRunner();
      await other.query(`select pg_advisory_lock(${0x77656972})`);
      await work(url, async () => {
        await other.query(`select pg_advisory_unlock(${0x77656972})`);
        await other.release();
      });
    },
    { migrated: false },
  );

test('what connects while a server starts is told when to come again, and goes on when it has started; nothing is cut at the end', t =>
  whileMigrated((database, release) =>
    withFolder(async folder => {
      const config = configFor(database, folder);
      const door = await openDoor(config, silentLog);
      const url = await door.listen(0, '127.0.0.1');
      const starting = serve(config, silentLog, { door });
      const agents = Array.from(
        { length: 30 },
        () => new Agent({ keepAlive: true, maxSockets: 1 }),
      );
      t.after(() => {
        for (const agent of agents) agent.destroy();
        return door.close();
      });
      const ask = () => Promise.all(agents.map(agent => askOn(agent, url)));
      for (const { status, again, body } of await ask()) {
        assert.deepEqual([status, again], [503, '2']);
        assert.equal(JSON.parse(body).errors[0].extensions.reason, 'STARTING');
      }
      assert.match(await exchange(url, UPGRADE), /^HTTP\/1\.1 503 .*\r\nretry-after: 2\r\n/);
      const upload = exchange(url, HALF_A_BODY);
      const command = run(['--server', url, 'cluster', 'list']);
      await release();
      // Whoever asks all the time is answered all the time, on the connection that is there.
      const answers = await untilAnswered(ask);
      const running = await starting;
      assert.match(await upload, /^HTTP\/1\.1 503 [\s\S]*"code":"UNAVAILABLE"/);
      for (const { status, reused, body } of answers)
        assert.deepEqual([status, reused, body.includes('"totalCount":0')], [200, true, true]);
      assert.equal((await command).exit, 0, (await command).err);
      const silent = connect(Number(new URL(url).port), '127.0.0.1');
      await once(silent, 'connect');
      const closing = running.close();
      const late = await Promise.all(agents.slice(0, 5).map(agent => askOn(agent, url)));
      assert.deepEqual([...new Set(late.map(({ status }) => status))], [503]);
      silent.write(head('GET /readyz HTTP/1.1'));
      assert.match(await text(silent), /503 [\s\S]*shutting down/);
      await closing;
      await door.close();
    }),
  ));
