import { and, type Condition, condition, EVERYTHING, NOTHING } from '../../query/condition.js';
import {
  type CidrFilter,
  type Combined,
  cidrCondition,
  clusterNamed,
  combined,
  type StringFilter,
  stringCondition,
} from '../../query/filter.js';
import type { Order } from '../../query/keyset.js';
import { EVERY_CLUSTER } from './external-block.js';

/** An interface, so that it can name itself. */
export interface ExternalBlockFilter extends Combined<ExternalBlockFilter> {
  /** Of the cluster that a block was named for. */
  readonly cluster?: StringFilter | null;
  readonly name?: StringFilter | null;
  readonly cidr?: CidrFilter | null;
}

/** Over `external_block` b. */
export const externalBlockCondition = (filter: ExternalBlockFilter | null | undefined): Condition =>
  combined(filter, own =>
    and([
      clusterNamed('b.cluster_id', own.cluster),
      stringCondition('b.name', own.name),
      cidrCondition('b.cidr', own.cidr),
    ]),
  );

/** Those that hold for a cluster, `EVERY_CLUSTER` for the ones that hold for all; null: for a cluster that is not there. */
function holdingFor(clusterId: number | 'ANY' | null): Condition {
  if (clusterId === null) return NOTHING;
  if (clusterId === 'ANY') return EVERYTHING;
  return condition('b.cluster_id = any($1::int[])', [EVERY_CLUSTER, clusterId]);
}

/** @param clusterId ANY: whatever cluster they hold for */
export const blocksAsked = (
  clusterId: number | 'ANY' | null,
  filter: ExternalBlockFilter | null | undefined,
): Condition => and([holdingFor(clusterId), externalBlockCondition(filter)]);

export const BLOCK_ORDER: Order = [
  { expression: 'b.name collate "C"', type: 'text', direction: 'ASC' },
  { expression: 'b.cidr::inet', type: 'inet', direction: 'ASC' },
  { expression: 'b.cluster_id', type: 'int', direction: 'ASC' },
];
