import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { type Columns, int4, oneOf, statement, text, uuid } from '../database/row.js';
import { type Condition, condition } from '../query/condition.js';
import { facetsOf, facetValues } from '../query/facets.js';
import type { AlertKey } from './alert.store.js';
import { ALERT_CLUSTER, ALERT_DEPLOYMENT, ALERT_STATE } from './alert-row.js';
import { ALERTS, type AskedAlerts, askedOfAlerts, foundAlerts } from './alert-seen.js';

/** How many alerts stand where, without what belongs to others. */
export type AlertCounts = {
  readonly active: number;
  readonly attempted: number;
  readonly snoozed: number;
  readonly resolved: number;
  /** Of those that are ACTIVE or ATTEMPTED. */
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
};

export const NO_ALERTS: AlertCounts = {
  active: 0,
  attempted: 0,
  snoozed: 0,
  resolved: 0,
  critical: 0,
  high: 0,
  medium: 0,
  low: 0,
};

/** Properties that alerts are counted by. */
export const AlertFacetName = {
  state: 'state',
  severity: 'severity',
  rule: 'rule',
  category: 'category',
  cluster: 'cluster',
  namespace: 'namespace',
} as const;
export type AlertFacetName = (typeof AlertFacetName)[keyof typeof AlertFacetName];

/** How many alerts have one value of one property. */
export type AlertFacet = {
  readonly facet: AlertFacetName;
  readonly value: string;
  readonly count: number;
};

type CountsOf = AlertKey & AlertCounts;

export type AlertCountStore = {
  /** One statement each; what has no alert is left out. */
  ofClusters(keys: readonly AlertKey[]): Promise<readonly CountsOf[]>;
  ofNamespaces(keys: readonly AlertKey[]): Promise<readonly CountsOf[]>;
  ofDeployments(keys: readonly AlertKey[]): Promise<readonly CountsOf[]>;
  /** Of the alerts that a filter finds, by facet; the most frequent values first, at most a hundred of each. */
  facets(filter: Condition): Promise<readonly AlertFacet[]>;
};

const COUNTS: Columns<CountsOf> = {
  clusterId: int4,
  id: uuid,
  active: int4,
  attempted: int4,
  snoozed: int4,
  resolved: int4,
  critical: int4,
  high: int4,
  medium: int4,
  low: int4,
};

const STATEMENTS = {
  ofClusters: statement<CountsOf>('alertCounts.ofClusters', COUNTS),
  ofNamespaces: statement<CountsOf>('alertCounts.ofNamespaces', COUNTS),
  ofDeployments: statement<CountsOf>('alertCounts.ofDeployments', COUNTS),
  facets: statement<AlertFacet>('alertCounts.facets', {
    facet: oneOf(AlertFacetName),
    value: text,
    count: int4,
  }),
} as const;

const OF_STATE = (state: string): string =>
  `count(*) filter (where x.state = '${state.toUpperCase()}')::int as ${state}`;

const OF_SEVERITY = (severity: string): string =>
  `count(*) filter (where x.severity = '${severity.toUpperCase()}' and x.state in ('ACTIVE', 'ATTEMPTED'))::int as ${severity}`;

const COUNTED = [
  ...['active', 'attempted', 'snoozed', 'resolved'].map(OF_STATE),
  ...['critical', 'high', 'medium', 'low'].map(OF_SEVERITY),
].join(', ');

/** @param alerts further tables, with the alerts `a` that count for the key `k` */
const countText = (alerts: string, { clause, seen }: AskedAlerts): string => `${clause}
  select k.cluster_id as "clusterId", k.id, ${COUNTED}
  from unnest($1::int[], $2::uuid[]) k (cluster_id, id) cross join lateral (
    select a.severity, ${ALERT_STATE} as state from ${alerts} where a.lead_id is null and ${seen}) x
  group by k.cluster_id, k.id`;

/** The alerts of one deployment, found by index. */
const ofDeployment = (id: string): string =>
  `(select * from alert where cluster_id = k.cluster_id and deployment_id = ${id} offset 0) a`;

const OF_NAMESPACE = `(select name from namespace where cluster_id = k.cluster_id and id = k.id offset 0) n
  cross join lateral (
    select own.* from (select id from peer where cluster_id = k.cluster_id and namespace = n.name offset 0) d
    cross join lateral (select * from alert where cluster_id = k.cluster_id and deployment_id = d.id offset 0) own
    union all
    select * from (select * from alert where cluster_id = k.cluster_id and deployment_id is null
      and namespace = n.name offset 0) rest) a`;

/** Counted for each deployment, whose namespace is then looked up once and not for every alert. */
const found = (own: string): string => `counted_alert as materialized (
    select ${ALERT_STATE} as state, a.severity, a.rule, a.category, a.cluster_id, a.deployment_id, a.namespace, count(*) as number
    from alert a where ${own} group by 1, 2, 3, 4, 5, 6, 7),
  found as materialized (select a.state, a.severity, a.rule, a.category, c.name as cluster,
      coalesce(d.namespace, a.namespace) as namespace, a.number
    from counted_alert a ${ALERT_CLUSTER} ${ALERT_DEPLOYMENT})`;

const FACETS = Object.values(AlertFacetName);

export const alertCountStore = (manager: EntityManager, caller: Caller): AlertCountStore => {
  const of =
    (counting: (typeof STATEMENTS)['ofClusters'], alerts: string) =>
    (keys: readonly AlertKey[]) => {
      const values = [keys.map(({ clusterId }) => clusterId), keys.map(({ id }) => id)];
      const text = (asked: AskedAlerts): string => countText(alerts, asked);
      return counting.ask(manager, askedOfAlerts(caller, values, text));
    };
  return {
    ofClusters: of(
      STATEMENTS.ofClusters,
      '(select * from alert where cluster_id = k.cluster_id offset 0) a',
    ),
    ofNamespaces: of(STATEMENTS.ofNamespaces, OF_NAMESPACE),
    ofDeployments: of(STATEMENTS.ofDeployments, ofDeployment('k.id')),
    facets: filter =>
      STATEMENTS.facets.ask(
        manager,
        foundAlerts(
          caller,
          { conditions: [filter], from: ALERTS },
          ({ items }, own) =>
            facetsOf(condition(`${items}${found(own)}`), facetValues(FACETS), 'x.number').sql,
        ),
      ),
  };
};
