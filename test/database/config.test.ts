import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { problemLines, readConfig } from '../../src/config.js';
import { nodeVersionProblem } from '../../src/node-version.js';

const configOf = (flags: Record<string, string>, env: Record<string, string> = {}) => {
  const answer = readConfig(flags, env);
  assert.ok('config' in answer, JSON.stringify(answer));
  return answer.config;
};

test('with nothing set the server listens on loopback and keeps its data in the current folder', () => {
  const config = configOf({});
  assert.deepEqual(
    { host: config.host, port: config.port, dataDir: config.dataDir, url: config.databaseUrl },
    { host: '127.0.0.1', port: 8080, dataDir: resolve('.weirgate'), url: null },
  );
  assert.equal(config.server, 'http://127.0.0.1:8080');
  assert.ok(Object.isFrozen(config));
});

test('a flag goes before a variable, and an empty variable counts as unset', () => {
  const env = { WEIRGATE_PORT: '9000', WEIRGATE_HOST: '::1', DATABASE_URL: '' };
  const config = configOf({ port: '0', 'data-dir': 'here' }, env);
  assert.equal(config.port, 0);
  assert.equal(config.host, '::1');
  assert.equal(config.databaseUrl, null);
  assert.equal(config.dataDir, resolve('here'));
  assert.equal(configOf({ dataDir: 'there' }).dataDir, resolve('there'));
});

test('all problems are told at once, and an address with a password is not repeated', () => {
  const answer = readConfig(
    { port: '80a', 'database-url': 'mysql://root:hush@db/x', host: '' },
    { WEIRGATE_LOG_LEVEL: 'loud', WEIRGATE_SERVER: 'localhost:8080', WEIRGATE_POOL_SIZE: '1' },
  );
  assert.ok('problems' in answer);
  assert.deepEqual(problemLines(answer.problems), [
    '--host (WEIRGATE_HOST): the value is empty; leave the flag out',
    '--port (WEIRGATE_PORT): `80a` is not a whole number from 0 to 65535; write digits only',
    '--database-url (DATABASE_URL): the value is not a postgres:// or postgresql:// address; write it as postgres://user:password@host:5432/database',
    '--pool-size (WEIRGATE_POOL_SIZE): `1` is not a whole number from 2 to 1000; write digits only',
    '--log-level (WEIRGATE_LOG_LEVEL): `loud` is not known here; say one of trace, debug, info, warn, error, fatal, silent',
    '--server (WEIRGATE_SERVER): `localhost:8080` is not a http:// or https:// address; write it as http://127.0.0.1:8080',
  ]);
});

test('an old Node is refused with the way to a newer one', () => {
  assert.equal(nodeVersionProblem('22.18.0'), null);
  assert.equal(nodeVersionProblem('24.1.0'), null);
  assert.match(nodeVersionProblem('22.17.9') ?? '', /needs Node 22\.18 or newer.*22\.17\.9/);
});
