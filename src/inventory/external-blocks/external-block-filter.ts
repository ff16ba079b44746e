import { and, type Condition } from '../../query/condition.js';
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

export const BLOCK_ORDER: Order = [
  { expression: 'b.name collate "C"', type: 'text', direction: 'ASC' },
  { expression: 'b.cidr::inet', type: 'inet', direction: 'ASC' },
  { expression: 'b.cluster_id', type: 'int', direction: 'ASC' },
];
