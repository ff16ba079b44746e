import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDataSource } from '../../src/database/data-source.js';
import { migrations } from '../../src/database/migrations.js';
import { withDatabase } from '../support/database.js';

const FLOW = '00000000-0000-0000-0000-00000000000';

/** Two flows from peer 1 to itself: one with a verdict of the last epoch and a baseline, one that nobody judged. */
const BEFORE = `
  insert into cluster (id, name, created_at, verdict_epoch) values (1, 'lab', now(), 2);
  insert into peer (cluster_id, id, kind, natural_key, name, inferred)
  values (1, '${FLOW}1', 'NODE', 'a', 'a', false), (1, '${FLOW}2', 'NODE', 'b', 'b', false);
  insert into baseline (cluster_id, deployment_id, state, version, generated_at)
  values (1, '${FLOW}1', 'LOCKED', 1, now());
  insert into flow (cluster_id, id, source_id, destination_id, protocol, traffic_class, first_seen_at, last_seen_at,
    observed_verdict, events)
  select 1, id::uuid, peer::uuid, peer::uuid, 'TCP', 'app', now(), now(), 'ALLOWED', 1
  from (values ('${FLOW}7', '${FLOW}1'), ('${FLOW}8', '${FLOW}2')) x (id, peer);
  insert into flow_verdict values (1, '${FLOW}7', 1, 'ALLOWED', false, 'default-allow'),
    (1, '${FLOW}7', 2, 'DENIED', true, 'policy');
  insert into flow_baseline values (1, '${FLOW}7', false, true);
`;

test('verdicts and marks of flows are carried into their rows, and back', () =>
  withDatabase(
    async ({ url }) => {
      const until = migrations.findIndex(({ name }) => name.startsWith('FlowMarks'));
      const settings = { tables: [], poolSize: 1 };
      const older = await openDataSource(url, {
        ...settings,
        migrations: migrations.slice(0, until),
      });
      const newer = await openDataSource(url, {
        ...settings,
        migrations: migrations.slice(0, until + 1),
      });
      try {
        await older.runMigrations();
        await older.query(BEFORE);
        await newer.runMigrations();
        assert.deepEqual(
          await newer.query(
            'select policy_verdict, governed, basis, in_baseline, off_locked from flow order by id',
          ),
          [
            {
              policy_verdict: 'DENIED',
              governed: true,
              basis: 'policy',
              in_baseline: false,
              off_locked: true,
            },
            {
              policy_verdict: 'UNDECIDABLE',
              governed: false,
              basis: 'missing-inventory',
              in_baseline: false,
              off_locked: false,
            },
          ],
        );
        await newer.undoLastMigration();
        const verdicts = `select flow_id, epoch::int, verdict, governed, basis from flow_verdict order by flow_id`;
        assert.deepEqual(await older.query(verdicts), [
          { flow_id: `${FLOW}7`, epoch: 2, verdict: 'DENIED', governed: true, basis: 'policy' },
          {
            flow_id: `${FLOW}8`,
            epoch: 2,
            verdict: 'UNDECIDABLE',
            governed: false,
            basis: 'missing-inventory',
          },
        ]);
        assert.deepEqual(
          await older.query('select flow_id, in_baseline, off_locked from flow_baseline'),
          [{ flow_id: `${FLOW}7`, in_baseline: false, off_locked: true }],
        );
      } finally {
        await older.destroy();
        await newer.destroy();
      }
    },
    { migrated: false },
  ));
