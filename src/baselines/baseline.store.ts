import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import { dateTimeText } from '../query/date-time.js';
import type { Baseline, BaselineEntry, BaselineState } from './baseline.js';

export type DeploymentKey = { readonly clusterId: number; readonly id: string };
export type EntryOf = BaselineEntry & DeploymentKey & { readonly deploymentId: string };

export type BaselineStore = {
  /** Changes to a cluster's baselines wait for each other until their transactions end. */
  lockCluster(clusterId: number): Promise<void>;
  ofDeployments(keys: readonly DeploymentKey[]): Promise<readonly Baseline[]>;
  entriesOf(keys: readonly DeploymentKey[]): Promise<readonly EntryOf[]>;
  /** Writes baselines with their entries; the ones before stay in the history. */
  put(
    baselines: readonly Baseline[],
    entries: readonly (BaselineEntry & { readonly deploymentId: string })[],
  ): Promise<void>;
  /** Answers the baselines that changed. */
  setState(
    clusterId: number,
    deployments: readonly string[],
    state: BaselineState,
    now: string,
  ): Promise<readonly Baseline[]>;
  /** Closes the current revision of each deployment and opens one with what is stored now. */
  keepRevision(
    clusterId: number,
    deployments: readonly string[],
    now: string,
    source: string,
  ): Promise<void>;
  /** Says anew of each flow of the deployments whether it is in their baselines. */
  markFlows(clusterId: number, deployments: readonly string[]): Promise<void>;
  /** The same for single flows, as they are first seen. */
  markFlowIds(clusterId: number, flows: readonly string[]): Promise<void>;
};

const COLUMNS = `b.cluster_id as "clusterId", b.deployment_id as "deploymentId", b.state, b.version,
  ${dateTimeText('b.learned_since')} as "learnedSince", ${dateTimeText('b.learned_until')} as "learnedUntil",
  ${dateTimeText('b.generated_at')} as "generatedAt", ${dateTimeText('b.locked_at')} as "lockedAt"`;

const ENTRY_COLUMNS = `e.cluster_id as "clusterId", e.deployment_id as "deploymentId", e.id, e.direction, e.peer_id as "peerId",
  e.port, e.protocol, ${dateTimeText('e.first_seen_at')} as "firstSeenAt", ${dateTimeText('e.last_seen_at')} as "lastSeenAt",
  e.events, e.days`;

/** Off a locked baseline: an end is locked and does not hold the flow. In the baseline: either end holds it. */
const MARK = (which: string): string => `
  insert into flow_baseline (cluster_id, flow_id, in_baseline, off_locked)
  select f.cluster_id, f.id, es.id is not null or ed.id is not null,
    (coalesce(bs.state = 'LOCKED', false) and es.id is null) or (coalesce(bd.state = 'LOCKED', false) and ed.id is null)
  from flow f
  left join baseline bs on bs.cluster_id = f.cluster_id and bs.deployment_id = f.source_id
  left join baseline bd on bd.cluster_id = f.cluster_id and bd.deployment_id = f.destination_id
  left join baseline_entry es on es.cluster_id = f.cluster_id and es.deployment_id = f.source_id
    and es.direction = 'EGRESS' and es.peer_id = f.destination_id
    and es.port is not distinct from f.port and es.protocol = f.protocol
  left join baseline_entry ed on ed.cluster_id = f.cluster_id and ed.deployment_id = f.destination_id
    and ed.direction = 'INGRESS' and ed.peer_id = f.source_id
    and ed.port is not distinct from f.port and ed.protocol = f.protocol
  where f.cluster_id = $1 and ${which} and (bs.deployment_id is not null or bd.deployment_id is not null)
  order by f.id
  on conflict (cluster_id, flow_id) do update
    set in_baseline = excluded.in_baseline, off_locked = excluded.off_locked`;

const seen = (caller: Caller, alias: string): string =>
  visible(caller, { clusterId: `${alias}.cluster_id`, namespace: 'p.namespace' });

const keysOf = (keys: readonly DeploymentKey[]) => [
  keys.map(({ clusterId }) => clusterId),
  keys.map(({ id }) => id),
];

const reading = (manager: EntityManager, caller: Caller) => ({
  ofDeployments: (keys: readonly DeploymentKey[]) =>
    manager.query(
      `/* baselines.ofDeployments */ select ${COLUMNS} from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
      join baseline b on b.cluster_id = k.cluster_id and b.deployment_id = k.id
      join peer p on p.cluster_id = b.cluster_id and p.id = b.deployment_id where ${seen(caller, 'b')}`,
      keysOf(keys),
    ),
  entriesOf: (keys: readonly DeploymentKey[]) =>
    manager.query(
      `/* baselines.entriesOf */ select ${ENTRY_COLUMNS} from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
      join baseline_entry e on e.cluster_id = k.cluster_id and e.deployment_id = k.id
      join peer p on p.cluster_id = e.cluster_id and p.id = e.deployment_id where ${seen(caller, 'e')}
      order by e.direction, e.peer_id, e.port, e.protocol`,
      keysOf(keys),
    ),
});

async function putBaselines(manager: EntityManager, baselines: readonly Baseline[]): Promise<void> {
  await manager.query(
    `/* baselines.put */
    insert into baseline (cluster_id, deployment_id, state, version, learned_since, learned_until, generated_at, locked_at)
    select * from unnest($1::int[], $2::uuid[], $3::text[], $4::int[], $5::timestamptz[], $6::timestamptz[],
      $7::timestamptz[], $8::timestamptz[])
    on conflict (cluster_id, deployment_id) do update set state = excluded.state, version = excluded.version,
      learned_since = excluded.learned_since, learned_until = excluded.learned_until,
      generated_at = excluded.generated_at, locked_at = excluded.locked_at`,
    [
      baselines.map(row => row.clusterId),
      baselines.map(row => row.deploymentId),
      baselines.map(row => row.state),
      baselines.map(row => row.version),
      baselines.map(row => row.learnedSince),
      baselines.map(row => row.learnedUntil),
      baselines.map(row => row.generatedAt),
      baselines.map(row => row.lockedAt),
    ],
  );
}

async function putEntries(
  manager: EntityManager,
  clusterId: number,
  deployments: readonly string[],
  entries: readonly (BaselineEntry & { readonly deploymentId: string })[],
): Promise<void> {
  await manager.query(
    '/* baselines.clearEntries */ delete from baseline_entry where cluster_id = $1 and deployment_id = any($2::uuid[])',
    [clusterId, deployments],
  );
  await manager.query(
    `/* baselines.putEntries */
    insert into baseline_entry (cluster_id, deployment_id, id, direction, peer_id, port, protocol,
      first_seen_at, last_seen_at, events, days)
    select $1::int, * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::int[], $7::text[],
      $8::timestamptz[], $9::timestamptz[], $10::bigint[], $11::int[])`,
    [
      clusterId,
      entries.map(row => row.deploymentId),
      entries.map(row => row.id),
      entries.map(row => row.direction),
      entries.map(row => row.peerId),
      entries.map(row => row.port),
      entries.map(row => row.protocol),
      entries.map(row => row.firstSeenAt),
      entries.map(row => row.lastSeenAt),
      entries.map(row => row.events),
      entries.map(row => row.days),
    ],
  );
}

// Any number that nothing else in the database locks.
const LOCK_OF_BASELINES = 727_003;

export const baselineStore = (manager: EntityManager, caller: Caller): BaselineStore => ({
  ...reading(manager, caller),
  lockCluster: async clusterId => {
    await manager.query('/* baselines.lockCluster */ select pg_advisory_xact_lock($1, $2)', [
      LOCK_OF_BASELINES,
      clusterId,
    ]);
  },
  put: async (baselines, entries) => {
    const clusterId = baselines[0]?.clusterId;
    if (clusterId === undefined) return;
    await putBaselines(manager, baselines);
    await putEntries(
      manager,
      clusterId,
      baselines.map(row => row.deploymentId),
      entries,
    );
  },
  setState: (clusterId, deployments, state, now) =>
    manager.query(
      `/* baselines.setState */ with changed as (
        update baseline set state = $3, version = version + 1,
          locked_at = case when $3 = 'LOCKED' then $4::timestamptz end
        where cluster_id = $1 and deployment_id = any($2::uuid[]) and state <> $3 returning *)
      select ${COLUMNS} from changed b`,
      [clusterId, deployments, state, now],
    ),
  keepRevision: async (clusterId, deployments, now, source) => {
    await manager.query(
      `/* baselines.closeRevision */ update baseline_revision set valid_to = $3
      where cluster_id = $1 and deployment_id = any($2::uuid[]) and valid_to is null`,
      [clusterId, deployments, now],
    );
    await manager.query(
      `/* baselines.openRevision */
      insert into baseline_revision (cluster_id, deployment_id, version, valid_from, state, entries, content_hash, source)
      select b.cluster_id, b.deployment_id, b.version, $3, b.state, e.entries, md5(b.state || e.entries::text), $4
      from baseline b cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_object('direction', direction, 'peer', peer_id, 'port', port, 'protocol', protocol)
          order by direction, peer_id, port, protocol), '[]') as entries
        from baseline_entry e where e.cluster_id = b.cluster_id and e.deployment_id = b.deployment_id) e
      where b.cluster_id = $1 and b.deployment_id = any($2::uuid[])`,
      [clusterId, deployments, now, source],
    );
  },
  markFlows: async (clusterId, deployments) => {
    await manager.query(
      `/* baselines.markFlows */ ${MARK('(f.source_id = any($2::uuid[]) or f.destination_id = any($2::uuid[]))')}`,
      [clusterId, deployments],
    );
  },
  markFlowIds: async (clusterId, flows) => {
    await manager.query(`/* baselines.markFlowIds */ ${MARK('f.id = any($2::uuid[])')}`, [
      clusterId,
      flows,
    ]);
  },
});
