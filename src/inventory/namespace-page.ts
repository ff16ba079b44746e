import { type Condition, condition } from '../query/condition.js';
import type { Order } from '../query/keyset.js';

export const BY_NAME: Order = [
  { expression: 'n.name', type: 'text', direction: 'ASC' },
  { expression: 'n.id', type: 'uuid', direction: 'ASC' },
];

/** Those of a cluster that have not ended: over `namespace` n. */
export const namespacesOf = (clusterId: number): Condition =>
  condition('n.cluster_id = $1 and n.ended_at is null', clusterId);
