import 'reflect-metadata';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntityManager } from 'typeorm';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { alertRaiseStore } from '../../src/alerts/alert-raise.store.js';
import { volumeStore } from '../../src/alerts/volume.store.js';
import { baselineStore } from '../../src/baselines/baseline.store.js';
import { withDatabase } from '../support/database.js';
import { type Asked, explaining, UNATTENDED } from './explained.js';
import { FILLED } from './filled.js';

/** Another cluster, with so many of the flows of the first and their ends and hours. */
const FLOWS_LATER = 500;
const LATER = [
  `insert into cluster (id, name, created_at) values (2, 'late', '2026-11-22Z')`,
  ...[
    ['peer', ''],
    ['flow', `order by id limit ${FLOWS_LATER}`],
    ['baseline', ''],
    ['flow_hour', ''],
  ].map(
    ([table, some]) =>
      `insert into ${table} select r.* from (select * from ${table} where cluster_id = 1 ${some}) t
        cross join lateral jsonb_populate_record(null::${table}, to_jsonb(t) || '{"cluster_id":2}') r`,
  ),
];

/** What ingestion looks up for the flows of a batch. */
async function lookUps(manager: EntityManager, count: number): Promise<void> {
  const rows = await manager.query(
    `select id from flow where cluster_id = 2 order by id limit ${count}`,
  );
  const flows: readonly string[] = rows.map(({ id }: { readonly id: string }) => id);
  const window = { since: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z' };
  const raises = alertRaiseStore(manager);
  await raises.outside(2, flows);
  await raises.suspects(2, { flows, told: flows, bad: [], unlearned: true });
  await raises.hoursOf(2, flows, window);
  await raises.letThrough(2, flows);
  await baselineStore(manager, LOCAL_CALLER).markFlowIds(2, flows);
  const touched = flows.map(flowId => ({ flowId, hour: '2026-11-22T10:00:00Z' }));
  await volumeStore(manager).volumes(2, touched, 1);
}

/** So many rows may be read for each of them: itself, its ends, hours, and what baselines hold of it. */
const ROWS_OF_ONE = 30;

test('what is looked up for a cluster that came after the statistics were made is looked up by its key', () =>
  withDatabase(async ({ source, execute }) => {
    await execute(UNATTENDED);
    for (const sql of FILLED.filter(text =>
      /into (cluster|peer|flow|flow_hour|baseline) /.test(text),
    ))
      await execute(sql);
    await execute('analyze');
    for (const sql of LATER) await execute(sql);
    const asked: Asked[] = [];
    await source.transaction(manager => lookUps(explaining(manager, asked), FLOWS_LATER));
    assert.ok(asked.length > 5, 'each is planned');
    const slow = asked.filter(({ rows }) => rows > FLOWS_LATER * ROWS_OF_ONE);
    assert.deepEqual(slow, []);
  }));
