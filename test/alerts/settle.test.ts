import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVERYWHERE, SHIPPED_RULES } from '../../src/alerts/alert-rule.js';
import { alertSettleStore } from '../../src/alerts/alert-settle.store.js';
import { type UpdateRuleInput, updateAlertRule } from '../../src/alerts/change-rule.js';
import { clusterAlertStore } from '../../src/alerts/cluster-alert.store.js';
import { rejudge } from '../../src/alerts/rejudge.js';
import { lines, NOW, record, workload } from '../flows/support/intake.js';
import { withDatabase } from '../support/database.js';
import { changeRuleDeps, type Watching, withWatching } from './support/watching.js';

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

const DENIED = record({ destination: workload('db'), port: 5432, verdict: 'DENIED' });
const ASKED = record({
  source: workload('api'),
  destination: { ip: '169.254.169.254' },
  port: 80,
});
const SCANNED = Array.from({ length: 12 }, (_, place) =>
  record({
    source: workload('scanner'),
    destination: workload(`target-${place}`),
    port: 5000,
    verdict: 'DENIED',
  }),
);

async function change(
  { source, stores }: Watching,
  criterion: string,
  given: UpdateRuleInput['change'],
  atOnce = 5_000,
): Promise<void> {
  const id = SHIPPED_RULES.find(one => one.criterion === criterion)?.id ?? '';
  const input = { id, expectedVersion: null, change: given };
  const { rule } = await updateAlertRule(changeRuleDeps(source), input);
  assert.ok(rule);
  const alertSettles = alertSettleStore(source.manager);
  await rejudge(
    { ...stores, alertSettles, clusterAlerts: clusterAlertStore(source.manager) },
    id,
    NOW,
    atOnce,
  );
}

const elsewhere = { scope: { ...EVERYWHERE, namespaces: ['other'] } };
const noDb = { namespace: null, deployment: null, peer: 'shop/db', port: null };

/** What changes of a rule, and which alerts are open after it. */
const CHANGES: readonly (readonly [string, UpdateRuleInput['change'], string])[] = [
  ['DENIED', { severity: 'LOW' }, 'DENIED LATERAL_SCAN METADATA'],
  ['DENIED', { exclusions: [{ ...noDb, port: 1 }] }, 'DENIED LATERAL_SCAN METADATA'],
  ['DENIED', { exclusions: [noDb] }, 'LATERAL_SCAN METADATA'],
  ['METADATA', elsewhere, 'LATERAL_SCAN'],
  ['LATERAL_SCAN', elsewhere, ''],
];

test('what a rule that was changed is not about any more is resolved, and nothing else', () =>
  withWatching(async watching => {
    await watching.send(lines(DENIED, ASKED, ...SCANNED));
    for (const [criterion, given, open] of CHANGES) {
      await change(watching, criterion, given);
      const left = await watching.rows(
        `select rule from alert where state <> 'RESOLVED' and lead_id is null order by rule`,
      );
      assert.equal(left.map(({ rule }) => rule).join(' '), open, `${criterion} ${open}`);
    }
    assert.deepEqual(
      await watching.rows(`select distinct resolution from alert where state = 'RESOLVED'`),
      [{ resolution: 'no rule is about it any more' }],
    );
  }));

/** More than two pages of flows, each with what it added to the alert of the one flow that is there; ids are spread over all. */
const COPIES = [
  `insert into flow select (jsonb_populate_record(f, jsonb_build_object('id', md5(f.id::text || n)::uuid, 'port', n))).*
    from flow f cross join generate_series(1001, 1025) n`,
  `insert into alert_match select (jsonb_populate_record(m, jsonb_build_object('flow_id', md5(m.flow_id::text || n)::uuid))).*
    from alert_match m cross join generate_series(1001, 1025) n`,
];

test('a rule that is changed looks at all pages of what it met, and what flows that are gone added is forgotten page by page', () =>
  withWatching(async watching => {
    const { execute, rows, source, send } = watching;
    await send(
      lines(
        ASKED,
        record({ source: workload('web'), destination: { ip: '169.254.169.254' }, port: 80 }),
      ),
    );
    for (const sql of COPIES) await execute(sql);
    const states = () =>
      rows(`select d.name, a.state from alert a join peer d on d.id = a.deployment_id order by 1`);
    const settles = alertSettleStore(source.manager);
    for (const [kept, gone] of [
      ['api', 'web'],
      ['web', 'api'],
    ] as const) {
      await execute(`update alert set state = 'OPEN', resolved_at = null, resolution = null`);
      const exclusions = [{ ...noDb, peer: null, deployment: gone }];
      await change(watching, 'METADATA', { exclusions }, 10);
      const expected = [kept, gone]
        .toSorted()
        .map(name => ({ name, state: name === kept ? 'OPEN' : 'RESOLVED' }));
      assert.deepEqual(await states(), expected);
    }
    await execute('delete from flow where port > 1003');
    const forgotten = async () => {
      const counts: number[] = [];
      do counts.push(await settles.forgetMatches(10));
      while (counts.at(-1) === 10);
      return counts;
    };
    assert.deepEqual(await forgotten(), [10, 10, 2], 'those of the alert that is open stay');
    await execute(`update alert set state = 'RESOLVED', resolved_at = now()`);
    assert.deepEqual(await forgotten(), [10, 10, 2]);
    const [left] = await rows('select count(*)::int as count from alert_match');
    assert.deepEqual(left, { count: 2 * 4 });
  }));
