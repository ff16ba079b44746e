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
const DELETE_SETS = `mutation ($input: DeletePolicySetsInput!) { deletePolicySets(input: $input) {
  deleted more problems { code severity path } } }`;
const DELETE_BLOCKS = `mutation ($input: DeleteExternalBlocksInput!) { deleteExternalBlocks(input: $input) {
  deleted more problems { code severity path } } }`;
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

const MISSING = [{ code: 'NOT_FOUND', severity: 'ERROR', path: 'ids' }];

test('policy sets are deleted by ids and by filter, and no later version gets the number of one that is gone', () =>
  withServer(async ({ ask, execute }) => {
    await execute(CLUSTERS);
    await execute(
      `insert into policy_set (cluster_id, id, name, version, origin, created_at, request)
       select 1, gen_random_uuid(), 'set-' || (n / 3), n % 3 + 1, 'FLOWS', now(), '{}' from generate_series(0, 305) n`,
    );
    const { policySet } = await ask('{ policySet(cluster: "east", name: "set-7") { id version } }');
    assert.equal(policySet.version, 3);
    const gone = async (input: object) => (await ask(DELETE_SETS, { input })).deletePolicySets;
    const ids = [policySet.id, policySet.id, 'nowhere'];
    assert.deepEqual(await gone({ ids }), { deleted: 1, more: false, problems: MISSING });
    const before = await ask('{ policySet(cluster: "east", name: "set-7") { version } }');
    assert.equal(before.policySet.version, 2, 'the one before is the latest now');
    const named = { name: { eq: 'set-7' }, allVersions: true };
    assert.deepEqual(await gone({ filter: named }), { deleted: 2, more: false, problems: [] });
    assert.deepEqual(await gone({ filter: {} }), { deleted: 100, more: true, problems: [] });
    assert.deepEqual(await gone({ filter: named }), { deleted: 0, more: false, problems: NONE });
    const kept = await execute(`select version from policy_set_gone where name = 'set-7'`);
    assert.deepEqual(kept, [{ version: 3 }]);
  }));

test('named blocks are listed by pages, filtered, and deleted by ids and by filter', () =>
  withServer(async ({ ask, send, execute }) => {
    await execute(CLUSTERS);
    await execute(
      `insert into external_block (cluster_id, id, cidr, name)
       select n % 3, gen_random_uuid(), ('203.0.' || n || '.0/24')::cidr, 'b-' || lpad((n % 5)::text, 2, '0') from generate_series(0, 29) n`,
    );
    const list = async (args: string) =>
      (
        await ask(`{ externalBlocks(${args}) {
      totalCount nodes { id name cidr cluster { name } } pageInfo { endCursor hasNextPage } } }`)
      ).externalBlocks;
    const east = await list('cluster: "east", first: 15');
    assert.equal(east.totalCount, 20, 'those of every cluster included');
    const rest = await list(`cluster: "east", after: "${east.pageInfo.endCursor}"`);
    const names = [...east.nodes, ...rest.nodes].map(({ name }: { name: string }) => name);
    assert.deepEqual(names, names.toSorted());
    assert.equal(new Set([...east.nodes, ...rest.nodes].map(({ id }) => id)).size, 20);
    assert.equal((await list('first: 1')).totalCount, 10, 'of every cluster alone');
    assert.equal((await list('filter: {}')).totalCount, 30);
    const within = 'filter: { cidr: { within: "203.0.2.0/23" }, cluster: { eq: "west" } }';
    const [block, ...others] = (await list(within)).nodes;
    assert.deepEqual([block.cidr, block.cluster.name, others], ['203.0.2.0/24', 'west', []]);
    const node = '... on ExternalBlock { name cidr cluster { name } }';
    const { id, ...shown } = block;
    assert.deepEqual((await ask(`{ node(id: "${id}") { ${node} } }`)).node, shown);
    const gone = async (input: object) =>
      (await ask(DELETE_BLOCKS, { input })).deleteExternalBlocks;
    assert.deepEqual(await gone({ ids: [id, 'x'] }), {
      deleted: 1,
      more: false,
      problems: MISSING,
    });
    const filter = { cluster: { eq: 'east' } };
    assert.deepEqual(await gone({ filter }), { deleted: 10, more: false, problems: [] });
    assert.deepEqual(await gone({ filter }), { deleted: 0, more: false, problems: NONE });
    const { errors } = await send(DELETE_BLOCKS, { input: { ids: [id], filter } });
    const [both = assert.fail()] = errors ?? [];
    assert.match(both.message, /either `ids` or `filter`/);
  }));
