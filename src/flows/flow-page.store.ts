import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import { and, buildWhere, type Condition, condition, joined } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { countText, cursorColumn, type Keyed, type PageRequest } from '../query/page.js';
import { FLOW_TABLES, isActive, isUnbounded, type Window } from './flow-condition.js';
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
  /** One page of the flows from and to each deployment, with the deployment that each is of: one statement. */
  ofDeployments(
    deployments: readonly FlowKey[],
    filter: Condition,
    window: Window,
    request: PageRequest,
  ): Promise<readonly (FlowView & Keyed & OfDeployment)[]>;
  countOfDeployments(
    deployments: readonly FlowKey[],
    filter: Condition,
  ): Promise<readonly (OfDeployment & { readonly count: number })[]>;
};

/** The deployment that was asked for. */
type OfDeployment = { readonly clusterId: number; readonly deploymentId: string };

const EDGE_COLUMNS = `f.cluster_id as "clusterId", f.id, f.source_id as "sourceId", f.destination_id as "destinationId",
  f.port, f.protocol, f.service_port as "servicePort", f.traffic_class as "trafficClass",
  ${dateTimeText('f.first_seen_at')} as "firstSeenAt", ${dateTimeText('f.last_seen_at')} as "lastSeenAt",
  f.observed_verdict as "observedVerdict",
  f.in_baseline as "inBaseline", f.off_locked as "offLocked", f.governed, f.policy_verdict as "policyVerdict",
  f.basis as "policyBasis"`;

const TOTALS = 'f.events, f.connections, f.bytes';
const WINDOW_COUNTS = 'w.events, w.connections, w.bytes';

const ACTIVE_BY_DEFAULT = isActive({ since: null, until: null }).sql;

/** Who may see one namespace sees the flows that touch it with either end, not those beside it. */
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

/** The rows of one page: all but the statement's name. */
function rowsOf(filter: Condition, window: Window, request: PageRequest): Condition {
  const bounded = !isUnbounded(window);
  const { sql, values } = buildWhere([filter, ...request.conditions]);
  const parts: Condition[] = [
    condition(`select ${EDGE_COLUMNS}, ${bounded ? WINDOW_COUNTS : TOTALS},`),
    isActive(window),
    condition(`as active${cursorColumn(request)} from ${FLOW_TABLES}`),
    ...(bounded ? [windowCounts(window)] : []),
    { sql, values },
    condition(`${request.orderBy} limit ${request.fetch}`),
  ];
  return joined(parts, ' ');
}

/** Two comparisons with "or", so that Postgres can join the bits of two indexes. */
const OF_DEPLOYMENT = condition(
  'f.cluster_id = k.cluster_id and (f.source_id = k.id or f.destination_id = k.id)',
);

/** For each deployment of the first two parameters, what `inner` selects, as `x`. */
const forEach = (selected: string, pairs: readonly unknown[], inner: Condition): Condition =>
  joined(
    [
      condition(
        `${selected} from unnest($1::int[], $2::uuid[]) k (cluster_id, id) cross join lateral (`,
        ...pairs,
      ),
      inner,
      condition(') x'),
    ],
    ' ',
  );

const pairs = (keys: readonly FlowKey[]) => [
  keys.map(({ clusterId }) => clusterId),
  keys.map(({ id }) => id),
];

const paging = (manager: EntityManager, seen: Condition) => ({
  page: (filter: Condition, window: Window, request: PageRequest) => {
    const { sql, values } = rowsOf(and([filter, seen]), window, request);
    return manager.query(`/* flows.page */ ${sql}`, [...values]);
  },
  count: async (filter: Condition) => {
    const { sql, values } = buildWhere([filter, seen]);
    const [row] = await manager.query(
      `/* flows.count */ ${countText(`from ${FLOW_TABLES} ${sql}`)}`,
      [...values],
    );
    return row.count;
  },
});

const pagingOfDeployments = (manager: EntityManager, seen: Condition) => ({
  ofDeployments: (
    deployments: readonly FlowKey[],
    filter: Condition,
    window: Window,
    request: PageRequest,
  ) => {
    const rows = rowsOf(and([OF_DEPLOYMENT, filter, seen]), window, request);
    const { sql, values } = forEach('select k.id as "deploymentId", x.*', pairs(deployments), rows);
    return manager.query(`/* flows.ofDeployments */ ${sql}`, [...values]);
  },
  countOfDeployments: (deployments: readonly FlowKey[], filter: Condition) => {
    const where = buildWhere([OF_DEPLOYMENT, filter, seen]);
    const counted = condition(countText(`from ${FLOW_TABLES} ${where.sql}`), ...where.values);
    const { sql, values } = forEach(
      'select k.cluster_id as "clusterId", k.id as "deploymentId", x.count',
      pairs(deployments),
      counted,
    );
    return manager.query(`/* flows.countOfDeployments */ ${sql}`, [...values]);
  },
});

export const flowPageStore = (manager: EntityManager, caller: Caller): FlowPageStore => {
  const seen = condition(seenBy(caller));
  return {
    ...paging(manager, seen),
    ...pagingOfDeployments(manager, seen),
    byIds: keys =>
      manager.query(
        `/* flows.byIds */ select ${EDGE_COLUMNS}, ${TOTALS}, ${ACTIVE_BY_DEFAULT} as active
        from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
        join (${FLOW_TABLES}) on f.cluster_id = k.cluster_id and f.id = k.id where ${seen.sql}`,
        pairs(keys),
      ),
  };
};
