import type { EntityManager } from 'typeorm';
import { float8, int4, jsonb, nullable, statement, text, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { dateTimeText } from '../query/date-time.js';

/** A live policy as it was for a time. */
export type PastPolicy = {
  readonly policyId: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly document: unknown;
  readonly validFrom: string;
  /** Excluded; null: it is so still. */
  readonly validTo: string | null;
};

/** A policy of a set that was in force. */
export type PastSetItem = {
  readonly setId: string;
  readonly setName: string;
  readonly scope: string;
  readonly version: number;
  readonly inForceAt: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly yaml: string;
};

/** What a source showed in an hour. Times are milliseconds since 1970. */
export type PastHour = {
  readonly source: string;
  readonly records: number;
  readonly firstAt: number;
  readonly lastAt: number;
};

/** ISO text; since included, until excluded. */
export type PastWindow = { readonly since: string; readonly until: string };

/** What a cluster's policies and sources were; for trying rules on it. Nothing is written. */
export type ClusterPastStore = {
  /** When the first live policy was known; null: none ever was. */
  firstKnown(clusterId: number): Promise<string | null>;
  /** Ids of live policies that were made, changed or deleted in the window; in the order of ids. */
  changed(clusterId: number, window: PastWindow, limit: number): Promise<readonly string[]>;
  /** As these policies were until the end of the window, from what was so at its beginning on; by policy, oldest first. */
  policies(
    clusterId: number,
    ids: readonly string[],
    window: PastWindow,
  ): Promise<readonly PastPolicy[]>;
  /** The policies of versions of sets that were found in force before the window ended, and of which none newer was when it began; by set, version and position. */
  sets(clusterId: number, window: PastWindow): Promise<readonly PastSetItem[]>;
  /** Hours of a window in which a source showed something; by source, oldest first. */
  hours(clusterId: number, window: PastWindow): Promise<readonly PastHour[]>;
};

const STATEMENTS = {
  firstKnown: statement<{ at: string | null }>('clusterPasts.firstKnown', { at: nullable(text) }),
  changed: statement<{ id: string }>('clusterPasts.changed', { id: uuid }),
  policies: statement<PastPolicy>('clusterPasts.policies', {
    policyId: uuid,
    kind: text,
    namespace: nullable(text),
    name: text,
    document: jsonb<unknown>(),
    validFrom: text,
    validTo: nullable(text),
  }),
  sets: statement<PastSetItem>('clusterPasts.sets', {
    setId: uuid,
    setName: text,
    scope: text,
    version: int4,
    inForceAt: text,
    kind: text,
    namespace: nullable(text),
    name: text,
    yaml: text,
  }),
  hours: statement<PastHour>('clusterPasts.hours', {
    source: text,
    records: float8,
    firstAt: float8,
    lastAt: float8,
  }),
} as const;

const CHANGED = `select p.id from policy p where p.cluster_id = ${CLUSTER} and p.source = 'LIVE' and exists (
    select from policy_revision r where r.cluster_id = ${CLUSTER} and r.policy_id = p.id
      and (r.valid_from >= $2::timestamptz and r.valid_from < $3::timestamptz
        or r.valid_to >= $2::timestamptz and r.valid_to < $3::timestamptz))
  order by p.id limit $4`;

const POLICIES = `select r.policy_id as "policyId", p.kind, p.namespace, p.name, r.document,
    ${dateTimeText('r.valid_from')} as "validFrom", ${dateTimeText('r.valid_to')} as "validTo"
  from unnest($2::uuid[]) k (id)
  cross join lateral (select * from policy where cluster_id = ${CLUSTER} and id = k.id offset 0) p
  cross join lateral (select * from policy_revision where cluster_id = ${CLUSTER} and policy_id = k.id
    and valid_from < $4::timestamptz and (valid_to is null or valid_to >= $3::timestamptz) offset 0) r
  order by r.policy_id, r.valid_from`;

const SETS = `select s.id as "setId", s.name as "setName", s.scope, s.version, ${dateTimeText('s.in_force_at')} as "inForceAt",
    i.kind, i.namespace, i.name, i.yaml
  from policy_set s
  cross join lateral (select * from policy_set_item where cluster_id = ${CLUSTER} and policy_set_id = s.id offset 0) i
  where s.cluster_id = ${CLUSTER} and s.in_force_at < $3::timestamptz and not exists (
    select from policy_set n where n.cluster_id = ${CLUSTER} and n.name = s.name and n.scope = s.scope and n.version > s.version
      and n.in_force_at <= $2::timestamptz)
  order by s.name, s.scope, s.version, i.position`;

const MILLIS = (time: string): string => `(extract(epoch from ${time}) * 1000)::float8`;

const HOURS = `select source, accepted::float8 as records, ${MILLIS('first_seen_at')} as "firstAt", ${MILLIS('last_seen_at')} as "lastAt"
  from ingest_ledger where cluster_id = ${CLUSTER} and hour >= date_trunc('hour', $2::timestamptz, 'UTC') and hour < $3::timestamptz
    and first_seen_at is not null
  order by source, hour`;

export const clusterPastStore = (manager: EntityManager): ClusterPastStore => ({
  firstKnown: async clusterId =>
    (
      await STATEMENTS.firstKnown.row(
        manager,
        `select ${dateTimeText('min(valid_from)')} as at from policy_revision where cluster_id = ${CLUSTER} and source = 'LIVE'`,
        [clusterId],
      )
    ).at,
  changed: async (clusterId, { since, until }, limit) =>
    (await STATEMENTS.changed.rows(manager, CHANGED, [clusterId, since, until, limit])).map(
      ({ id }) => id,
    ),
  policies: (clusterId, ids, { since, until }) =>
    STATEMENTS.policies.rows(manager, POLICIES, [clusterId, ids, since, until]),
  sets: (clusterId, { since, until }) =>
    STATEMENTS.sets.rows(manager, SETS, [clusterId, since, until]),
  hours: (clusterId, { since, until }) =>
    STATEMENTS.hours.rows(manager, HOURS, [clusterId, since, until]),
});
