import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { jobStore } from '../../src/jobs/job.store.js';
import { withServer } from '../support/server.js';

const CANCEL = `mutation ($filter: JobFilter!) { cancelJobs(input: { filter: $filter }) {
  cancelled more jobs { kind status } problems { code severity path } } }`;
const DELETE = `mutation ($filter: SimulationFilter!) { deleteSimulations(input: { filter: $filter }) {
  deleted more problems { code severity path } } }`;
const CLUSTERS = `insert into cluster (id, name, created_at) values (1, 'east', now()), (2, 'west', now())`;
const NONE = [{ code: 'NONE_FOUND', severity: 'INFO', path: 'filter' }];

test('a filter cancels the jobs that it finds, and says how many and whether there are more', () =>
  withServer(
    async ({ source, ask, execute }) => {
      await execute(CLUSTERS);
      const jobs = jobStore(source.manager, LOCAL_CALLER);
      for (let count = 0; count < 501; count += 1)
        await jobs.add({ clusterId: 1, kind: 'generate', request: {} });
      await jobs.add({ clusterId: 2, kind: 'generate', request: {} });
      const filter = { cluster: { eq: 'east' } };
      const first = (await ask(CANCEL, { filter })).cancelJobs;
      assert.deepEqual([first.cancelled, first.more, first.problems], [500, true, []]);
      const job = { kind: 'generate', status: 'CANCELLED' };
      assert.deepEqual((await ask(CANCEL, { filter })).cancelJobs, {
        cancelled: 1,
        more: false,
        jobs: [job],
        problems: [],
      });
      assert.deepEqual((await ask(CANCEL, { filter })).cancelJobs.problems, NONE);
      const left = '{ jobs(filter: { status: [PENDING] }) { totalCount } }';
      assert.equal((await ask(left)).jobs.totalCount, 1);
    },
    { worker: false },
  ));

test('a filter deletes the simulations that it finds and that have ended', () =>
  withServer(async ({ ask, execute }) => {
    await execute(CLUSTERS);
    await execute(
      `insert into simulation (cluster_id, id, status, created_at, request, scope)
       select 1, gen_random_uuid(), case when n > 2 then 'DONE' else 'RUNNING' end, now(), '{}', '' from generate_series(1, 103) n`,
    );
    const filter = { cluster: { eq: 'east' } };
    const gone = async () => (await ask(DELETE, { filter })).deleteSimulations;
    assert.deepEqual(await gone(), { deleted: 100, more: true, problems: [] });
    assert.deepEqual(await gone(), { deleted: 1, more: false, problems: [] });
    assert.deepEqual(await gone(), { deleted: 0, more: false, problems: NONE });
    assert.equal((await ask('{ simulations { totalCount } }')).simulations.totalCount, 2);
  }));
