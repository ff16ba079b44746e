import { and, type Condition, condition, EVERYTHING } from '../graphql/condition.js';
import { type Combined, combined, type StringFilter, stringCondition } from '../graphql/filter.js';
import { type LabelSelector, labelCondition } from '../graphql/label-selector.js';

export const Isolation = {
  /** Some policy in force selects it for both directions. */
  BOTH: 'BOTH',
  INGRESS: 'INGRESS',
  EGRESS: 'EGRESS',
  NONE: 'NONE',
} as const;
/** Whether policies in force select a deployment's pods. */
export type Isolation = (typeof Isolation)[keyof typeof Isolation];

/** An interface, so that it can name itself. */
export interface DeploymentFilter extends Combined<DeploymentFilter> {
  readonly cluster?: StringFilter | null;
  readonly namespace?: StringFilter | null;
  readonly name?: StringFilter | null;
  readonly kind?: StringFilter | null;
  readonly labels?: LabelSelector | null;
  readonly isolation?: Isolation | null;
}

/** Gives the SQL condition over the `peer` row `p`; the room of policies knows it. */
export type IsolationCondition = (isolation: Isolation) => Condition;

/** One cluster by name becomes its id first, so that the indexes that begin with `cluster_id` serve. */
const clusterCondition = (filter: DeploymentFilter['cluster']): Condition =>
  typeof filter?.eq === 'string'
    ? and([
        condition('p.cluster_id = (select id from cluster where name = $1)', filter.eq),
        stringCondition('c.name', filter),
      ])
    : stringCondition('c.name', filter);

/** What a filter asks of a `peer` row `p` with its cluster `c`. */
export const deploymentCondition = (
  filter: DeploymentFilter | null | undefined,
  isolated: IsolationCondition,
): Condition =>
  combined(filter, ({ cluster, namespace, name, kind, labels, isolation }) =>
    and([
      clusterCondition(cluster),
      stringCondition('p.namespace', namespace),
      stringCondition('p.name', name),
      stringCondition('p.workload_kind', kind),
      labelCondition(`coalesce(p.labels, '{}')`, labels),
      isolation ? isolated(isolation) : EVERYTHING,
    ]),
  );
