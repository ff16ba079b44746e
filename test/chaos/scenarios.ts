import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import WebSocket from 'ws';
import { end, eventually, processesOf, type ServerProcess, startServer } from './processes.js';
import { stopAfter } from './stop-at-any-moment.js';
import { ask, assertTotals, upload, uploadForSure } from './traffic.js';

type Scenario = (folder: string) => Promise<string>;

const COUNT = 40_000;

const flagsOf = (dataDir: string) => ['--port', '0', '--data-dir', dataDir, '--log-level', 'error'];

const postmasterOf = async (dataDir: string): Promise<number> =>
  Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);

const isReady = async (url: string): Promise<boolean> =>
  (await fetch(`${url}/readyz`)).status === 200;

async function withRunning(
  folder: string,
  use: (url: string, server: ServerProcess, dataDir: string) => Promise<string>,
): Promise<string> {
  const dataDir = join(folder, 'data');
  const server = startServer(flagsOf(dataDir));
  try {
    return await use(await server.url, server, dataDir);
  } finally {
    await end(server, 'SIGTERM');
    assert.deepEqual(await processesOf(dataDir), [], 'nothing of the server is left');
  }
}

const stopping: Scenario = async folder => {
  const moments = [0, 250, 750, 1_500, 2_250, 3_000, 4_000, 5_000, 7_000, 10_000];
  for (const [at, moment] of moments.entries())
    await stopAfter(folder, moment, at % 2 === 0 ? 'SIGTERM' : 'SIGINT');
  return `${moments.length} moments`;
};

/** The server is killed in the midst of an upload, and started again on what it left. */
const killServer: Scenario = async folder => {
  const dataDir = join(folder, 'data');
  let server = startServer(flagsOf(dataDir));
  for (const wait of [400, 1_100, 2_300]) {
    const url = await server.url;
    const sent = upload(url, 'kill', COUNT, { everyMs: 100 });
    await pause(wait);
    await end(server, 'SIGKILL');
    await sent;
    server = startServer(flagsOf(dataDir));
  }
  const url = await server.url;
  await uploadForSure(url, 'kill', COUNT);
  await assertTotals(url, 'kill', COUNT);
  await end(server, 'SIGTERM');
  assert.deepEqual(await processesOf(dataDir), []);
  return `3 kills, ${COUNT} records counted once`;
};

const killPostgres: Scenario = folder =>
  withRunning(folder, async (url, _server, dataDir) => {
    for (const wait of [300, 1_500]) {
      const sent = upload(url, 'kill', COUNT, { everyMs: 100 });
      await pause(wait);
      process.kill(await postmasterOf(dataDir), 'SIGKILL');
      await sent;
      await eventually(() => isReady(url), 'the server is ready again', 120_000);
    }
    await uploadForSure(url, 'kill', COUNT);
    await assertTotals(url, 'kill', COUNT);
    return `2 kills, ${COUNT} records counted once`;
  });

const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) {
  job { id status } problems { code } } }`;
const JOB = 'query ($id: ID!) { node(id: $id) { ... on Job { status error } } }';
const JOBS = '{ jobs(first: 50) { nodes { id status } } }';

/** Postgres is killed while jobs run: they come to an end all the same. */
const killJobs: Scenario = folder =>
  withRunning(folder, async (url, _server, dataDir) => {
    await uploadForSure(url, 'jobs', COUNT);
    const asked = ['one', 'two', 'three'].map(name =>
      ask(url, GENERATE, { input: { cluster: 'jobs', name } }).catch(() => null),
    );
    await pause(700);
    process.kill(await postmasterOf(dataDir), 'SIGKILL');
    await Promise.all(asked);
    await eventually(() => isReady(url), 'the server is ready again', 120_000);
    const { data } = await ask(url, JOBS);
    for (const { id } of data.jobs.nodes)
      await eventually(
        async () =>
          ['DONE', 'FAILED', 'CANCELLED'].includes((await ask(url, JOB, { id })).data.node.status),
        'a job ends',
        120_000,
      );
    const { data: last, codes } = await ask(url, GENERATE, {
      input: { cluster: 'jobs', name: 'last' },
    });
    assert.deepEqual([codes, last.generatePolicies.job.status], [[], 'DONE']);
    return `${data.jobs.nodes.length} jobs ended`;
  });

const cutting: Scenario = folder =>
  withRunning(folder, async url => {
    const cuts = Array.from({ length: 30 }, async (_, number) => {
      const leaving = new AbortController();
      const sent = upload(url, 'cut', COUNT, { everyMs: 20, signal: leaving.signal });
      await pause(number * 40);
      leaving.abort();
      await sent;
    });
    const deaf = Array.from(
      { length: 10 },
      () => new WebSocket(`${url.replace('http', 'ws')}/graphql`),
    );
    for (const socket of deaf) socket.on('error', () => {}).on('open', () => socket.pause());
    await Promise.all(cuts);
    for (const socket of deaf) socket.terminate();
    await uploadForSure(url, 'cut', COUNT);
    await assertTotals(url, 'cut', COUNT);
    return `${cuts.length} uploads cut, ${COUNT} records counted once`;
  });

const CROWD = 200;

const crowd: Scenario = folder =>
  withRunning(folder, async url => {
    await uploadForSure(url, 'crowd', COUNT);
    const query = '{ flows(first: 100) { totalCount nodes { id counts { events } } } }';
    const answers = await Promise.all(Array.from({ length: CROWD }, () => ask(url, query)));
    const codes = new Set(answers.flatMap(answer => answer.codes));
    for (const code of codes) assert.ok(['UNAVAILABLE', 'RATE_LIMITED'].includes(code), code);
    const answered = answers.filter(answer => answer.codes.length === 0);
    assert.equal(new Set(answered.map(({ data }) => JSON.stringify(data))).size, 1);
    assert.ok(await isReady(url));
    return `${CROWD} at once: ${answered.length} answered alike, the rest asked to come again`;
  });

/** Postgres does not move for ten seconds. */
const stalled: Scenario = folder =>
  withRunning(folder, async (url, _server, dataDir) => {
    await uploadForSure(url, 'slow', 5_000);
    const own = await childrenOf(await postmasterOf(dataDir));
    const tell = (signal: NodeJS.Signals): void => own.forEach(pid => void signalled(pid, signal));
    tell('SIGSTOP');
    const asked = Array.from({ length: 20 }, () => ask(url, '{ flows { totalCount } }'));
    await pause(10_000);
    tell('SIGCONT');
    for (const { codes } of await Promise.all(asked))
      assert.ok(
        codes.every(code => code === 'UNAVAILABLE'),
        codes.join(),
      );
    await eventually(() => isReady(url), 'the server is ready again');
    await assertTotals(url, 'slow', 5_000);
    return 'ten seconds of silence, and all is well';
  });

function signalled(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function childrenOf(parent: number): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=', '--ppid', String(parent)]);
  return [
    parent,
    ...stdout
      .split('\n')
      .map(Number)
      .filter(pid => pid > 0),
  ];
}

const QUOTA = '420m';

/** Wants root: the quota is that of a file system of its own. */
const fullDisk: Scenario = async folder => {
  if (process.getuid?.() !== 0) return 'not tried: mounting a small file system wants root';
  const small = join(folder, 'small');
  await mkdir(small, { mode: 0o711 });
  await promisify(execFile)('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${QUOTA},mode=0711`,
    'tmpfs',
    small,
  ]);
  try {
    return await withRunning(small, async url => {
      await uploadForSure(url, 'full', 5_000);
      const filler = join(small, 'filler');
      await writeFile(filler, Buffer.alloc(500_000_000)).catch(() => {});
      const status = await upload(url, 'full', COUNT);
      assert.ok(status === null || status === 503 || status === 200, `answered ${status}`);
      await rm(filler);
      await eventually(() => isReady(url), 'the server is ready again', 120_000);
      await uploadForSure(url, 'full', COUNT);
      await assertTotals(url, 'full', COUNT);
      return `answered ${status} while it was full, ${COUNT} records counted once afterwards`;
    });
  } finally {
    await promisify(execFile)('umount', ['-l', small]);
  }
};

/** What is done to a server, by name; each answers a line about what it saw, or throws. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  stop: stopping,
  'kill-server': killServer,
  'kill-postgres': killPostgres,
  'kill-jobs': killJobs,
  cut: cutting,
  crowd,
  stalled,
  'full-disk': fullDisk,
};
