import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { failure } from '../../src/database/failure.js';
import { jobStore } from '../../src/jobs/job.store.js';
import type { JobHandler } from '../../src/jobs/run-job.js';
import { waitForJob } from '../../src/jobs/wait-for-job.js';
import { typescriptArguments } from '../support/typescript.js';
import { withRunners } from './support/runners.js';

/** Goes on until it is told to end. */
const endless: JobHandler = (_job, { signal }) => pause(600_000, null, { signal });

const ended = ({ finishedAt }: { readonly finishedAt: string | null }): boolean =>
  finishedAt !== null;
const running = ({ status }: { readonly status: string }): boolean => status === 'RUNNING';

test('a job is done once by one of two runners, with its request, progress and result', () =>
  withRunners(async ({ start, ask, until }) => {
    const done: unknown[] = [];
    const count: JobHandler = async ({ request, caller }, { progress }) => {
      progress(1, 4);
      await pause(700);
      progress(4, 4);
      done.push({ request, caller });
      return { node: 'made', details: { made: 4 } };
    };
    await start({ count });
    await start({ count });
    const asked = await ask('count', { until: 4 });
    assert.deepEqual(
      { ...asked, id: '', createdAt: '' },
      {
        clusterId: 1,
        id: '',
        kind: 'count',
        status: 'PENDING',
        done: 0,
        total: null,
        error: null,
        result: null,
        createdAt: '',
        startedAt: null,
        finishedAt: null,
        heartbeatAt: null,
        attempts: 0,
        caller: 'local',
      },
    );
    await until(asked, ({ done: first, total }) => first === 1 && total === 4);
    const { status, result, attempts, error, done: last } = await until(asked, ended);
    assert.deepEqual(
      { status, result, attempts, error, last },
      {
        status: 'DONE',
        result: { node: 'made', details: { made: 4 } },
        attempts: 1,
        error: null,
        last: 4,
      },
    );
    await pause(200);
    assert.deepEqual(done, [{ request: { until: 4 }, caller: 'local' }]);
  }));

test('a job whose transaction is rolled back is in no queue', () =>
  withRunners(async ({ source, execute, jobs }) => {
    await assert.rejects(
      source.transaction(async manager => {
        await jobStore(manager, LOCAL_CALLER).add({ clusterId: 1, kind: 'count', request: {} });
        throw new Error('changed its mind');
      }),
      /changed its mind/,
    );
    assert.deepEqual(await execute('select 1 from job'), []);
    assert.deepEqual(await execute('select 1 from graphile_worker.jobs'), []);
    await jobs.add({ clusterId: 1, kind: 'count', request: {} });
    assert.equal(((await execute('select 1 from graphile_worker.jobs')) as unknown[]).length, 1);
  }));

test('an expected failure is final, anything else is tried three times, and the stack is kept to ourselves', () =>
  withRunners(async ({ start, ask, until, execute }) => {
    await start({
      refuse: async () => {
        throw failure('the set `x` is empty', 'name another');
      },
      break: async () => {
        throw new TypeError('undefined is not a function');
      },
    });
    const [refused, broken] = [await ask('refuse'), await ask('break')];
    const first = await until(refused, ended);
    assert.deepEqual(
      [first.status, first.attempts, first.error],
      ['FAILED', 1, 'the set `x` is empty'],
    );
    const again = await until(
      broken,
      ({ attempts, status }) => attempts === 1 && status === 'PENDING',
    );
    assert.equal(again.error, 'undefined is not a function');
    const last = await until(broken, ended, 40);
    assert.deepEqual(
      [last.status, last.attempts, last.error],
      ['FAILED', 3, 'undefined is not a function'],
    );
    const queued = () => execute('select 1 from graphile_worker.jobs') as Promise<unknown[]>;
    for (let tries = 0; tries < 200 && (await queued()).length > 0; tries++) await pause(50);
    assert.deepEqual(await queued(), []);
  }));

test('a job that is cancelled while it waits is never begun, and one that runs hears of it', () =>
  withRunners(async ({ start, ask, until, jobs }) => {
    const waiting = await ask('endless');
    assert.equal((await jobs.cancel(waiting))?.status, 'CANCELLED');
    assert.equal(await jobs.cancel(waiting), null);
    const heard = Promise.withResolvers<void>();
    await start({
      endless: async (job, control) => {
        assert.notEqual(job.id, waiting.id);
        try {
          return await endless(job, control);
        } finally {
          heard.resolve();
        }
      },
    });
    const job = await ask('endless');
    await until(job, running);
    await jobs.cancel(job);
    await heard.promise;
    await pause(200);
    const { status, error, attempts } = await until(job, ended);
    assert.deepEqual([status, error, attempts], ['CANCELLED', null, 1]);
    assert.deepEqual((await until(waiting, ended)).attempts, 0);
  }));

test('a runner that stops waits for its jobs, and gives back those that do not end in time', () =>
  withRunners(async ({ start, ask, until }) => {
    const first = await start({ slow: endless }, 300);
    const job = await ask('slow');
    await until(job, running);
    const stopping = first.stop();
    const second = await start({ slow: async () => ({ details: { by: 'second' } }) });
    await stopping;
    const { status, result, attempts } = await until(job, ended);
    assert.deepEqual([status, result, attempts], ['DONE', { details: { by: 'second' } }, 1]);
    await second.stop();
  }));

test('a runner that stops leaves a handler that does not hear', () =>
  withRunners(async ({ start, ask, until }) => {
    const never = new Promise<null>(() => {});
    const runner = await start({ deaf: () => never }, 100);
    const job = await ask('deaf');
    await until(job, running);
    await runner.stop();
    const { status, attempts } = await until(job, () => true);
    assert.deepEqual([status, attempts], ['PENDING', 0]);
  }));

test('whoever waits is told at once that a job has ended, or how it is when the time is over', () =>
  withRunners(async ({ start, ask, jobs, ends, until }) => {
    await start({ quick: async () => null, endless });
    const quick = await waitForJob({ jobs, ends }, await ask('quick'), 20_000);
    assert.equal(quick?.status, 'DONE');
    const slow = await ask('endless');
    await until(slow, running);
    assert.equal((await waitForJob({ jobs, ends }, slow, 300))?.status, 'RUNNING');
    const waited = waitForJob({ jobs, ends }, slow, 20_000);
    await jobs.cancel(slow);
    assert.equal((await waited)?.status, 'CANCELLED');
    assert.equal(await waitForJob({ jobs, ends }, { ...slow, clusterId: 2 }, 20_000), null);
  }));

const PROCESS = fileURLToPath(new URL('./support/worker-process.ts', import.meta.url));

/** As if 31 seconds had passed: a worker that was silent for 30 is taken for dead. */
const PASSED = `
  update job set heartbeat_at = heartbeat_at - interval '31 seconds';
  update job_worker set heartbeat_at = heartbeat_at - interval '31 seconds';
  update graphile_worker._private_jobs set locked_at = locked_at - interval '31 seconds';`;

test('the job of a process that was killed is taken up again within a minute', () =>
  withRunners(async ({ start, ask, until, url, execute }) => {
    const child = spawn(process.execPath, [...typescriptArguments(), PROCESS, url], {
      stdio: 'inherit',
    });
    try {
      const job = await ask('slow');
      await until(job, ({ done }) => done === 1, 40);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await execute(PASSED);
      const killed = Date.now();
      await start({ slow: async () => ({ details: { by: 'another' } }) });
      const { status, result, attempts } = await until(job, ended, 60);
      assert.deepEqual([status, result, attempts], ['DONE', { details: { by: 'another' } }, 2]);
      assert.ok(Date.now() - killed < 29_000);
    } finally {
      child.kill('SIGKILL');
    }
  }));

test('a job whose workers were all killed is given up in the end', () =>
  withRunners(async ({ start, ask, until, execute }) => {
    const job = await ask('slow');
    await execute(`update job set status = 'RUNNING', attempts = 3, worker = 'gone',
      started_at = now() - interval '1 minute', heartbeat_at = now() - interval '40 seconds'`);
    await start({ slow: endless });
    const { status, error } = await until(job, ended);
    assert.deepEqual([status, error], ['FAILED', 'the process that ran it ended without a word']);
  }));

const callerNamed = (name: string) => ({ ...LOCAL_CALLER, id: `token ${name}`, name });

test('jobs are done in turns: a hundred of one caller leave the next place to another, and wait for nobody for ever', () =>
  withRunners(async ({ start, source, execute }) => {
    const done: string[] = [];
    const add = (name: string) =>
      jobStore(source.manager, callerNamed(name)).add({ clusterId: 1, kind: 'count', request: {} });
    for (let count = 0; count < 100; count += 1) await add('many');
    const finished = Promise.withResolvers<void>();
    const count: JobHandler = async ({ caller }) => {
      // Others come one after another while it works, and each is a new caller.
      if (done.length > 2 && done.length < 15) await add(`single ${done.length}`);
      done.push(caller);
      if (done.length === 24) finished.resolve();
      return null;
    };
    await start({ count });
    await finished.promise;
    const places = done.flatMap((caller, place) => (caller.startsWith('single') ? [place] : []));
    for (const [nth, place] of places.entries()) {
      const asked = Number(done[place]?.split(' ')[1]);
      assert.ok(place - asked <= 2 + nth, `${done[place]} came ${place}th: ${done.join()}`);
    }
    assert.equal(places.length, 12);
    const between = done.slice(places[0], places.at(-1)).filter(caller => caller === 'many');
    assert.ok(between.length >= 3, done.join());
    await execute(`insert into job (cluster_id, id, kind, status, done, request, created_at, attempts, caller, principal)
      select 1, gen_random_uuid(), 'none', 'PENDING', 0, '{}', now(), 0, 'mad', 'token mad' from generate_series(1, 1000)`);
    await assert.rejects(add('mad'), { code: 'RATE_LIMITED', message: /1000 jobs that have not/ });
    await add('sane');
  }));
