import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { UNATTENDED } from '../database/explained.js';
import { flow, type Lab, labs } from '../support/lab.js';
import { policy, workload } from '../support/manifests.js';

const labOf = labs();

const EACH = 25;
const FORGETS_MS = 1_100;

const name = (place: number): string => `app-${place}`;

/** As many deployments; no policy lets one go to another. */
const closed = (count: number): readonly object[] =>
  Array.from({ length: count }, (_, place) => [
    workload('Deployment', name(place), { labels: { app: name(place) } }),
    policy(name(place), {
      podSelector: { matchLabels: { app: name(place) } },
      policyTypes: ['Egress'],
    }),
  ]).flat();

/** Each tries as many others, as a scanner does. */
const tried = (count: number): readonly object[] =>
  Array.from({ length: count * EACH }, (_, place) => {
    const from = place % count;
    const to = (from + 1 + Math.floor(place / count)) % count;
    return flow(`shop/${name(from)}`, `shop/${name(to)}`, 8080);
  });

/** Rows and index entries that statements have read so far: each connection tells of its own, at most once a second. */
async function read({ execute }: Lab): Promise<number> {
  await pause(FORGETS_MS);
  const flushed = 'select pg_stat_force_next_flush(), pg_sleep(0.05)';
  await Promise.all(Array.from({ length: 4 }, () => execute(flushed)));
  const [row] = (await execute(`select (select sum(seq_tup_read) from pg_stat_user_tables)
    + (select sum(idx_tup_read) from pg_stat_user_indexes) as read`)) as {
    readonly read: string;
  }[];
  return Number(row?.read);
}

async function readsOf(count: number): Promise<number> {
  const lab = labOf(`of-${count}`);
  await lab.execute(UNATTENDED);
  await lab.take(closed(count));
  const before = await read(lab);
  await lab.see(...tried(count));
  const scans = await lab.execute(`select count(*)::int as n from alert where rule = 'LATERAL_SCAN'
    and cluster_id = (select id from cluster where name = '${lab.cluster}')`);
  assert.deepEqual(scans, [{ n: count }]);
  return (await read(lab)) - before;
}

test('what ingestion reads of tables without statistics grows as the flows that it takes, alerts and scans included', async () => {
  const [few, many] = [await readsOf(30), await readsOf(120)];
  assert.ok(few > 1_000, `${few} rows were read`);
  assert.ok(many < 6 * few, `${few} rows for ${30 * EACH} flows, ${many} for four times as many`);
});
