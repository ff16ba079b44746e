import 'reflect-metadata';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntityManager } from 'typeorm';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { alertMoveStore } from '../../src/alerts/alert-move.store.js';
import { alertRaiseStore } from '../../src/alerts/alert-raise.store.js';
import { volumeStore } from '../../src/alerts/volume.store.js';
import { baselineStore } from '../../src/baselines/baseline.store.js';
import { baselineAcceptStore } from '../../src/baselines/baseline-accept.store.js';
import { coverageStore } from '../../src/baselines/coverage.store.js';
import { decayStore } from '../../src/baselines/decay.store.js';
import { openFlowStore } from '../../src/flows/directions/open-flow.store.js';
import { flowWindowStore } from '../../src/flows/flow-window.store.js';
import { withDatabase } from '../support/database.js';
import { type Asked, explained, UNATTENDED } from './explained.js';
import { FILLED } from './filled.js';

/** Another cluster, with so many of the flows of the first and their ends and hours. */
const FLOWS_LATER = 500;
const SOME = 1_000;
const LATER = [
  `insert into cluster (id, name, created_at) values (2, 'late', '2026-11-22Z')`,
  ...[
    ['peer', ''],
    ['flow', `order by id limit ${FLOWS_LATER}`],
    ['baseline', ''],
    ['baseline_entry', `order by deployment_id, id limit ${SOME}`],
    ['flow_hour', ''],
    ['alert', `order by id limit ${SOME}`],
    ['alert_match', `order by alert_id limit ${SOME}`],
  ].map(
    ([table, some]) =>
      `insert into ${table} select r.* from (select * from ${table} where cluster_id = 1 ${some}) t
        cross join lateral jsonb_populate_record(null::${table}, to_jsonb(t) || '{"cluster_id":2}') r`,
  ),
  // Of each baseline one entry about a peer outside, which is asked for by its block or name.
  `insert into baseline_entry (cluster_id, deployment_id, id, direction, peer_id, port, protocol, first_seen_at, last_seen_at, events,
      days, status)
    select distinct on (f.source_id) 2, f.source_id, f.id, 'EGRESS', p.id, f.port, f.protocol, f.first_seen_at, f.last_seen_at, 1, 1, 'FORBIDDEN'
    from flow f cross join (select id from peer where kind = 'EXTERNAL' order by id limit 1) p where f.cluster_id = 2`,
];

const WINDOW = { since: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z' };
const CLUSTER_ID = 2;

/** What ingestion looks up for the flows of a batch. */
async function ingested(manager: EntityManager, flows: readonly string[]): Promise<void> {
  const raises = alertRaiseStore(manager);
  await raises.outside(CLUSTER_ID, flows);
  await raises.suspects(CLUSTER_ID, { flows, told: flows, bad: [], unlearned: true });
  await raises.hoursOf(CLUSTER_ID, flows, WINDOW);
  await raises.letThrough(CLUSTER_ID, flows);
  await baselineStore(manager, LOCAL_CALLER).markFlowIds(CLUSTER_ID, flows);
  await openFlowStore(manager).open(CLUSTER_ID, flows);
  await alertMoveStore(manager).matchesOf(CLUSTER_ID, flows);
  const touched = flows.map(flowId => ({ flowId, hour: '2026-11-22T10:00:00Z' }));
  await volumeStore(manager).volumes(CLUSTER_ID, touched, 1);
}

/** What baselines learn from, and what is marked when they change. */
async function learned(manager: EntityManager, flows: readonly string[]): Promise<void> {
  const all = { clusterId: CLUSTER_ID, namespaces: null, deployments: null };
  const windows = flowWindowStore(manager, LOCAL_CALLER);
  await windows.inWindow(all, WINDOW);
  await windows.withIds(CLUSTER_ID, flows);
  const rows = await manager.query(
    `select distinct source_id as id from flow where cluster_id = ${CLUSTER_ID}`,
  );
  const deployments: readonly string[] = rows.map(({ id }: { readonly id: string }) => id);
  await windows.inWindow({ ...all, deployments }, WINDOW);
  await coverageStore(manager).own(CLUSTER_ID, deployments, null);
  await baselineStore(manager, LOCAL_CALLER).markFlows(CLUSTER_ID, deployments);
  await baselineAcceptStore(manager).acceptable(CLUSTER_ID, flows);
  await decayStore(manager).lastSeen(CLUSTER_ID, flows);
}

async function lookUps(manager: EntityManager): Promise<void> {
  const rows = await manager.query(`select id from flow where cluster_id = ${CLUSTER_ID}`);
  const flows: readonly string[] = rows.map(({ id }: { readonly id: string }) => id);
  assert.equal(flows.length, FLOWS_LATER);
  await ingested(manager, flows);
  await learned(manager, flows);
}

/** So many rows may be read for each of them: itself, its ends, hours, and what baselines hold of it. */
const ROWS_OF_ONE = 60;

const isNeeded = (sql: string): boolean =>
  /into (cluster|peer|flow|flow_hour|baseline|baseline_entry|alert|alert_match) /.test(sql);

/** Kinds of peers that the statistics do not know either. */
const isOutside = (sql: string): boolean => sql.includes(`'EXTERNAL'`);

test('what is looked up for a cluster that came after the statistics were made is looked up by its key', () =>
  withDatabase(async ({ source, execute }) => {
    await execute(UNATTENDED);
    const needed = FILLED.filter(isNeeded);
    for (const sql of needed.filter(text => !isOutside(text))) await execute(sql);
    await execute('analyze');
    for (const sql of [...needed.filter(isOutside), ...LATER]) await execute(sql);
    const asked: Asked[] = [];
    await source.transaction(manager => explained(manager, asked, () => lookUps(manager)));
    assert.ok(asked.length > 15, 'each is told of');
    const slow = asked.filter(({ rows }) => rows > FLOWS_LATER * ROWS_OF_ONE);
    assert.deepEqual(slow, []);
  }));
