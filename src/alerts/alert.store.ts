import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import {
  bool,
  type Columns,
  float8,
  int4,
  int8,
  json,
  nullable,
  oneOf,
  statement,
  text,
  uuid,
} from '../database/row.js';
import type { EdgeHour } from '../flows/edge.js';
import { METADATA_CLASS } from '../flows/flow-view.js';
import { peerLabel } from '../inventory/peer-label.js';
import { buildWhere, type Condition, condition } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import {
  COUNTED,
  countText,
  cursorColumn,
  KEYED,
  type Keyed,
  type PageRequest,
} from '../query/page.js';
import { type Alert, AlertRule, AlertSeverity, AlertState } from './alert.js';
import type { SuspectFlow } from './deviation.js';

export type AlertKey = { readonly clusterId: number; readonly id: string };

export type AlertStore = {
  /** Whether any deployment of the cluster has a baseline. */
  hasBaselines(clusterId: number): Promise<boolean>;
  /**
   * Those of the flows that are off a baseline, that policies deny, that call a metadata service, or that the dataplane
   * is against (`told`).
   */
  suspects(
    clusterId: number,
    flows: readonly string[],
    told: readonly string[],
  ): Promise<readonly SuspectFlow[]>;
  /**
   * What the dataplane let through of flows, or did not judge, as one hour each: no probe counts as denied by policies,
   * and what was one so far is counted when it is none any more.
   */
  letThrough(clusterId: number, flows: readonly string[]): Promise<readonly EdgeHour[]>;
  /** Adds to the alerts, which tell of the flow that occurred last; a resolved one that occurs again is open again. Ids are unique within the batch. */
  raise(clusterId: number, alerts: readonly Alert[]): Promise<void>;
  /** Of those that the caller sees; answers the alerts that were open. */
  resolve(
    keys: readonly AlertKey[],
    at: string,
    resolution: string | null,
  ): Promise<readonly Alert[]>;
  byIds(keys: readonly AlertKey[]): Promise<readonly Alert[]>;
  /** The latest hundred alerts of each deployment, latest first. */
  ofDeployments(deployments: readonly AlertKey[]): Promise<readonly Alert[]>;
  /** The alerts that these flows raised last, latest first. */
  ofFlows(flows: readonly AlertKey[]): Promise<readonly Alert[]>;
  /** @param filter over alert a, cluster c, deployment d, peer p */
  page(filter: Condition, request: PageRequest): Promise<readonly (Alert & Keyed)[]>;
  count(filter: Condition): Promise<number>;
};

const ALERT: Columns<Alert> = {
  clusterId: int4,
  id: uuid,
  rule: oneOf(AlertRule),
  category: text,
  severity: oneOf(AlertSeverity),
  state: oneOf(AlertState),
  deploymentId: uuid,
  peerId: uuid,
  flowId: uuid,
  message: text,
  occurrences: int8,
  firstOccurredAt: text,
  lastOccurredAt: text,
  resolvedAt: nullable(text),
  resolution: nullable(text),
};

const STATEMENTS = {
  hasBaselines: statement('alerts.hasBaselines', { has: bool }),
  suspects: statement<SuspectFlow>('alerts.suspects', {
    id: uuid,
    port: nullable(int4),
    protocol: text,
    metadata: bool,
    policyDenied: bool,
    source: json<SuspectFlow['source']>(),
    destination: json<SuspectFlow['destination']>(),
  }),
  letThrough: statement<LetThrough>('alerts.letThrough', {
    flowId: uuid,
    events: int8,
    firstSeen: float8,
    lastSeen: float8,
  }),
  resolve: statement('alerts.resolve', ALERT),
  byIds: statement('alerts.byIds', ALERT),
  ofDeployments: statement('alerts.ofDeployments', ALERT),
  ofFlows: statement('alerts.ofFlows', ALERT),
  page: statement<Alert & Keyed>('alerts.page', { ...ALERT, ...KEYED }),
  count: statement('alerts.count', COUNTED),
} as const;

type LetThrough = {
  readonly flowId: string;
  readonly events: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
};

const LET_THROUGH = `
  select f.id as "flowId", sum(h.events)::bigint as events,
    (extract(epoch from greatest(min(h.hour), min(f.first_seen_at))) * 1000000)::float8 as "firstSeen",
    (extract(epoch from least(max(h.hour) + interval '1 hour', max(f.last_seen_at))) * 1000000)::float8 as "lastSeen"
  from unnest($2::uuid[]) k (id)
  cross join lateral (select * from flow where cluster_id = $1 and id = k.id offset 0) f
  cross join lateral (select hour, events from flow_hour where cluster_id = $1 and flow_id = k.id
    and verdict in ('ALLOWED', 'UNKNOWN') offset 0) h
  group by 1`;

const asHour = ({ flowId, events, firstSeen, lastSeen }: LetThrough): EdgeHour => ({
  flowId,
  hour: firstSeen,
  verdict: 'ALLOWED',
  firstSeen,
  lastSeen,
  events: Number(events),
  connections: null,
  bytes: null,
  ends: null,
});

/**
 * The policies that the dataplane named are the flow's: which record came first does not change the message.
 */
const DENIED_BY = `case when a.rule in ('DENIED', 'AUDITED') then coalesce((
    select ', by ' || string_agg(distinct '\`' || coalesce(p ->> 'kind', 'policy') || ' ' || coalesce(p ->> 'namespace' || '/', '')
      || (p ->> 'name') || '\`', ', ')
    from flow f cross join lateral jsonb_array_elements(f.observed_policies) p
    where f.cluster_id = a.cluster_id and f.id = a.flow_id and p ->> 'action' = 'DENY'), '') else '' end`;

const COLUMNS = `a.cluster_id as "clusterId", a.id, a.rule, a.category, a.severity, a.state,
  a.deployment_id as "deploymentId", a.peer_id as "peerId", a.flow_id as "flowId", a.message || ${DENIED_BY} as message, a.occurrences,
  ${dateTimeText('a.first_occurred_at')} as "firstOccurredAt", ${dateTimeText('a.last_occurred_at')} as "lastOccurredAt",
  ${dateTimeText('a.resolved_at')} as "resolvedAt", a.resolution`;

const FROM = `from alert a join cluster c on c.id = a.cluster_id
  join peer d on d.cluster_id = a.cluster_id and d.id = a.deployment_id
  join peer p on p.cluster_id = a.cluster_id and p.id = a.peer_id`;

const END = (alias: string, baseline: string, entry: string): string =>
  `json_build_object('id', ${alias}.id, 'label', ${peerLabel(alias)}, 'kind', ${alias}.kind,
    'baseline', ${baseline}.state, 'inBaseline', ${entry}.id is not null)`;

const BASELINE = (end: string): string =>
  `exists (select from baseline b where b.cluster_id = $1 and b.deployment_id = f.${end})`;

const LOOKED_UP = (table: string, where: string, alias: string): string =>
  `left join lateral (select * from ${table} where cluster_id = $1 and ${where} offset 0) ${alias} on true`;

const ENTRY = (own: string, peer: string, direction: string): string =>
  `deployment_id = f.${own} and peer_id = f.${peer} and direction = '${direction}'
    and port is not distinct from f.port and protocol = f.protocol`;

/**
 * The few flows that can be suspect are taken out first, and only these are joined with their ends and baselines:
 * 5,000 flows took 900 ms as one join on tables without statistics. Each lookup stands apart (`offset 0`).
 */
const SUSPECTS = `
  with marked as materialized (
    select f.cluster_id, f.id, f.source_id, f.destination_id, f.port, f.protocol,
      f.traffic_class = '${METADATA_CLASS}' as metadata,
      f.policy_verdict = 'DENIED' as policy_denied, f.id = any($3::uuid[]) as told
    from unnest($2::uuid[]) k (id)
    cross join lateral (select * from flow where cluster_id = $1 and id = k.id offset 0) f
    where f.traffic_class = '${METADATA_CLASS}' or f.policy_verdict = 'DENIED' or f.id = any($3::uuid[])
      or (f.off_locked or not f.in_baseline) and (${BASELINE('source_id')} or ${BASELINE('destination_id')})
  )
  select f.id, f.port, f.protocol, f.metadata, f.policy_denied as "policyDenied",
    ${END('s', 'bs', 'es')} as source, ${END('d', 'bd', 'ed')} as destination
  from marked f
  ${LOOKED_UP('peer', 'id = f.source_id', 's')}
  ${LOOKED_UP('peer', 'id = f.destination_id', 'd')}
  ${LOOKED_UP('baseline', 'deployment_id = f.source_id', 'bs')}
  ${LOOKED_UP('baseline', 'deployment_id = f.destination_id', 'bd')}
  ${LOOKED_UP('baseline_entry', ENTRY('source_id', 'destination_id', 'EGRESS'), 'es')}
  ${LOOKED_UP('baseline_entry', ENTRY('destination_id', 'source_id', 'INGRESS'), 'ed')}
  where f.metadata or f.policy_denied or f.told
    or (bs.deployment_id is not null and es.id is null) or (bd.deployment_id is not null and ed.id is null)`;

const OF_LATER = (column: string): string =>
  `case when (excluded.last_occurred_at, excluded.flow_id) >= (stored.last_occurred_at, stored.flow_id)
      then excluded.${column} else stored.${column} end`;

const RAISE = `/* alerts.raise */
  insert into alert as stored (cluster_id, id, rule, category, severity, state, deployment_id, peer_id, flow_id, message,
    occurrences, first_occurred_at, last_occurred_at)
  select $1::int, * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[],
    $9::uuid[], $10::text[], $11::bigint[], $12::timestamptz[], $13::timestamptz[])
  on conflict (cluster_id, id) do update set
    state = 'OPEN', resolved_at = null, resolution = null,
    severity = ${OF_LATER('severity')}, message = ${OF_LATER('message')}, flow_id = ${OF_LATER('flow_id')},
    occurrences = stored.occurrences + excluded.occurrences,
    first_occurred_at = least(stored.first_occurred_at, excluded.first_occurred_at),
    last_occurred_at = greatest(stored.last_occurred_at, excluded.last_occurred_at)`;

const raiseValues = (clusterId: number, rows: readonly Alert[]): unknown[] => [
  clusterId,
  rows.map(row => row.id),
  rows.map(row => row.rule),
  rows.map(row => row.category),
  rows.map(row => row.severity),
  rows.map(row => row.state),
  rows.map(row => row.deploymentId),
  rows.map(row => row.peerId),
  rows.map(row => row.flowId),
  rows.map(row => row.message),
  rows.map(row => row.occurrences),
  rows.map(row => row.firstOccurredAt),
  rows.map(row => row.lastOccurredAt),
];

/** More of one deployment are a page of `alerts`. */
const OF_ONE_DEPLOYMENT = 100;

const keysOf = (keys: readonly AlertKey[]) => [
  keys.map(({ clusterId }) => clusterId),
  keys.map(({ id }) => id),
];

export const alertStore = (manager: EntityManager, caller: Caller): AlertStore => {
  const seen = visible(caller, { clusterId: 'a.cluster_id', namespace: 'd.namespace' });
  return {
    hasBaselines: async clusterId => {
      const [row] = await STATEMENTS.hasBaselines.rows(
        manager,
        'select exists (select from baseline where cluster_id = $1) as has',
        [clusterId],
      );
      return row?.has ?? false;
    },
    suspects: (clusterId, flows, told) =>
      STATEMENTS.suspects.rows(manager, SUSPECTS, [clusterId, flows, told]),
    letThrough: async (clusterId, flows) =>
      (await STATEMENTS.letThrough.rows(manager, LET_THROUGH, [clusterId, flows])).map(asHour),
    raise: async (clusterId, alerts) => {
      const rows = alerts.toSorted((one, other) => (one.id < other.id ? -1 : 1));
      if (rows.length > 0) await manager.query(RAISE, raiseValues(clusterId, rows));
    },
    resolve: (keys, at, resolution) =>
      STATEMENTS.resolve.rows(
        manager,
        `with resolved as (
          update alert set state = 'RESOLVED', resolved_at = $3::timestamptz, resolution = $4
          where state = 'OPEN' and (cluster_id, id) in (select a.cluster_id, a.id ${FROM}
            join unnest($1::int[], $2::uuid[]) k (cluster_id, id) on k.cluster_id = a.cluster_id and k.id = a.id
            where ${seen}) returning *)
        select ${COLUMNS} ${FROM.replace('from alert a', 'from resolved a')}`,
        [...keysOf(keys), at, resolution],
      ),
    byIds: keys =>
      STATEMENTS.byIds.rows(
        manager,
        `select ${COLUMNS} ${FROM}
        join unnest($1::int[], $2::uuid[]) k (cluster_id, id) on k.cluster_id = a.cluster_id and k.id = a.id
        where ${seen}`,
        keysOf(keys),
      ),
    ofDeployments: keys =>
      STATEMENTS.ofDeployments.rows(
        manager,
        `select x.* from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
        cross join lateral (select ${COLUMNS} ${FROM}
          where a.cluster_id = k.cluster_id and a.deployment_id = k.id and ${seen}
          order by a.last_occurred_at desc, a.id desc limit ${OF_ONE_DEPLOYMENT}) x`,
        keysOf(keys),
      ),
    ofFlows: keys =>
      STATEMENTS.ofFlows.rows(
        manager,
        `select ${COLUMNS} ${FROM}
        join unnest($1::int[], $2::uuid[]) k (cluster_id, id) on k.cluster_id = a.cluster_id and k.id = a.flow_id
        where ${seen} order by a.last_occurred_at desc, a.id desc`,
        keysOf(keys),
      ),
    page: (filter, request) => {
      const { sql, values } = buildWhere([filter, condition(seen), ...request.conditions]);
      return STATEMENTS.page.rows(
        manager,
        `select ${COLUMNS}${cursorColumn(request)}
        ${FROM} ${sql} ${request.orderBy} limit ${request.fetch}`,
        values,
      );
    },
    count: async filter => {
      const { sql, values } = buildWhere([filter, condition(seen)]);
      return (await STATEMENTS.count.row(manager, countText(`${FROM} ${sql}`), values)).count;
    },
  };
};
