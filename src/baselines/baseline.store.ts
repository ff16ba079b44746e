import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visibleWorkload } from '../access/visible.js';
import {
  bool,
  type Columns,
  int4,
  int8,
  nullable,
  oneOf,
  statement,
  text,
  uuid,
} from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { lockFlows } from '../flows/flow-lock.store.js';
import { flowsOfPeers } from '../flows/flow-peers.js';
import { LOCK_OF_IMPORTS } from '../inventory/cluster.store.js';
import { asking, type Condition } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import {
  type Baseline,
  BaselineDirection,
  type BaselineEntry,
  BaselineState,
  EntryStatus,
} from './baseline.js';
import { putBaselines, putEntries } from './baseline-put.store.js';
import type { OwnedEntry } from './entry-rows.js';
import { forbids, holds, REACH } from './held.js';
import { TrafficPattern } from './pattern.js';

export type DeploymentKey = { readonly clusterId: number; readonly id: string };

/** What was done to a baseline, when (ISO text), by whom and why; for its history. */
export type Done = {
  readonly now: string;
  /** Name of the mutation, or of what else did it. */
  readonly source: string;
  readonly who: string | null;
  readonly why: string | null;
};
export type EntryOf = BaselineEntry & DeploymentKey & { readonly deploymentId: string };

export type BaselineStore = {
  /**
   * Changes to a cluster's baselines wait for each other until their transactions end, and for imports, which change
   * baselines as well when a peer turns out to be another.
   */
  lockCluster(clusterId: number): Promise<void>;
  ofDeployments(keys: readonly DeploymentKey[]): Promise<readonly Baseline[]>;
  entriesOf(keys: readonly DeploymentKey[]): Promise<readonly EntryOf[]>;
  /** Writes baselines with their entries; the ones before stay in the history. */
  put(baselines: readonly Baseline[], entries: readonly OwnedEntry[]): Promise<void>;
  /** Locks baselines, or gives them back to what was seen: LEARNING or STABLE. Answers those that changed. */
  setLocked(
    clusterId: number,
    deployments: readonly string[],
    locked: boolean,
    now: string,
  ): Promise<readonly Baseline[]>;
  /** Those that there are learn again from a moment on, for as long as their settings say: LEARNING, and locked again after it where they were. */
  reopen(clusterId: number, deployments: readonly string[], at: string): Promise<void>;
  /** Closes the current revision of each deployment and opens one with what is stored now. */
  keepRevision(clusterId: number, deployments: readonly string[], done: Done): Promise<void>;
  /** Says anew by what names the baselines know peers outside, and of each flow of the deployments whether it is in them. */
  markFlows(clusterId: number, deployments: readonly string[]): Promise<void>;
  /** The same for single flows, as they are first seen by ingestion, which holds the cluster's flows. */
  markFlowIds(clusterId: number, flows: readonly string[]): Promise<void>;
};

/** Of `BASELINE_COLUMNS`. */
export const BASELINE: Columns<Baseline> = {
  clusterId: int4,
  deploymentId: uuid,
  state: oneOf(BaselineState),
  version: int4,
  learnedSince: nullable(text),
  learnedUntil: nullable(text),
  generatedAt: text,
  lockedAt: nullable(text),
  continuous: bool,
  coveredHours: int4,
  quietHours: int4,
  events: int8,
  lastNewAt: nullable(text),
  stableSince: nullable(text),
  reopenedAt: nullable(text),
  relock: bool,
};

/** Of `ENTRY_COLUMNS`. */
export const ENTRY: Columns<EntryOf> = {
  clusterId: int4,
  deploymentId: uuid,
  id: uuid,
  direction: oneOf(BaselineDirection),
  peerId: uuid,
  port: nullable(int4),
  protocol: text,
  firstSeenAt: text,
  lastSeenAt: text,
  events: int8,
  days: int4,
  hours: nullable(int4),
  pattern: nullable(oneOf(TrafficPattern)),
  status: oneOf(EntryStatus),
  statusAt: nullable(text),
  statusBy: nullable(text),
  reason: nullable(text),
};

const STATEMENTS = {
  ofDeployments: statement('baselines.ofDeployments', BASELINE),
  entriesOf: statement('baselines.entriesOf', ENTRY),
  setLocked: statement('baselines.setLocked', BASELINE),
} as const;

/** The columns of `baseline b` as a `Baseline`. */
export const BASELINE_COLUMNS = `b.cluster_id as "clusterId", b.deployment_id as "deploymentId", b.state, b.version,
  ${dateTimeText('b.learned_since')} as "learnedSince", ${dateTimeText('b.learned_until')} as "learnedUntil",
  ${dateTimeText('b.generated_at')} as "generatedAt", ${dateTimeText('b.locked_at')} as "lockedAt",
  b.continuous, b.covered_hours as "coveredHours", b.quiet_hours as "quietHours", b.events,
  ${dateTimeText('b.last_new_at')} as "lastNewAt", ${dateTimeText('b.stable_since')} as "stableSince",
  ${dateTimeText('b.reopened_at')} as "reopenedAt", b.relock`;

export const ENTRY_COLUMNS = `e.cluster_id as "clusterId", e.deployment_id as "deploymentId", e.id, e.direction, e.peer_id as "peerId",
  e.port, e.protocol, ${dateTimeText('e.first_seen_at')} as "firstSeenAt", ${dateTimeText('e.last_seen_at')} as "lastSeenAt",
  e.events, e.days, e.hours, e.pattern, e.status, ${dateTimeText('e.status_at')} as "statusAt", e.status_by as "statusBy",
  e.reason`;

/** What the baseline of one end of `f` says of it; no row where it has none. */
const HELD = (own: string, peer: string, direction: 'INGRESS' | 'EGRESS'): string => `
  select b.state = 'LOCKED' as locked, ${holds(peer, direction)} as held, ${forbids(peer, direction)} as forbidden
  from baseline b where b.cluster_id = ${CLUSTER} and b.deployment_id = f.${own} offset 0`;

/**
 * Off a locked baseline: an end is locked and does not hold the flow, or forbids it, locked or not. In the baseline: either
 * end holds it, and none forbids it. Each lookup
 * stands apart (`offset 0`) and the lock makes places in the table good, so that no plan depends on statistics.
 */
const MARK = (flows: string): string => `
  with marked as materialized (
    select f.place, (coalesce(s.held, false) or coalesce(d.held, false)) and not coalesce(s.forbidden, false)
        and not coalesce(d.forbidden, false) as in_baseline,
      coalesce(s.forbidden or s.locked and not s.held, false) or coalesce(d.forbidden or d.locked and not d.held, false) as off_locked
    from ${flows} left join lateral (${HELD('source_id', 'destination_id', 'EGRESS')}) s on true
    left join lateral (${HELD('destination_id', 'source_id', 'INGRESS')}) d on true
  )
  update flow f set in_baseline = m.in_baseline, off_locked = m.off_locked from marked m
  where f.ctid = m.place and (f.in_baseline, f.off_locked) is distinct from (m.in_baseline, m.off_locked)`;

/** Nothing, where the cluster has no baseline. */
const FLOWS = `(select * from unnest($2::uuid[]) k (id)
    where (select exists (select from baseline where cluster_id = ${CLUSTER}))) k
  cross join lateral (select *, ctid as place from flow where cluster_id = ${CLUSTER} and id = k.id offset 0) f`;

const keysOf = (keys: readonly DeploymentKey[]) => [
  keys.map(({ clusterId }) => clusterId),
  keys.map(({ id }) => id),
];

const ofKeys = (
  caller: Caller,
  keys: readonly DeploymentKey[],
  text: (own: string) => string,
): Condition => asking(keysOf(keys), [visibleWorkload(caller, 'p')], own => text(own));

const reading = (manager: EntityManager, caller: Caller) => ({
  ofDeployments: (keys: readonly DeploymentKey[]) =>
    STATEMENTS.ofDeployments.ask(
      manager,
      ofKeys(
        caller,
        keys,
        own => `select ${BASELINE_COLUMNS} from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
      join baseline b on b.cluster_id = k.cluster_id and b.deployment_id = k.id
      join peer p on p.cluster_id = b.cluster_id and p.id = b.deployment_id where ${own}`,
      ),
    ),
  entriesOf: (keys: readonly DeploymentKey[]) =>
    STATEMENTS.entriesOf.ask(
      manager,
      ofKeys(
        caller,
        keys,
        own => `select ${ENTRY_COLUMNS} from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
      join baseline_entry e on e.cluster_id = k.cluster_id and e.deployment_id = k.id
      join peer p on p.cluster_id = e.cluster_id and p.id = e.deployment_id where ${own}
      order by e.direction, e.peer_id, e.port, e.protocol`,
      ),
    ),
});

export const baselineStore = (manager: EntityManager, caller: Caller): BaselineStore => ({
  ...reading(manager, caller),
  lockCluster: async clusterId => {
    await manager.query('/* baselines.lockCluster */ select pg_advisory_xact_lock($1, $2)', [
      LOCK_OF_IMPORTS,
      clusterId,
    ]);
  },
  put: async (baselines, entries) => {
    const clusterId = baselines[0]?.clusterId;
    if (clusterId === undefined) return;
    await putBaselines(manager, clusterId, baselines);
    await putEntries(manager, clusterId, {
      deployments: baselines.map(row => row.deploymentId),
      entries,
    });
  },
  setLocked: (clusterId, deployments, locked, now) =>
    STATEMENTS.setLocked.rows(
      manager,
      `with changed as (
        update baseline set version = version + 1, relock = false,
          state = case when $3 then 'LOCKED' when stable_since is null then 'LEARNING' else 'STABLE' end,
          locked_at = case when $3 then $4::timestamptz end, reopened_at = case when $3 then null else reopened_at end
        where cluster_id = ${CLUSTER} and deployment_id = any($2::uuid[]) and (state = 'LOCKED') <> $3 returning *)
      select ${BASELINE_COLUMNS} from changed b`,
      [clusterId, deployments, locked, now],
    ),
  reopen: async (clusterId, deployments, at) => {
    await manager.query(
      `/* baselines.reopen */ update baseline set reopened_at = $3::timestamptz, version = version + 1,
        relock = relock or state = 'LOCKED', state = 'LEARNING'
      where cluster_id = ${CLUSTER} and deployment_id = any($2::uuid[])`,
      [clusterId, deployments, at],
    );
  },
  keepRevision: async (clusterId, deployments, { now, source, who, why }) => {
    await manager.query(
      `/* baselines.closeRevision */ update baseline_revision set valid_to = $3
      where cluster_id = ${CLUSTER} and deployment_id = any($2::uuid[]) and valid_to is null`,
      [clusterId, deployments, now],
    );
    await manager.query(
      `/* baselines.openRevision */
      insert into baseline_revision (cluster_id, deployment_id, version, valid_from, state, entries, content_hash, source, who, why)
      select b.cluster_id, b.deployment_id, b.version, $3, b.state, e.entries, md5(b.state || e.entries::text), $4, $5, $6
      from baseline b cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_object('direction', direction, 'peer', peer_id, 'port', port, 'protocol', protocol,
          'status', status)
          order by direction, peer_id, port, protocol), '[]') as entries
        from baseline_entry e where e.cluster_id = b.cluster_id and e.deployment_id = b.deployment_id) e
      where b.cluster_id = ${CLUSTER} and b.deployment_id = any($2::uuid[])`,
      [clusterId, deployments, now, source, who, why],
    );
  },
  markFlows: async (clusterId, deployments) => {
    await lockFlows(manager, clusterId);
    for (const step of REACH)
      await manager.query(`/* baselines.reach */ ${step}`, [clusterId, deployments]);
    await manager.query(
      `/* baselines.markFlows */ ${MARK(flowsOfPeers('unnest($2::uuid[]) k (id)'))}`,
      [clusterId, deployments],
    );
  },
  markFlowIds: async (clusterId, flows) => {
    await manager.query(`/* baselines.markFlowIds */ ${MARK(FLOWS)}`, [clusterId, flows]);
  },
});
