import type { EntityManager } from 'typeorm';
import { statement } from '../database/row.js';
import { CLUSTER, sumOfInt8 } from '../database/statement.js';
import { ENTRY, ENTRY_COLUMNS, type EntryOf } from './baseline.store.js';
import { ENTRY_NAMES, entryRows } from './entry-rows.js';

export type BaselineMergeStore = {
  /** Entries of the baselines of these peers, and entries of others that name them. */
  entriesOf(clusterId: number, peers: readonly string[]): Promise<readonly EntryOf[]>;
  /** Gives what a peer turned out to be the baseline of that peer, where it has none. */
  adopt(clusterId: number, from: readonly string[], to: readonly string[]): Promise<void>;
  /** Takes entries away and adds others, which are unique; what is there already is added to. */
  replace(clusterId: number, removed: readonly EntryOf[], added: readonly EntryOf[]): Promise<void>;
  /** The next version of each. */
  bump(clusterId: number, deployments: readonly string[]): Promise<void>;
};

const ENTRIES_OF = statement('baselineMerges.entriesOf', ENTRY);

const ENTRIES = `select ${ENTRY_COLUMNS}
  from baseline_entry e
  where e.cluster_id = ${CLUSTER} and (e.deployment_id = any($2::uuid[]) or e.peer_id = any($2::uuid[]))`;

const ADOPT = `/* baselineMerges.adopt */
  insert into baseline (cluster_id, deployment_id, state, version, learned_since, learned_until, generated_at, locked_at,
    continuous, covered_hours, quiet_hours, events, last_new_at, stable_since, reopened_at, relock)
  select b.cluster_id, m.new, b.state, b.version, b.learned_since, b.learned_until, b.generated_at, b.locked_at,
    b.continuous, b.covered_hours, b.quiet_hours, b.events, b.last_new_at, b.stable_since, b.reopened_at, b.relock
  from unnest($2::uuid[], $3::uuid[]) m (old, new)
  join baseline b on b.cluster_id = ${CLUSTER} and b.deployment_id = m.old
  order by m.new, b.generated_at desc
  on conflict (cluster_id, deployment_id) do nothing`;

const REMOVE = `/* baselineMerges.remove */ delete from baseline_entry
  where cluster_id = ${CLUSTER} and (deployment_id, id) in (select * from unnest($2::uuid[], $3::uuid[]))`;

/** The stronger word stays: what somebody forbade, then what somebody confirmed. */
const STRONGER = `array_position(array['FORBIDDEN', 'CONFIRMED', 'OBSERVED', 'REMOVED'], excluded.status)
    < array_position(array['FORBIDDEN', 'CONFIRMED', 'OBSERVED', 'REMOVED'], stored.status)`;

const OF_STRONGER = ['status', 'status_at', 'status_by', 'reason']
  .map(name => `${name} = case when ${STRONGER} then excluded.${name} else stored.${name} end`)
  .join(', ');

const ADD = (rows: string): string => `/* baselineMerges.add */
  insert into baseline_entry as stored (cluster_id, ${ENTRY_NAMES}) select $1::int, x.* from ${rows}
  on conflict (cluster_id, deployment_id, id) do update set
    first_seen_at = least(stored.first_seen_at, excluded.first_seen_at),
    last_seen_at = greatest(stored.last_seen_at, excluded.last_seen_at),
    events = ${sumOfInt8('stored.events', 'excluded.events')}, days = greatest(stored.days, excluded.days),
    hours = greatest(stored.hours, excluded.hours), ${OF_STRONGER}`;

export const baselineMergeStore = (manager: EntityManager): BaselineMergeStore => ({
  entriesOf: (clusterId, peers) => ENTRIES_OF.rows(manager, ENTRIES, [clusterId, peers]),
  adopt: async (clusterId, from, to) => {
    await manager.query(ADOPT, [clusterId, from, to]);
  },
  replace: async (clusterId, removed, added) => {
    await manager.query(REMOVE, [
      clusterId,
      removed.map(row => row.deploymentId),
      removed.map(row => row.id),
    ]);
    const { from, values } = entryRows(added);
    await manager.query(ADD(from), [clusterId, ...values]);
  },
  bump: async (clusterId, deployments) => {
    await manager.query(
      `/* baselineMerges.bump */ update baseline set version = version + 1
      where cluster_id = ${CLUSTER} and deployment_id = any($2::uuid[])`,
      [clusterId, deployments],
    );
  },
});
