import { and, type Condition, condition, EVERYTHING } from '../query/condition.js';
import {
  type Combined,
  clusterNamed,
  combined,
  equals,
  type StringFilter,
  stringCondition,
} from '../query/filter.js';
import type { Order } from '../query/keyset.js';
import { type LabelSelector, labelCondition } from '../query/label-selector.js';

export const BY_NAME: Order = [
  { expression: 'n.name', type: 'text', direction: 'ASC' },
  { expression: 'n.id', type: 'uuid', direction: 'ASC' },
];

/** Those of a cluster that have not ended: over `namespace` n. */
export const namespacesOf = (clusterId: number): Condition =>
  condition('n.cluster_id = $1 and n.ended_at is null', clusterId);

export const BY_CLUSTER_AND_NAME: Order = [
  { expression: 'n.cluster_id', type: 'int', direction: 'ASC' },
  ...BY_NAME,
];

export interface NamespaceFilter extends Combined<NamespaceFilter> {
  readonly cluster?: StringFilter | null;
  readonly name?: StringFilter | null;
  readonly labels?: LabelSelector | null;
  /** True: those that no snapshot has shown. */
  readonly inferred?: boolean | null;
  /** True: also those that went away. Counts in the outermost filter only. */
  readonly ended?: boolean | null;
}

/** Over `namespace` n. */
export const namespaceCondition = (filter: NamespaceFilter | null | undefined): Condition =>
  and([
    filter?.ended === true ? EVERYTHING : condition('n.ended_at is null'),
    combined(filter, own =>
      and([
        clusterNamed('n.cluster_id', own.cluster),
        stringCondition('n.name', own.name),
        labelCondition('n.labels', own.labels),
        equals('n.inferred', own.inferred),
      ]),
    ),
  ]);
