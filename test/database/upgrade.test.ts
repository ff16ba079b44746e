import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../../src/database/data-source.js';
import { migrate, migrationStates } from '../../src/database/migrate.js';
import { migrations } from '../../src/database/migrations.js';
import { withDatabase } from '../support/database.js';

/** The migrations of version 0.1.0. */
const RELEASED = 5;

const ID = '00000000-0000-0000-0000-00000000000';
const TIME = `timestamptz '2026-11-22 10:00:00+00'`;

/** A deployment with a locked baseline (1), one without (2) and an address (3), and flows between them (6, 7, 8). */
const BEFORE = [
  `insert into cluster (id, name, created_at, newest_observation_at, verdict_epoch, retention_days)
    values (1, 'lab', ${TIME}, ${TIME}, 2, 30)`,
  `insert into namespace values (1, '${ID}1', 'shop', '{"a": "b"}', false, null)`,
  `insert into namespace_revision values (1, '${ID}1', ${TIME}, null, '{"a": "b"}', 'hash', 'TEMPLATE', ${TIME})`,
  `insert into peer (cluster_id, id, kind, natural_key, name, namespace, workload_kind, labels, ports, host_network, inferred)
    values (1, '${ID}1', 'DEPLOYMENT', 'shop/Deployment/web', 'web', 'shop', 'Deployment', '{}', '[]', false, false),
      (1, '${ID}2', 'DEPLOYMENT', 'shop/Deployment/db', 'db', 'shop', 'Deployment', '{}', '[]', false, false)`,
  `insert into peer (cluster_id, id, kind, natural_key, name, inferred, address)
    values (1, '${ID}3', 'EXTERNAL', '203.0.113.1', '203.0.113.1', true, '203.0.113.1')`,
  `insert into flow (cluster_id, id, source_id, destination_id, port, protocol, traffic_class, first_seen_at, last_seen_at,
      observed_verdict, events, connections, bytes)
    select 1, id::uuid, source::uuid, destination::uuid, 443, 'TCP', 'app', ${TIME}, ${TIME}, 'ALLOWED', 3, null, 9007199254740993
    from (values ('${ID}6', '${ID}1', '${ID}2'), ('${ID}7', '${ID}1', '${ID}3'), ('${ID}8', '${ID}2', '${ID}3'))
      x (id, source, destination)`,
  `create table flow_hour_20261122 partition of flow_hour for values from ('2026-11-22Z') to ('2026-11-23Z')`,
  `insert into flow_hour
    select 1, '${ID}6', hour::timestamptz, verdict, 3, null, 5
    from unnest(array['1969-12-31 23:00Z', '2026-11-22 00:00Z', '2026-11-22 23:00Z', '2026-11-23 00:00Z']) hour
    cross join unnest(array['ALLOWED', 'DENIED', 'AUDIT', 'ERROR', 'UNKNOWN']) verdict`,
  `insert into flow_verdict values (1, '${ID}6', 1, 'ALLOWED', false, 'default-allow'),
    (1, '${ID}6', 2, 'DENIED', true, 'policy'), (1, '${ID}7', 2, 'ALLOWED', true, 'policy'),
    (1, '${ID}8', 2, 'UNDECIDABLE', false, 'missing-inventory')`,
  `insert into flow_baseline values (1, '${ID}6', true, false), (1, '${ID}7', false, true)`,
  `insert into ingest_chunk values (1, 'chunk', 'hash', ${TIME}, 'hubble', ${TIME}, ${TIME}, 3, '{}', '{"NO_TIME": 1}', 2)`,
  `insert into baseline values (1, '${ID}1', 'LOCKED', 4, ${TIME}, ${TIME}, ${TIME}, ${TIME})`,
  `insert into baseline_entry values (1, '${ID}1', '${ID}6', 'EGRESS', '${ID}2', 443, 'TCP', ${TIME}, ${TIME}, 3, 1)`,
  `insert into baseline_revision values (1, '${ID}1', 4, ${TIME}, null, 'LOCKED', '[{"port": 443}]', 'hash', 'lock')`,
  `insert into policy values (1, '${ID}1', 'LIVE', 'NetworkPolicy', 'shop', 'web', '{"spec": {}}', 'spec: {}', 'hash', ${TIME}, null)`,
  `insert into policy_revision values (1, '${ID}1', ${TIME}, null, '{"spec": {}}', 'spec: {}', 'hash', 'LIVE')`,
  `insert into policy_set values (1, '${ID}1', 'web', 1, 'FLOWS', ${TIME}, '{"a": 1}')`,
  `insert into policy_set_item values (1, '${ID}1', 0, 'NetworkPolicy', 'shop', 'web', '${ID}1', '{}', 'spec: {}', '[{"a": 1}]')`,
  `insert into simulation (cluster_id, id, status, created_at, request, summary)
    values (1, '${ID}1', 'DONE', ${TIME}, '{"a": 1}', '{"newlyBlocked": 1}')`,
  `insert into simulated_flow values (1, '${ID}1', '${ID}6', 'NEWLY_BLOCKED', 'ALLOWED', 'DENIED', '{}'),
    (1, '${ID}1', '${ID}7', 'STILL_ALLOWED', 'ALLOWED', 'ALLOWED', '{}')`,
  `insert into connectivity_change values (1, '${ID}1', 0, 'web', 'db', null, 'TCP 443')`,
  `insert into alert values (1, '${ID}1', 'OFF_BASELINE', 'Anomalous Activity', 'HIGH', 'OPEN', '${ID}1', '${ID}3', '${ID}7',
    'message', 3, ${TIME}, ${TIME}, null, null), (1, '${ID}2', 'DENIED', 'Anomalous Activity', 'HIGH', 'RESOLVED', '${ID}1',
    '${ID}2', '${ID}6', 'message', 1, ${TIME}, ${TIME}, ${TIME}, 'known')`,
];

/** Every table that stays; of the cluster without the epoch under way, which an upgrade begins. */
const STAYING = [
  ...['namespace', 'namespace_revision', 'ingest_chunk', 'policy', 'policy_revision'],
  ...['connectivity_change'],
];
/** Tables that got columns, or lost what nobody read: rows are the same in the others. */
const COLUMNS = {
  baseline: `cluster_id, deployment_id, state, version, learned_since, learned_until, generated_at, locked_at`,
  baseline_entry: `cluster_id, deployment_id, id, direction, peer_id, port, protocol, first_seen_at, last_seen_at, events, days`,
  baseline_revision: `cluster_id, deployment_id, version, valid_from, valid_to, state, entries, content_hash, source`,
  cluster: 'id, name, created_at, newest_observation_at, verdict_epoch, retention_days',
  peer: 'cluster_id, id, kind, natural_key, name, namespace, workload_kind, labels, ports, host_network, inferred, address',
  flow: `cluster_id, id, source_id, destination_id, port, protocol, service_port, traffic_class, first_seen_at, last_seen_at,
    observed_verdict, events, connections, bytes`,
  ingest_chunk: `cluster_id, key, format, content_hash, recorded_at, first_seen_at, last_seen_at, accepted, skipped, rejected, lost`,
  policy_set_item: `cluster_id, policy_set_id, position, kind, namespace, name, deployment_id, yaml, rules`,
  alert: `cluster_id, id, rule, category, severity, state, deployment_id, peer_id, flow_id, message, occurrences,
    first_occurred_at, last_occurred_at, resolved_at, resolution`,
  policy_set: 'cluster_id, id, name, version, origin, created_at, request',
  simulation: 'cluster_id, id, status, created_at, request, summary',
};
const READS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(STAYING.map(table => [table, `select * from ${table}`])),
  ...Object.fromEntries(
    Object.entries(COLUMNS).map(([table, columns]) => [table, `select ${columns} from ${table}`]),
  ),
};

const OLD_MARKS = {
  verdicts:
    'select v.* from flow_verdict v join cluster c on c.id = v.cluster_id and c.verdict_epoch = v.epoch',
  baselines: 'select * from flow_baseline',
  hours: `select tableoid::regclass::text as day, cluster_id, flow_id, hour, verdict, events, connections, bytes from flow_hour`,
};
const NEW_MARKS = {
  verdicts: `select f.cluster_id, f.id as flow_id, c.verdict_epoch as epoch, f.policy_verdict as verdict, f.governed, f.basis
    from flow f join cluster c on c.id = f.cluster_id`,
  baselines: `select cluster_id, id as flow_id, in_baseline, off_locked from flow where in_baseline or off_locked`,
  hours: `select tableoid::regclass::text as day, cluster_id, flow_id, slot_hour(slot) as hour, slot_verdict(slot) as verdict, events,
    connections, bytes from flow_hour`,
};

/** Each statement's rows as JSON, sorted. */
async function read(
  source: DataSource,
  statements: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const tables: Record<string, readonly string[]> = {};
  for (const [name, sql] of Object.entries(statements)) {
    const rows: readonly { readonly row: string }[] = await source.query(
      `select to_jsonb(x)::text as row from (${sql}) x order by 1`,
    );
    assert.notEqual(rows.length, 0, name);
    tables[name] = rows.map(({ row }) => row);
  }
  return tables;
}

test('an upgrade from 0.1.0 keeps what was stored, also one that broke off between two days, and so does the way back', () =>
  withDatabase(
    async ({ url }) => {
      const settings = { tables: [], poolSize: 1 };
      const older = await openDataSource(url, {
        ...settings,
        migrations: migrations.slice(0, RELEASED),
      });
      const newer = await openDataSource(url, { ...settings, migrations });
      try {
        await older.runMigrations();
        for (const statement of BEFORE) await older.query(statement);
        const stored = await read(older, READS);
        const marks = await read(older, OLD_MARKS);
        await older.query('create view hindering as select from flow_hour_rest');
        await assert.rejects(migrate(newer), /depend/);
        const left = (await migrationStates(newer)).find(({ applied }) => !applied);
        assert.equal(left?.name, 'HoursBySlot1764000070100');
        await older.query('drop view hindering');
        await migrate(newer);
        assert.deepEqual(await read(newer, READS), stored);
        assert.deepEqual(await read(newer, NEW_MARKS), marks);
        await newer.query(
          `insert into flow_hour select 1, '${ID}7', slot_from('2026-11-22 23:59Z'), 1`,
        );
        assert.equal((await newer.query('select from flow_hour_20261122')).length, 11);
        await newer.query(`delete from flow_hour where flow_id = '${ID}7'`);
        assert.deepEqual(
          await newer.query('select rank, flow_ids, outcomes from simulated_chunk order by rank'),
          [
            { rank: 0, flow_ids: [`${ID}6`], outcomes: [1] },
            { rank: 4, flow_ids: [`${ID}7`], outcomes: [0] },
          ],
        );
        for (let left = migrations.length; left > RELEASED; left -= 1)
          await newer.undoLastMigration();
        assert.deepEqual(await read(older, READS), stored);
        assert.deepEqual(await read(older, OLD_MARKS), marks);
      } finally {
        await older.destroy();
        await newer.destroy();
      }
    },
    { migrated: false },
  ));
