import 'reflect-metadata';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { finderOf, findNodeBy } from '../../src/graphql/node.graphql.js';
import { jobStore } from '../../src/jobs/job.store.js';
import { policySetStore } from '../../src/policysets/policy-set.store.js';
import { encodeId } from '../../src/query/node-id.js';
import { withDatabase } from '../support/database.js';

const rowId = (place: number): string => `00000000-0000-0000-0000-00000000000${place}`;

const SETS = `insert into policy_set (cluster_id, id, name, version, origin, created_at, request)
  select 1, ('00000000-0000-0000-0000-00000000000' || i)::uuid, 'set', i, 'FLOWS', now(), '{}' from generate_series(1, 2) i`;

test('ids of one type that are asked for at once are one statement, in the order of the ids, and what is asked for later is read again', () =>
  withDatabase(async ({ source, execute, statements }) => {
    await execute(`insert into cluster (id, name, created_at) values (1, 'lab', now())`);
    type Context = { readonly of: typeof source.manager };
    const find = findNodeBy<Context>({
      Job: finderOf(({ of }) => jobStore(of, LOCAL_CALLER)),
      PolicySet: finderOf(({ of }) => policySetStore(of, LOCAL_CALLER)),
    });
    const context = { of: source.manager };
    const ids = [2, 1, 3, 2].map(place => encodeId('PolicySet', 1, rowId(place)));
    const all = [...ids, encodeId('Job', 1, rowId(1)), encodeId('Job', 2, rowId(1)), 'nonsense'];
    const versionsOf = async () =>
      (await Promise.all(all.map(id => find(id, context)))).map(found =>
        found !== null && 'version' in found ? found.version : null,
      );
    assert.deepEqual(
      await versionsOf(),
      all.map(() => null),
    );
    await execute(SETS);
    statements.length = 0;
    assert.deepEqual(await versionsOf(), [2, 1, null, 2, null, null, null]);
    const names = statements.map(text => /^\/\* (\S+) \*\//.exec(text)?.[1]);
    assert.deepEqual(names.toSorted(), ['jobs.byIds', 'policySets.byIds']);
  }));
