import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Embedded, ensureDatabase, startEmbedded } from '../../src/database/embedded.js';
import { isFailure } from '../../src/database/failure.js';
import { silentLog } from '../../src/database/log.js';
import { postmasterOf, runningPostmaster } from '../../src/database/postmaster.js';
import { startOf } from '../../src/database/process.js';
import { administer, urlOf } from '../support/administer.js';
import { exists, withFolder } from '../support/folder.js';
import { killProcess, startServerProcess } from '../support/server-process.js';

const isRunning = (pid: number): boolean => startOf(pid) !== null;

const start = (dataDir: string): Promise<Embedded> =>
  startEmbedded({ dataDir, log: silentLog, durable: false });

async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  return client
    .query(sql)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}

const postmasterPid = async (folder: string): Promise<number> => {
  const postmaster = await postmasterOf(join(folder, 'postgres'));
  assert.ok(postmaster);
  return postmaster.pid;
};

const failsWith =
  (message: RegExp) =>
  (error: unknown): true => {
    assert.ok(isFailure(error), String(error));
    assert.match(error.message, message);
    assert.notEqual(error.hint, '');
    return true;
  };

/** A folder of its own, in which nothing runs any more afterwards, however the test went. */
const withDataFolder = (use: (folder: string) => Promise<void>): Promise<void> =>
  withFolder(folder =>
    use(folder).finally(async () => {
      const left = await runningPostmaster(join(folder, 'postgres'));
      if (left !== null) process.kill(left.pid, 'SIGQUIT');
    }),
  );

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await pause(50);
  }
  assert.fail('it did not come about within ten seconds');
}

test('a second server on one data folder is refused, with the folder and the process', () =>
  withDataFolder(async folder => {
    const server = await start(folder);
    try {
      await assert.rejects(start(folder), error =>
        failsWith(new RegExp(`\`${folder}\` is in use by process ${process.pid}$`))(error),
      );
      assert.deepEqual(await ask(server.url, 'select 1 as one'), [{ one: 1 }]);
    } finally {
      await server.stop();
    }
    assert.equal(await postmasterOf(join(folder, 'postgres')), null);
    assert.equal(await exists(join(folder, 'server.lock')), false);
    const password = await readFile(join(folder, 'postgres-password'), 'utf8');
    assert.ok(server.url.includes(password.trim()));
  }));

test('a password is asked, text is UTF-8 in byte order, and commits wait for the disk unless told otherwise', () =>
  withDataFolder(async folder => {
    const server = await startEmbedded({ dataDir: folder, log: silentLog });
    try {
      const wrong = Object.assign(new URL(server.url), { password: 'wrong' }).href;
      await assert.rejects(ask(wrong, 'select 1'), { code: '28P01' });
      const [row] = await ask(
        server.url,
        `select current_setting('server_encoding') as encoding, current_setting('synchronous_commit') as commit,
          current_setting('fsync') as fsync, current_setting('jit') as jit, 'Z' < 'a' as bytes, upper('ä') as upper`,
      );
      assert.deepEqual(row, {
        encoding: 'UTF8',
        commit: 'on',
        fsync: 'on',
        jit: 'off',
        bytes: true,
        upper: 'Ä',
      });
    } finally {
      await server.stop();
    }
  }));

test('what a killed server left running is taken over by the next, with its data', () =>
  withDataFolder(async folder => {
    const killed = await startServerProcess(folder);
    await ask(killed.url, 'create table kept as select 7 as number');
    const pid = await postmasterPid(folder);
    await killProcess(killed);
    assert.ok(isRunning(pid), 'postgres outlives its server');
    const server = await start(folder);
    try {
      assert.equal(await postmasterPid(folder), pid);
      assert.deepEqual(await ask(server.url, 'table kept'), [{ number: 7 }]);
    } finally {
      await server.stop();
    }
    await until(async () => !isRunning(pid));
  }));

test('what a server with other settings left running is stopped and started anew', () =>
  withDataFolder(async folder => {
    const killed = await startServerProcess(folder);
    await ask(killed.url, 'create table kept as select 7 as number');
    const pid = await postmasterPid(folder);
    await killProcess(killed);
    const server = await startEmbedded({ dataDir: folder, log: silentLog, durable: true });
    try {
      await until(async () => !isRunning(pid));
      assert.deepEqual(await ask(server.url, 'table kept'), [{ number: 7 }]);
    } finally {
      await server.stop();
    }
  }));

test('a killed postgres comes back at the same address, with what was committed', () =>
  withDataFolder(async folder => {
    const server = await start(folder);
    try {
      await ask(server.url, 'create table kept as select 7 as number');
      const pid = await postmasterPid(folder);
      process.kill(pid, 'SIGKILL');
      await until(() =>
        ask(server.url, 'table kept').then(
          () => true,
          () => false,
        ),
      );
      assert.notEqual(await postmasterPid(folder), pid);
      assert.deepEqual(await ask(server.url, 'table kept'), [{ number: 7 }]);
    } finally {
      await server.stop();
    }
  }));

test('a server and its postgres killed together recover at the next start, whoever has their process ids now', () =>
  withDataFolder(async folder => {
    const killed = await startServerProcess(folder);
    await ask(killed.url, 'create table kept as select 7 as number');
    const pid = await postmasterPid(folder);
    await killProcess(killed);
    process.kill(pid, 'SIGKILL');
    await until(async () => !isRunning(pid));
    const file = join(folder, 'postgres', 'postmaster.pid');
    const stale = await readFile(file, 'utf8');
    await writeFile(file, stale.replace(`${pid}`, `${process.pid}`));
    const server = await start(folder);
    try {
      assert.deepEqual(await ask(server.url, 'table kept'), [{ number: 7 }]);
    } finally {
      await server.stop();
    }
  }));

test('a signal to the whole process group leaves postgres to the server, which stops it last', () =>
  withDataFolder(async folder => {
    const server = await startServerProcess(folder);
    const pid = await postmasterPid(folder);
    const exit = once(server.child, 'exit');
    process.kill(-server.pid, 'SIGTERM');
    assert.equal(await server.nextLine(), 'still there');
    assert.deepEqual(await exit, [0, null]);
    await until(async () => !isRunning(pid));
  }));

test('a folder of another PostgreSQL, and one without its password, are refused and let go', () =>
  withDataFolder(async folder => {
    await mkdir(join(folder, 'postgres'));
    await writeFile(join(folder, 'postgres', 'PG_VERSION'), '17\n');
    await assert.rejects(
      start(folder),
      failsWith(/was made by PostgreSQL 17.*brings PostgreSQL 18/),
    );
    await writeFile(join(folder, 'postgres', 'PG_VERSION'), '18\n');
    await rm(join(folder, 'postgres-password'), { force: true });
    await assert.rejects(start(folder), failsWith(/password file .* is missing/));
    assert.equal(await exists(join(folder, 'server.lock')), false);
  }));

const isRoot = process.getuid?.() === 0;

test(
  'a parent folder that the account of postgres may not enter is named',
  {
    skip: isRoot ? false : 'only root runs postgres as somebody else',
  },
  () =>
    withDataFolder(async folder => {
      await chmod(folder, 0o700);
      await assert.rejects(
        start(join(folder, 'data')),
        failsWith(new RegExp(`the folder \`${folder}\` cannot be entered by the account`)),
      );
    }),
);

test('a database that a killed server was still making is there, and no failure', async () => {
  const name = `weirgate_test_made_${process.pid}`;
  const clients = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const client = new pg.Client(urlOf('postgres'));
      await client.connect();
      return client;
    }),
  );
  try {
    await Promise.all(clients.map(client => ensureDatabase(client, name)));
    await ensureDatabase(clients[0] as pg.Client, name);
    assert.deepEqual(await ask(urlOf(name), 'select 1 as one'), [{ one: 1 }]);
  } finally {
    await Promise.all(clients.map(client => client.end()));
    await administer(`drop database if exists ${name}`);
  }
});
