import { type Unnested, unnest } from '../database/statement.js';
import type { BaselineEntry } from './baseline.js';

/** An entry, and whose it is. */
export type OwnedEntry = BaselineEntry & { readonly deploymentId: string };

/** Columns of `baseline_entry` beside the cluster, in the order of `entryRows`. */
export const ENTRY_NAMES = `deployment_id, id, direction, peer_id, port, protocol, first_seen_at, last_seen_at, events, days,
  hours, pattern, status, status_at, status_by, reason`;

/** Entries as a table `x` of parameters, from `$2` on. */
export const entryRows = (entries: readonly OwnedEntry[]): Unnested =>
  unnest(
    entries,
    'x',
    {
      deployment_id: ['uuid', row => row.deploymentId],
      id: ['uuid', row => row.id],
      direction: ['text', row => row.direction],
      peer_id: ['uuid', row => row.peerId],
      port: ['int', row => row.port],
      protocol: ['text', row => row.protocol],
      first_seen_at: ['timestamptz', row => row.firstSeenAt],
      last_seen_at: ['timestamptz', row => row.lastSeenAt],
      events: ['bigint', row => row.events],
      days: ['int', row => row.days],
      hours: ['int', row => row.hours],
      pattern: ['text', row => row.pattern],
      status: ['text', row => row.status],
      status_at: ['timestamptz', row => row.statusAt],
      status_by: ['text', row => row.statusBy],
      reason: ['text', row => row.reason],
    },
    2,
  );
