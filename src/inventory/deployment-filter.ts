import { and, type Condition, condition, EVERYTHING } from '../query/condition.js';
import {
  type Combined,
  combined,
  equals,
  type StringFilter,
  stringCondition,
} from '../query/filter.js';
import { type LabelSelector, labelCondition } from '../query/label-selector.js';
import type { Isolation } from './peer.js';

/** An interface, so that it can name itself. */
export interface DeploymentFilter extends Combined<DeploymentFilter> {
  readonly cluster?: StringFilter | null;
  readonly namespace?: StringFilter | null;
  readonly name?: StringFilter | null;
  readonly kind?: StringFilter | null;
  readonly labels?: LabelSelector | null;
  readonly isolation?: Isolation | null;
  /** True: also those that ended. Counts in the outermost filter only. */
  readonly ended?: boolean | null;
}

/** One cluster by name becomes its id first, so that the indexes that begin with `cluster_id` serve. */
const clusterCondition = (filter: DeploymentFilter['cluster']): Condition =>
  typeof filter?.eq === 'string'
    ? and([
        condition('p.cluster_id = (select id from cluster where name = $1)', filter.eq),
        stringCondition('c.name', filter),
      ])
    : stringCondition('c.name', filter);

/** What a filter asks of a `peer` row `p` with its cluster `c`. */
export const deploymentCondition = (filter: DeploymentFilter | null | undefined): Condition => {
  const asked = combined(filter, ({ cluster, namespace, name, kind, labels, isolation }) =>
    and([
      clusterCondition(cluster),
      stringCondition('p.namespace', namespace),
      stringCondition('p.name', name),
      stringCondition('p.workload_kind', kind),
      labelCondition(`coalesce(p.labels, '{}')`, labels),
      equals('p.isolation', isolation),
    ]),
  );
  return and([filter?.ended === true ? EVERYTHING : condition('p.ended_at is null'), asked]);
};
