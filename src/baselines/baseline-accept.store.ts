import type { EntityManager } from 'typeorm';
import { bool, int4, int8, json, nullable, statement, text, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { isOfLife } from '../flows/hour-slot.js';
import { dateTimeText } from '../query/date-time.js';
import type { BaselineDirection } from './baseline.js';
import { ENTRY_NAMES, entryRows, type OwnedEntry } from './entry-rows.js';
import { forbids } from './held.js';

/** An end of a flow that has a baseline. */
type AcceptingEnd = {
  readonly deploymentId: string;
  readonly peerId: string;
  readonly direction: BaselineDirection;
};

/** A flow that somebody says is normal. Times are ISO text. */
export type AcceptableFlow = {
  readonly id: string;
  readonly port: number | null;
  readonly protocol: string;
  readonly trafficClass: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly events: string;
  readonly days: number;
  readonly hours: number;
  /** Somebody forbade it in the baseline of an end. */
  readonly forbidden: boolean;
  readonly ends: readonly AcceptingEnd[];
};

export type BaselineAcceptStore = {
  /** The flows with those of their ends that have a baseline. */
  acceptable(clusterId: number, flows: readonly string[]): Promise<readonly AcceptableFlow[]>;
  /** Adds entries, where they are not there or were removed, and makes the next version of each baseline. */
  add(clusterId: number, entries: readonly OwnedEntry[]): Promise<void>;
};

const ACCEPTABLE = statement<AcceptableFlow>('baselineAccepts.acceptable', {
  id: uuid,
  port: nullable(int4),
  protocol: text,
  trafficClass: text,
  firstSeenAt: text,
  lastSeenAt: text,
  events: int8,
  days: int4,
  hours: int4,
  forbidden: bool,
  ends: json<readonly AcceptingEnd[]>(),
});

const END = (own: string, peer: string, direction: string): string =>
  `select json_build_object('deploymentId', b.deployment_id, 'peerId', f.${peer}, 'direction', '${direction}') as e
    from baseline b where b.cluster_id = ${CLUSTER} and b.deployment_id = f.${own}`;

const FORBIDDEN = (own: string, peer: string, direction: 'EGRESS' | 'INGRESS'): string =>
  `exists (select from baseline b where b.cluster_id = ${CLUSTER} and b.deployment_id = f.${own} and ${forbids(peer, direction)})`;

export const baselineAcceptStore = (manager: EntityManager): BaselineAcceptStore => ({
  acceptable: (clusterId, flows) =>
    ACCEPTABLE.rows(
      manager,
      `select f.id, f.port, f.protocol, f.traffic_class as "trafficClass", ${dateTimeText('f.first_seen_at')} as "firstSeenAt",
        ${dateTimeText('f.last_seen_at')} as "lastSeenAt", f.events,
        (select count(distinct (slot_hour(h.slot) at time zone 'UTC')::date)::int from flow_hour h
          where h.cluster_id = f.cluster_id and h.flow_id = f.id and ${isOfLife('h.slot')}) as days,
        (select count(distinct h.slot >> 3)::int from flow_hour h
          where h.cluster_id = f.cluster_id and h.flow_id = f.id and ${isOfLife('h.slot')}) as hours,
        ${FORBIDDEN('source_id', 'destination_id', 'EGRESS')} or ${FORBIDDEN('destination_id', 'source_id', 'INGRESS')} as forbidden,
        (select coalesce(json_agg(e), '[]') from (
          ${END('source_id', 'destination_id', 'EGRESS')} union all ${END('destination_id', 'source_id', 'INGRESS')}) x) as ends
      from unnest($2::uuid[]) k (id)
      cross join lateral (select * from flow where cluster_id = ${CLUSTER} and id = k.id offset 0) f`,
      [clusterId, flows],
    ),
  add: async (clusterId, entries) => {
    const { from, values } = entryRows(entries);
    await manager.query(
      `/* baselineAccepts.add */ insert into baseline_entry as stored (cluster_id, ${ENTRY_NAMES})
      select $1::int, x.* from ${from} on conflict (cluster_id, deployment_id, id) do update set
        status = excluded.status, status_at = excluded.status_at, status_by = excluded.status_by, reason = excluded.reason
        where stored.status = 'REMOVED'`,
      [clusterId, ...values],
    );
    await manager.query(
      `/* baselineAccepts.bump */ update baseline set version = version + 1
      where cluster_id = ${CLUSTER} and deployment_id = any($2::uuid[])`,
      [clusterId, [...new Set(entries.map(({ deploymentId }) => deploymentId))]],
    );
  },
});
