import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { jobStore } from '../../src/jobs/job.store.js';
import { jobRunStore } from '../../src/jobs/job-run.store.js';
import { encodeId } from '../../src/query/node-id.js';
import { type ServerFixture, withServer } from '../support/server.js';

/** Jobs wait, and the test does with them what a worker would. */
const withoutWorker = (use: (fixture: ServerFixture) => Promise<void>): Promise<void> =>
  withServer(use, { worker: false });

const FIELDS = `id kind status attempts error caller startedAt finishedAt details cluster { name }
  progress { done total ratePerSecond expectedEndAt } result { __typename id }`;
const JOBS = `query ($first: Int, $after: String, $filter: JobFilter, $orderBy: JobOrder) {
  jobs(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    totalCount pageInfo { endCursor hasNextPage } nodes { ${FIELDS} } } }`;
const NODE = `query ($id: ID!) { node(id: $id) { ... on Job { ${FIELDS} } } }`;
const CANCEL = `mutation ($id: ID!) { cancelJob(input: { id: $id }) {
  job { status } problems { code severity message } } }`;

async function threeJobs({ source, execute }: ServerFixture) {
  await execute(
    `insert into cluster (id, name, created_at) values (1, 'east', now()), (2, 'west', now())`,
  );
  const jobs = jobStore(source.manager, LOCAL_CALLER);
  const runs = jobRunStore(source.manager);
  const done = await jobs.add({ clusterId: 1, kind: 'simulate', request: {} });
  const begun = await jobs.add({ clusterId: 1, kind: 'generate', request: {} });
  const waiting = await jobs.add({ clusterId: 2, kind: 'generate', request: {} });
  await runs.claim(done, 'worker');
  const result = { node: encodeId('Cluster', 1), details: { flows: 7 } };
  await runs.end(done, 'worker', { status: 'DONE', result });
  await runs.claim(begun, 'worker');
  await execute(
    `update job set started_at = now() - interval '10 seconds' where kind = 'generate' and cluster_id = 1`,
  );
  await runs.beat(begun, 'worker', { done: 25, total: 100 });
  return {
    done: encodeId('Job', 1, done.id),
    begun: encodeId('Job', 1, begun.id),
    waiting: encodeId('Job', 2, waiting.id),
  };
}

test('a job says what it does, how far it is and what it made', () =>
  withoutWorker(async fixture => {
    const ids = await threeJobs(fixture);
    const { node: done } = await fixture.ask(NODE, { id: ids.done });
    assert.match(done.finishedAt, /^\d{4}-/);
    assert.deepEqual(
      { ...done, startedAt: null, finishedAt: null },
      {
        id: ids.done,
        kind: 'simulate',
        status: 'DONE',
        attempts: 1,
        error: null,
        caller: 'local',
        startedAt: null,
        finishedAt: null,
        details: { flows: 7 },
        cluster: { name: 'east' },
        progress: { done: 0, total: null, ratePerSecond: null, expectedEndAt: null },
        result: { __typename: 'Cluster', id: encodeId('Cluster', 1) },
      },
    );
    const { node: begun } = await fixture.ask(NODE, { id: ids.begun });
    const { done: items, total, ratePerSecond, expectedEndAt } = begun.progress;
    assert.deepEqual([begun.status, items, total], ['RUNNING', 25, 100]);
    assert.ok(ratePerSecond > 1 && ratePerSecond <= 2.5, `${ratePerSecond} a second`);
    const left = (Date.parse(expectedEndAt) - Date.now()) / 1_000;
    assert.ok(left > 25 && left < 75, `${left} seconds left`);
  }));

test('jobs are filtered, ordered and paged', () =>
  withoutWorker(async fixture => {
    const ids = await threeJobs(fixture);
    const idsOf = async (variables: object): Promise<unknown> => {
      const { jobs } = await fixture.ask(JOBS, variables);
      return jobs.nodes.map(({ id }: { readonly id: string }) => id);
    };
    assert.deepEqual(await idsOf({}), [ids.waiting, ids.begun, ids.done]);
    assert.deepEqual(await idsOf({ filter: { cluster: { eq: 'west' } } }), [ids.waiting]);
    assert.deepEqual(await idsOf({ filter: { kind: { eq: 'generate' }, status: 'RUNNING' } }), [
      ids.begun,
    ]);
    assert.deepEqual(
      await idsOf({ filter: { not: { status: 'PENDING' }, createdAt: { lt: '0s' } } }),
      [ids.begun, ids.done],
    );
    const orderBy = { field: 'FINISHED', direction: 'ASC' };
    const { jobs: first } = await fixture.ask(JOBS, { first: 1, orderBy });
    assert.deepEqual(
      [first.nodes[0].id, first.totalCount, first.pageInfo.hasNextPage],
      [ids.done, 3, true],
    );
    const rest = await idsOf({ first: 5, orderBy, after: first.pageInfo.endCursor });
    assert.deepEqual(new Set(rest as string[]), new Set([ids.begun, ids.waiting]));
  }));

test('a job is cancelled once; one that has ended or is not there is said so', () =>
  withoutWorker(async fixture => {
    const ids = await threeJobs(fixture);
    const cancel = async (id: string) => (await fixture.ask(CANCEL, { id })).cancelJob;
    assert.deepEqual(await cancel(ids.begun), { job: { status: 'CANCELLED' }, problems: [] });
    const again = await cancel(ids.begun);
    assert.deepEqual(
      [again.job.status, again.problems[0].severity, again.problems[0].code],
      ['CANCELLED', 'INFO', 'JOB_ENDED'],
    );
    const late = await cancel(ids.done);
    assert.deepEqual([late.job.status, late.problems[0].severity], ['DONE', 'WARNING']);
    assert.match(late.problems[0].message, /^the job had ended at `\d{4}-.*` with `DONE`$/);
    const none = await cancel(encodeId('Cluster', 1));
    assert.deepEqual(none, {
      job: null,
      problems: [{ code: 'NOT_FOUND', severity: 'ERROR', message: 'there is no job of this id' }],
    });
  }));
