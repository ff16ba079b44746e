import { and, type Condition, condition, EVERYTHING } from '../query/condition.js';
import {
  type Combined,
  combined,
  equals,
  type StringFilter,
  stringCondition,
} from '../query/filter.js';
import { type LabelSelector, labelCondition } from '../query/label-selector.js';
import { type Several, singly } from '../query/several.js';
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

/**
 * Clusters by name become their ids first, so that the indexes that begin with `cluster_id` serve, and a list that
 * asks for no cluster reads none.
 */
function clusterCondition(filter: DeploymentFilter['cluster']): Condition {
  const named = stringCondition('c.name', filter);
  if (named === EVERYTHING) return EVERYTHING;
  const among = {
    sql: `p.cluster_id in (select c.id from cluster c where ${named.sql})`,
    values: named.values,
  };
  return typeof filter?.eq === 'string'
    ? and([condition('p.cluster_id = (select id from cluster where name = $1)', filter.eq), among])
    : among;
}

/** As the API takes it. */
export type DeploymentFilters = Several<DeploymentFilter, 'isolation'>;

/** What a filter asks of a `peer` row `p`. */
export const deploymentCondition = (given: DeploymentFilters | null | undefined): Condition => {
  const filter = singly<DeploymentFilter, 'isolation'>(given, ['isolation']);
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
