import { and, type Condition, condition, EVERYTHING } from '../query/condition.js';
import {
  type Combined,
  clusterNamed,
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

/** As the API takes it. */
export type DeploymentFilters = Several<DeploymentFilter, 'isolation'>;

/** What a filter asks of a `peer` row `p`. */
export const deploymentCondition = (given: DeploymentFilters | null | undefined): Condition => {
  const filter = singly<DeploymentFilter, 'isolation'>(given, ['isolation']);
  const asked = combined(filter, ({ cluster, namespace, name, kind, labels, isolation }) =>
    and([
      clusterNamed('p.cluster_id', cluster),
      stringCondition('p.namespace', namespace),
      stringCondition('p.name', name),
      stringCondition('p.workload_kind', kind),
      labelCondition(`coalesce(p.labels, '{}')`, labels),
      equals('p.isolation', isolation),
    ]),
  );
  return and([filter?.ended === true ? EVERYTHING : condition('p.ended_at is null'), asked]);
};
