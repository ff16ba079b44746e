import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertRaiseStore } from '../../src/alerts/alert-raise.store.js';
import { type Asked, explained } from '../database/explained.js';
import { withDatabase } from '../support/database.js';

const DEPLOYMENT = '6a1f7f1c-6a3e-4f38-9a43-5f6a1f0b7c11';
const ALERTS = 2_000;
/** Of so many alerts one is of a kind that others belong to. */
const EACH_LEAD = 500;

const STORE = `insert into alert (cluster_id, id, rule, category, severity, state, deployment_id, first_occurred_at,
    last_occurred_at, message, occurrences, rank)
  select 1, gen_random_uuid(), 'DENIED', 'Network', 'LOW', 'OPEN', $1, now(), now(), '', 1, case when n % $2 = 0 then 10 else 70 end
  from generate_series(1, $3) n`;

test('alerts of a deployment find the incident that they belong to without reading each other', async () => {
  await withDatabase(async ({ source, execute }) => {
    const asked: Asked[] = [];
    await source.transaction(async manager => {
      await manager.query('set local session_replication_role = replica');
      await manager.query(STORE, [DEPLOYMENT, EACH_LEAD, ALERTS]);
      await explained(manager, asked, () => alertRaiseStore(manager).relink(1, [DEPLOYMENT]));
    });
    const [{ belonging }] = (await execute(
      'select count(*)::int as belonging from alert where lead_id is not null',
    )) as [{ belonging: number }];
    assert.equal(belonging, ALERTS - 1);
    const [relink] = asked;
    assert.ok((relink?.rows ?? 0) >= ALERTS, `${relink?.name} read ${relink?.rows} rows`);
    assert.ok((relink?.rows ?? 0) <= 6 * ALERTS, `${relink?.name} read ${relink?.rows} rows`);
  });
});
