import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertSettleStore } from '../../src/alerts/alert-settle.store.js';
import { withDatabase } from '../support/database.js';

/** Three alerts of no flow, whose cause is gone. */
const SEED = [
  `insert into cluster (id, name, created_at) values (1, 'lab', now())`,
  `insert into peer (cluster_id, id, kind, natural_key, name, namespace, workload_kind, labels, ports, host_network, inferred)
    values (1, md5('d')::uuid, 'DEPLOYMENT', 'd', 'd', 'shop', 'Deployment', '{}', '[]', false, false)`,
  `insert into alert (cluster_id, id, rule, category, severity, state, deployment_id, peer_id, flow_id, message, occurrences,
      first_occurred_at, last_occurred_at)
    select 1, md5('a' || i)::uuid, 'DENIED', 'Anomalous Activity', 'HIGH', 'OPEN', md5('d')::uuid, md5('d')::uuid, md5('f')::uuid,
      'm', 1, now(), now() from generate_series(1, 3) i`,
];

const STATES = `select state from alert order by id = md5('a2')::uuid, id`;

test('alerts that are being written are settled by the next call, and the others now', () =>
  withDatabase(async ({ source, execute }) => {
    for (const sql of SEED) await execute(sql);
    const settle = () => alertSettleStore(source.manager).settle(null, '2026-11-22T10:00:00Z');
    const states = async () =>
      (await source.query(STATES)).map(({ state }: { state: string }) => state);
    await source.transaction(async manager => {
      await manager.query(`select from alert where id = md5('a2')::uuid for update`);
      await settle();
    });
    assert.deepEqual(await states(), ['RESOLVED', 'RESOLVED', 'OPEN']);
    await settle();
    assert.deepEqual(await states(), ['RESOLVED', 'RESOLVED', 'RESOLVED']);
  }));
