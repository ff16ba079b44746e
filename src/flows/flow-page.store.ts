import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import { and, buildWhere, type Condition, condition, joined } from '../graphql/condition.js';
import { dateTimeText } from '../graphql/date-time.js';
import { cursorKeyColumn } from '../graphql/keyset.js';
import { countText, type Keyed, type PageRequest } from '../graphql/page.js';
import { FLOW_TABLES, isActive, type Window } from './flow-condition.js';
import type { FlowView } from './flow-view.js';

export type FlowKey = { readonly clusterId: number; readonly id: string };

export type FlowPageStore = {
  /** One page; `active` and, where the window is bounded, the counts are of the window's whole hours. */
  page(
    filter: Condition,
    window: Window,
    request: PageRequest,
  ): Promise<readonly (FlowView & Keyed)[]>;
  count(filter: Condition): Promise<number>;
  byIds(keys: readonly FlowKey[]): Promise<readonly FlowView[]>;
  /** The latest flows of each deployment, `limit` each, with the deployment that each is of. */
  ofDeployments(
    deployments: readonly FlowKey[],
    limit: number,
  ): Promise<readonly (FlowView & { readonly deploymentId: string })[]>;
};

const EDGE_COLUMNS = `f.cluster_id as "clusterId", f.id, f.source_id as "sourceId", f.destination_id as "destinationId",
  f.port, f.protocol, f.service_port as "servicePort", f.traffic_class as "trafficClass",
  ${dateTimeText('f.first_seen_at')} as "firstSeenAt", ${dateTimeText('f.last_seen_at')} as "lastSeenAt",
  f.observed_verdict as "observedVerdict",
  coalesce(b.in_baseline, false) as "inBaseline", coalesce(b.off_locked, false) as "offLocked",
  coalesce(v.governed, false) as governed, coalesce(v.verdict, 'UNDECIDABLE') as "policyVerdict",
  coalesce(v.basis, 'missing-inventory') as "policyBasis"`;

const TOTALS = 'f.events, f.connections, f.bytes';
const WINDOW_COUNTS = 'w.events, w.connections, w.bytes';

const ACTIVE_BY_DEFAULT = isActive({ since: null, until: null }).sql;

/** Both ends must be seen: who may see one namespace sees the flows that touch it, not those beside it. */
const seenBy = (caller: Caller): string => {
  const end = (alias: string): string =>
    visible(caller, { clusterId: 'f.cluster_id', namespace: `${alias}.namespace` });
  return `(${end('s')} or ${end('d')})`;
};

/** The counts of the window's hours, for pages over a bounded window. */
const windowCounts = ({ since, until }: Window): Condition =>
  condition(
    `join lateral (select sum(h.events)::bigint as events, sum(h.connections)::bigint as connections, sum(h.bytes)::bigint as bytes
      from flow_hour h where h.cluster_id = f.cluster_id and h.flow_id = f.id
        and ($1::timestamptz is null or h.hour > $1::timestamptz - interval '1 hour')
        and ($2::timestamptz is null or h.hour < $2::timestamptz)) w on true`,
    since,
    until,
  );

function pageStatement(filter: Condition, window: Window, request: PageRequest): Condition {
  const bounded = window.since !== null || window.until !== null;
  const { sql, values } = buildWhere([filter, ...request.conditions]);
  const parts: Condition[] = [
    condition(`/* flows.page */ select ${EDGE_COLUMNS}, ${bounded ? WINDOW_COUNTS : TOTALS},`),
    isActive(window),
    condition(`as active, ${cursorKeyColumn(request.order)} from ${FLOW_TABLES}`),
    ...(bounded ? [windowCounts(window)] : []),
    { sql, values },
    condition(`${request.orderBy} limit ${request.fetch}`),
  ];
  return joined(parts, ' ');
}

const pairs = (keys: readonly FlowKey[]) => [
  keys.map(({ clusterId }) => clusterId),
  keys.map(({ id }) => id),
];

export const flowPageStore = (manager: EntityManager, caller: Caller): FlowPageStore => ({
  page: (filter, window, request) => {
    const seen = and([filter, condition(seenBy(caller))]);
    const { sql, values } = pageStatement(seen, window, request);
    return manager.query(sql, [...values]);
  },
  count: async filter => {
    const { sql, values } = buildWhere([filter, condition(seenBy(caller))]);
    const [row] = await manager.query(
      `/* flows.count */ ${countText(`from ${FLOW_TABLES} ${sql}`)}`,
      [...values],
    );
    return row.count;
  },
  byIds: keys =>
    manager.query(
      `/* flows.byIds */ select ${EDGE_COLUMNS}, ${TOTALS}, ${ACTIVE_BY_DEFAULT} as active
      from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
      join (${FLOW_TABLES}) on f.cluster_id = k.cluster_id and f.id = k.id where ${seenBy(caller)}`,
      pairs(keys),
    ),
  ofDeployments: (deployments, limit) =>
    manager.query(
      `/* flows.ofDeployments */ select k.id as "deploymentId", x.*
      from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
      cross join lateral (
        select ${EDGE_COLUMNS}, ${TOTALS}, ${ACTIVE_BY_DEFAULT} as active
        from ${FLOW_TABLES}
        where f.cluster_id = k.cluster_id and k.id in (f.source_id, f.destination_id) and ${seenBy(caller)}
        order by f.last_seen_at desc, f.id limit ${Math.trunc(limit)}) x`,
      pairs(deployments),
    ),
});
