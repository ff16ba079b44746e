import type { EntityManager } from 'typeorm';
import { float8, int4, statement, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import type { Window } from '../flows/flow-condition.js';
import { flowsOfPeers } from '../flows/flow-peers.js';
import { METADATA_CLASS } from '../flows/flow-view.js';
import { isOfLife } from '../flows/hour-slot.js';
import type { Hour, OwnHour } from './maturity.js';

type OwnHourOf = OwnHour & { readonly deploymentId: string };

/** What was seen of a cluster, hour by hour; whoever asks must see all of it, or learns counts only. */
export type CoverageStore = {
  /** Hours of the window in which something came of the cluster, by its ledger; ascending. */
  covered(clusterId: number, window: Window): Promise<readonly Hour[]>;
  /** Hours in which pods of deployments had labels that none of the deployment had had before, but for the first of each; ascending. */
  releases(
    clusterId: number,
    deployments: readonly string[],
  ): Promise<readonly { readonly deploymentId: string; readonly hour: Hour }[]>;
  /**
   * Hours in which a live policy of the namespace of deployments, or of the whole cluster, was made, changed or deleted, but for the first that are
   * known; ascending.
   */
  policyChanges(
    clusterId: number,
    deployments: readonly string[],
  ): Promise<readonly { readonly deploymentId: string; readonly hour: Hour }[]>;
  /** Hours in which flows of deployments were let through that can be learned, from a time on (ISO text; null: all); ascending. */
  own(
    clusterId: number,
    deployments: readonly string[],
    since: string | null,
  ): Promise<readonly OwnHourOf[]>;
};

const COVERED = statement('baselineCoverage.covered', { hour: int4 });

const OWN = statement<OwnHourOf>('baselineCoverage.own', {
  deploymentId: uuid,
  hour: int4,
  fresh: int4,
  events: float8,
});

const HOUR = (column: string): string => `(extract(epoch from ${column}) / 3600)::int`;

/** The hours of each flow are looked up by its key (`offset 0`). */
const OWN_TEXT = `with asked as materialized (select id from unnest($2::uuid[]) k (id)),
  found as materialized (select f.id, f.source_id, f.destination_id, f.first_seen_at, f.last_seen_at
    from ${flowsOfPeers('asked k')} where f.direction_known and f.traffic_class <> '${METADATA_CLASS}'),
  hours as materialized (select f.source_id, f.destination_id, h.hour, h.events, min(h.hour) over (partition by f.id) as first
    from found f cross join lateral (
      select slot >> 3 as hour, sum(events) as events from flow_hour where cluster_id = ${CLUSTER} and flow_id = f.id
        and ${isOfLife('slot')}
        and slot_verdict(slot) in ('ALLOWED', 'UNKNOWN') and ($3::timestamptz is null or slot >= slot_from($3::timestamptz))
      group by 1 offset 0) h)
  select k.id as "deploymentId", h.hour, count(*) filter (where h.hour = h.first)::int as fresh,
    sum(h.events)::float8 as events
  from asked k join (select source_id as own_id, hour, events, first from hours
    union all select destination_id, hour, events, first from hours where destination_id <> source_id) h on h.own_id = k.id
  group by 1, 2 order by 1, 2`;

const RELEASES = statement('baselineCoverage.releases', { deploymentId: uuid, hour: int4 });

const RELEASES_TEXT = `select k.deployment_id as "deploymentId", ${HOUR('k.since')} as hour from (
    select d.deployment_id, d.since, min(d.since) over (partition by d.deployment_id) as first from (
      select deployment_id, label_set_id, min(valid_from) as since from deployment_label_set
      where cluster_id = ${CLUSTER} and deployment_id = any($2::uuid[]) group by 1, 2) d) k
  where k.since > k.first order by 1, 2`;

const POLICY_CHANGES = statement('baselineCoverage.policyChanges', {
  deploymentId: uuid,
  hour: int4,
});

const POLICY_CHANGES_TEXT = `with changes as materialized (
    select p.namespace, r.valid_from as at from policy_revision r join policy p on p.cluster_id = r.cluster_id and p.id = r.policy_id
    where r.cluster_id = ${CLUSTER} and p.source = 'LIVE'
    union all select namespace, ended_at from policy where cluster_id = ${CLUSTER} and source = 'LIVE' and ended_at is not null),
  known as materialized (select namespace, at from changes where at > (select min(at) from changes))
  select distinct d.id as "deploymentId", ${HOUR('c.at')} as hour from unnest($2::uuid[]) k (id)
  cross join lateral (select id, namespace from peer where cluster_id = ${CLUSTER} and id = k.id offset 0) d
  join known c on c.namespace is null or c.namespace = d.namespace order by 1, 2`;

export const coverageStore = (manager: EntityManager): CoverageStore => ({
  covered: async (clusterId, { since, until }) => {
    const rows = await COVERED.rows(
      manager,
      `select distinct ${HOUR('hour')} as hour from ingest_ledger where cluster_id = ${CLUSTER} and first_seen_at is not null
        and ($2::timestamptz is null or hour > $2::timestamptz - interval '1 hour')
        and ($3::timestamptz is null or hour < $3::timestamptz) order by 1`,
      [clusterId, since, until],
    );
    return rows.map(({ hour }) => hour);
  },
  policyChanges: (clusterId, deployments) =>
    POLICY_CHANGES.rows(manager, POLICY_CHANGES_TEXT, [clusterId, deployments]),
  releases: (clusterId, deployments) =>
    RELEASES.rows(manager, RELEASES_TEXT, [clusterId, deployments]),
  own: (clusterId, deployments, since) =>
    OWN.rows(manager, OWN_TEXT, [clusterId, deployments, since]),
});
