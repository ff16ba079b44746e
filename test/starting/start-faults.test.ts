import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { runCli } from '../../src/cli/program.js';
import { contradictions, misspelt, withoutServiceLinks } from '../../src/config-faults.js';
import { HOST_COMMANDS } from '../../src/host-commands.js';
import { folderOf } from '../cli/folder.js';

const run = async (...argv: readonly string[]) => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(stdout), text(stderr)]);
  const io = { stdin: process.stdin, stdout, stderr, env: {}, hostCommands: HOST_COMMANDS };
  const exit = await runCli(argv, io);
  stdout.end();
  stderr.end();
  const [out, err] = await texts;
  return { exit, out, err };
};

/** A port that something listens at. */
const takenPort = async (t: TestContext): Promise<number> => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  return (server.address() as AddressInfo).port;
};

/** Flags of `serve` that cannot be, and what is said; `FILE` is a file, `PORT` a port that is taken. */
const FAULTS: readonly (readonly [flags: string, says: RegExp])[] = [
  ['--port PORT', /^error: port \d+ of `127\.0\.0\.1` is taken\nhint: .*`--port`.*\n$/],
  [
    '--port 0 --host 192.0.2.1',
    /^error: `192\.0\.2\.1` is no address of this machine\nhint: .*\n$/,
  ],
  ['--port 0 --tls-cert FILE', /^error: `--tls-cert` and `--tls-key` go together\nhint: .*\n$/],
  ['--port 0 --tls-client-ca FILE', /`--tls-client-ca` has no effect without TLS/],
  ['--port 0 --tls-cert /none --tls-key FILE', /`--tls-cert` .* cannot be used: a file is missing/],
  ['--port 0 --tls-cert FILE --tls-key FILE', /`--tls-cert` with `--tls-key` cannot be used/],
  ['--port 0 --issuers-file /none', /`--issuers-file \/none` cannot be used: a file is missing/],
  ['--port 0 --trusted-documents FILE', /`--trusted-documents .*` cannot be used/],
  ['--port 0 --trusted-proxies 999.1.1.1', /`--trusted-proxies` cannot be used/],
  ['--port 0 --no-worker --workers 3', /`--workers` has no effect with --no-worker/],
  ['--port 0 --database-url postgres://a@b/c', /--data-dir .* has no effect with `--database-url`/],
  ['--port 70000 --log-level loud', /`70000` is not a whole number.*\n--log-level .*`loud`/],
];

for (const [flags, says] of FAULTS) {
  test(`\`serve ${flags}\` is refused before any work`, async t => {
    const folder = folderOf(t, { file: '{}' });
    const port = String(await takenPort(t));
    const words = flags
      .split(' ')
      .map(word => word.replace('PORT', port).replace('FILE', join(folder, 'file')));
    const dataDir = join(folder, 'data');
    const { exit, out, err } = await run('serve', '--data-dir', dataDir, ...words);
    assert.deepEqual([exit, out], [2, ''], err);
    assert.match(err, says);
    assert.ok(!existsSync(dataDir), 'the data folder was made');
  });
}

for (const [where, says] of [
  ['file', /is a file/],
  ['file/below', /a part of the path is/],
] as const)
  for (const command of ['serve --port 0', 'migrate up', 'migrate status', 'backup copy.gz'])
    test(`\`${command}\` says that a data folder at ${where} cannot be used`, async t => {
      const dataDir = join(folderOf(t, { file: '' }), where);
      const { exit, err } = await run(...command.split(' '), '--data-dir', dataDir);
      assert.equal(exit, 2);
      assert.match(err, says);
      assert.match(err, /^error: the data folder `.*` cannot be used: .*\nhint: .*\n$/);
    });

test('asking for the state of the tables and a backup set no database up', async t => {
  const dataDir = join(folderOf(t, {}), 'none');
  const status = await run('migrate', 'status', '--data-dir', dataDir);
  assert.deepEqual([status.exit, status.err], [0, '']);
  assert.match(status.out, /^(?:pending \w+\n)+$/);
  const backup = await run('backup', '--data-dir', dataDir, join(dataDir, '../copy.gz'));
  assert.match(backup.err, /^error: no database is in `.*`\nhint: /);
  const restore = await run('restore', '--data-dir', dataDir, '/none');
  assert.match(restore.err, /^error: `\/none` cannot be read: .*\nhint: /);
  assert.ok(!existsSync(dataDir));
});

test('a variable that is nearly a setting is told with the setting; those of Kubernetes and of others are not', () => {
  const env = {
    WEIRGATE_PROT: '1',
    WEIRGATE_DATADIR: '1',
    WEIRGATE_PORT: 'tcp://10.0.0.1:8080',
    WEIRGATE_PORT_8080_TCP_ADDR: '10.0.0.1',
    WEIRGATE_SERVICE_HOST: '10.0.0.1',
    WEIRGATE_NOTIFIER_SECRET: 'x',
    WEIRGATE_SOMETHING_ELSE: 'x',
    PATH: '/bin',
  };
  assert.deepEqual(
    misspelt(env).map(({ setting, hint }) => `${setting}: ${hint}`),
    ['WEIRGATE_PROT: say WEIRGATE_PORT', 'WEIRGATE_DATADIR: say WEIRGATE_DATA_DIR'],
  );
  assert.equal(withoutServiceLinks(env)['WEIRGATE_PORT'], undefined);
  assert.equal(withoutServiceLinks({ WEIRGATE_PORT: '80' })['WEIRGATE_PORT'], '80');
  assert.equal(contradictions({ dataDir: 'a' }, { DATABASE_URL: 'b' }).length, 1);
  assert.deepEqual(contradictions({ dataDir: 'a' }, {}), []);
});
