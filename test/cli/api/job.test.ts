import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOCAL_CALLER } from '../../../src/access/caller.js';
import { jobStore } from '../../../src/jobs/job.store.js';
import { jobRunStore } from '../../../src/jobs/job-run.store.js';
import { encodeId } from '../../../src/query/node-id.js';
import { withServer } from '../../support/server.js';
import { weirgateAt } from './weirgate.js';

type Weirgate = ReturnType<typeof weirgateAt>;

type Ids = { readonly done: string; readonly failed: string; readonly waiting: string };

/** A server with a job that is done, one that failed, and one that waits; nobody does jobs. */
const withJobs = (use: (weirgate: Weirgate, ids: Ids) => Promise<void>): Promise<void> =>
  withServer(
    async ({ server, source, execute }) => {
      await execute(
        `insert into cluster (id, name, created_at) values (1, 'east', now()), (2, 'west', now())`,
      );
      const jobs = jobStore(source.manager, LOCAL_CALLER);
      const runs = jobRunStore(source.manager);
      const add = (clusterId: number, kind: string) => jobs.add({ clusterId, kind, request: {} });
      const done = await add(1, 'simulate');
      await runs.claim(done, 'worker');
      await runs.beat(done, 'worker', { done: 7, total: 9 });
      const result = { node: encodeId('Simulation', 1, done.id), details: { flows: 7 } };
      await runs.end(done, 'worker', { status: 'DONE', result });
      const failed = await add(1, 'generate');
      await runs.claim(failed, 'worker');
      await runs.end(failed, 'worker', { status: 'FAILED', error: 'the disk is full' });
      const waiting = await add(2, 'generate');
      await use(weirgateAt(server), {
        done: encodeId('Job', 1, done.id),
        failed: encodeId('Job', 1, failed.id),
        waiting: encodeId('Job', 2, waiting.id),
      });
    },
    { worker: false },
  );

const listed = async (weirgate: Weirgate, ...flags: readonly string[]) => {
  const { out, exit } = await weirgate(['job', 'list', '-o', 'json', ...flags]);
  assert.equal(exit, 0);
  return JSON.parse(out).jobs.map(({ id }: { readonly id: string }) => id);
};

test('jobs are listed, latest first, by cluster, kind and status', () =>
  withJobs(async (weirgate, { done, failed, waiting }) => {
    assert.deepEqual(await listed(weirgate), [waiting, failed, done]);
    assert.deepEqual(await listed(weirgate, '--cluster', 'east'), [failed, done]);
    assert.deepEqual(await listed(weirgate, '--kind', 'generate'), [waiting, failed]);
    assert.deepEqual(await listed(weirgate, '--status', 'failed'), [failed]);
    assert.deepEqual(await listed(weirgate, '--status', 'cancelled'), []);
    const table = await weirgate(['job', 'list', '--status', 'pending']);
    assert.match(table.out, /PENDING │ generate │ west +│ 0 +│/);
    const west = await weirgate(['job', 'list', '--cluster', 'north']);
    assert.match(west.err, /no cluster is named `north`/);
    assert.equal(west.exit, 2);
  }));

test('one job is shown by its id or the end of it: how far it is, what it made, why it failed', () =>
  withJobs(async (weirgate, { done, failed }) => {
    const whole = JSON.parse((await weirgate(['job', 'show', done, '-o', 'json'])).out).job;
    assert.deepEqual(
      [whole.id, whole.cluster, whole.status, whole.details],
      [done, 'east', 'DONE', { flows: 7 }],
    );
    const { out, exit } = await weirgate(['job', 'show', failed.slice(-10)]);
    assert.match(out, /error +│ the disk is full/);
    assert.equal(exit, 0);
    const unknown = await weirgate(['job', 'show', 'none']);
    assert.match(unknown.err, /no job has an id that ends in `none`/);
    assert.equal(unknown.exit, 2);
  }));

test('a job is cancelled once; one that has ended stays as it is', () =>
  withJobs(async (weirgate, { done, waiting }) => {
    const cancelled = await weirgate(['job', 'cancel', waiting, '-o', 'json']);
    assert.deepEqual(
      [JSON.parse(cancelled.out).job.status, cancelled.exit, cancelled.err],
      ['CANCELLED', 0, ''],
    );
    const late = await weirgate(['job', 'cancel', done, '-o', 'json']);
    assert.equal(JSON.parse(late.out).job.status, 'DONE');
    assert.match(late.err, /DONE/);
  }));

test('jobs are cancelled by a filter, never all of them by an oversight', () =>
  withJobs(async (weirgate, { waiting }) => {
    const none = await weirgate(['job', 'cancel']);
    assert.deepEqual([none.exit, none.out], [2, '']);
    assert.match(none.err, /give ids, or a filter/);
    const both = await weirgate(['job', 'cancel', waiting, '--cluster', 'west']);
    assert.match(both.err, /ids and a filter were given/);
    const { out, exit } = await weirgate(['job', 'cancel', '--kind', 'generate', '-o', 'json']);
    assert.equal(exit, 0);
    assert.deepEqual(
      JSON.parse(out).jobs.map(({ id, status }: Record<string, unknown>) => [id, status]),
      [[waiting, 'CANCELLED']],
    );
  }));
