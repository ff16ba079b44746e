import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type JobTask, migrateJobs, startJobs } from '../../src/database/jobs.js';
import { withDatabase } from '../support/database.js';

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !holds(); tries++) await pause(25);
  assert.ok(holds(), 'it did not come about within ten seconds');
}

test('jobs run once with their payload, one that fails is tried again, and a stop waits for those that run', () =>
  withDatabase(async ({ url, execute }) => {
    const done: unknown[] = [];
    let started = false;
    const tasks: Record<string, JobTask> = {
      note: async payload => void done.push(payload),
      slow: async () => {
        started = true;
        await pause(300);
        done.push('slow');
      },
      fail: async () => {
        done.push('failed');
        throw new Error('not today');
      },
    };
    await migrateJobs(url);
    const jobs = await startJobs({ url, tasks });
    await jobs.add('note', { cluster: 1 });
    await jobs.add('fail', {}, { tries: 1 });
    await until(() => done.length === 2);
    await assert.rejects(jobs.add('unheard-of', {}), /no task is named `unheard-of`/);
    await jobs.add('slow', {});
    await until(() => started);
    await jobs.stop();
    assert.deepEqual(done, [{ cluster: 1 }, 'failed', 'slow']);
    const left = await execute('select last_error, locked_by from graphile_worker._private_jobs');
    assert.deepEqual(left, [{ last_error: 'not today', locked_by: null }]);
  }));

test('a job that waits is replaced by the next of its key', () =>
  withDatabase(async ({ url, execute }) => {
    const jobs = await startJobs({ url, tasks: { note: async () => {} } });
    const runAt = new Date(Date.now() + 3_600_000);
    await jobs.add('note', { turn: 1 }, { key: 'cluster 1', runAt });
    await jobs.add('note', { turn: 2 }, { key: 'cluster 1', runAt, queue: 'one by one' });
    await jobs.stop();
    assert.deepEqual(await execute('select payload from graphile_worker._private_jobs'), [
      { payload: { turn: 2 } },
    ]);
  }));

test('a schedule is kept by the database, so that one of several servers runs each turn', () =>
  withDatabase(async ({ url, execute }) => {
    const settings = {
      url,
      tasks: { sweep: async () => {} },
      schedule: '0 3 * * * sweep ?id=nightly {"deep":true}',
    };
    const servers = await Promise.all([startJobs(settings), startJobs(settings)]);
    await Promise.all(servers.map(server => server.stop()));
    assert.deepEqual(
      await execute('select identifier from graphile_worker._private_known_crontabs'),
      [{ identifier: 'nightly' }],
    );
  }));

const sockets = (): number =>
  process.getActiveResourcesInfo().filter(resource => resource === 'TCPSocketWrap').length;

test('no connection is open when a stop has answered', () =>
  withDatabase(async ({ url }) => {
    const before = sockets();
    await migrateJobs(url);
    assert.equal(sockets(), before);
    const jobs = await startJobs({ url, tasks: { note: async () => {} } });
    await jobs.add('note', {});
    assert.ok(sockets() > before);
    await jobs.stop();
    assert.equal(sockets(), before);
  }));
