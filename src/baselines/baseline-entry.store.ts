import type { EntityManager } from 'typeorm';
import { statement, text, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { blockName } from '../inventory/external-blocks/external-block.js';
import { peerLabel } from '../inventory/peer-label.js';
import { ENTRY_NAMES, entryRows, type OwnedEntry } from './entry-rows.js';

export type BaselineEntryStore = {
  /** Names of the blocks that peers lie in; nothing of those in none. */
  blocks(
    clusterId: number,
    peers: readonly string[],
  ): Promise<readonly { id: string; name: string }[]>;
  /** Peers of a cluster by the names that lists show, by address or by DNS name; a name may be of several. */
  peersNamed(
    clusterId: number,
    names: readonly string[],
  ): Promise<readonly { id: string; name: string }[]>;
  /** Writes entries, over those that are there. */
  put(clusterId: number, entries: readonly OwnedEntry[]): Promise<void>;
  /** Takes entries away. */
  remove(
    clusterId: number,
    entries: readonly Pick<OwnedEntry, 'deploymentId' | 'id'>[],
  ): Promise<void>;
  /** The next version of each baseline. */
  bump(clusterId: number, deployments: readonly string[]): Promise<void>;
};

const STATEMENTS = {
  blocks: statement('baselineEntries.blocks', { id: uuid, name: text }),
  peersNamed: statement('baselineEntries.peersNamed', { id: uuid, name: text }),
} as const;

const PUT = (rows: string): string => `/* baselineEntries.put */
  insert into baseline_entry (cluster_id, ${ENTRY_NAMES}) select $1::int, x.* from ${rows}
  on conflict (cluster_id, deployment_id, id) do update set first_seen_at = excluded.first_seen_at,
    last_seen_at = excluded.last_seen_at, events = excluded.events, days = excluded.days, hours = excluded.hours,
    pattern = excluded.pattern, status = excluded.status, status_at = excluded.status_at, status_by = excluded.status_by,
    reason = excluded.reason`;

export const baselineEntryStore = (manager: EntityManager): BaselineEntryStore => ({
  blocks: (clusterId, peers) =>
    STATEMENTS.blocks.rows(
      manager,
      `select x.id, n.name from peer x cross join lateral (select ${blockName('x')} as name) n
      where x.cluster_id = ${CLUSTER} and x.id = any($2::uuid[]) and x.kind = 'EXTERNAL' and n.name is not null`,
      [clusterId, peers],
    ),
  peersNamed: (clusterId, names) =>
    STATEMENTS.peersNamed.rows(
      manager,
      `select x.id, k.name from unnest($2::text[]) k (name) join peer x on x.cluster_id = ${CLUSTER} and x.alias_of is null
        and (${peerLabel('x')} = k.name or x.kind = 'EXTERNAL' and (x.name = k.name or x.dns_name = k.name))`,
      [clusterId, names],
    ),
  put: async (clusterId, entries) => {
    const { from, values } = entryRows(entries);
    await manager.query(PUT(from), [clusterId, ...values]);
  },
  remove: async (clusterId, entries) => {
    await manager.query(
      `/* baselineEntries.remove */ delete from baseline_entry
      where cluster_id = ${CLUSTER} and (deployment_id, id) in (select * from unnest($2::uuid[], $3::uuid[]))`,
      [clusterId, entries.map(row => row.deploymentId), entries.map(row => row.id)],
    );
  },
  bump: async (clusterId, deployments) => {
    await manager.query(
      `/* baselineEntries.bump */ update baseline set version = version + 1
      where cluster_id = ${CLUSTER} and deployment_id = any($2::uuid[])`,
      [clusterId, deployments],
    );
  },
});
