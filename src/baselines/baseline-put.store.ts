import type { EntityManager } from 'typeorm';
import { CLUSTER, unnest } from '../database/statement.js';
import type { Baseline } from './baseline.js';
import { ENTRY_NAMES, entryRows, type OwnedEntry } from './entry-rows.js';

const BASELINE_NAMES = `deployment_id, state, version, learned_since, learned_until, generated_at, locked_at, continuous,
  covered_hours, quiet_hours, events, last_new_at, stable_since, reopened_at, relock`;

const baselineRows = (baselines: readonly Baseline[]) =>
  unnest(
    baselines,
    'x',
    {
      deployment_id: ['uuid', row => row.deploymentId],
      state: ['text', row => row.state],
      version: ['int', row => row.version],
      learned_since: ['timestamptz', row => row.learnedSince],
      learned_until: ['timestamptz', row => row.learnedUntil],
      generated_at: ['timestamptz', row => row.generatedAt],
      locked_at: ['timestamptz', row => row.lockedAt],
      continuous: ['bool', row => row.continuous],
      covered_hours: ['int', row => row.coveredHours],
      quiet_hours: ['int', row => row.quietHours],
      events: ['bigint', row => row.events],
      last_new_at: ['timestamptz', row => row.lastNewAt],
      stable_since: ['timestamptz', row => row.stableSince],
      reopened_at: ['timestamptz', row => row.reopenedAt],
      relock: ['bool', row => row.relock],
    },
    2,
  );

const SET = BASELINE_NAMES.split(',')
  .map(name => name.trim())
  .filter(name => name !== 'deployment_id')
  .map(name => `${name} = excluded.${name}`)
  .join(', ');

export async function putBaselines(
  manager: EntityManager,
  clusterId: number,
  baselines: readonly Baseline[],
): Promise<void> {
  const { from, values } = baselineRows(baselines);
  await manager.query(
    `/* baselines.put */ insert into baseline (cluster_id, ${BASELINE_NAMES})
    select $1::int, x.* from ${from} on conflict (cluster_id, deployment_id) do update set ${SET}`,
    [clusterId, ...values],
  );
}

/** Writes all entries of these deployments, over those that they had. */
export async function putEntries(
  manager: EntityManager,
  clusterId: number,
  {
    deployments,
    entries,
  }: { readonly deployments: readonly string[]; readonly entries: readonly OwnedEntry[] },
): Promise<void> {
  await manager.query(
    `/* baselines.clearEntries */ delete from baseline_entry where cluster_id = ${CLUSTER} and deployment_id = any($2::uuid[])`,
    [clusterId, deployments],
  );
  const { from, values } = entryRows(entries);
  await manager.query(
    `/* baselines.putEntries */ insert into baseline_entry (cluster_id, ${ENTRY_NAMES}) select $1::int, x.* from ${from}`,
    [clusterId, ...values],
  );
}
