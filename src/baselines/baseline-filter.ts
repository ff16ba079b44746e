import { type DeploymentFilters, deploymentCondition } from '../inventory/deployment-filter.js';
import { and, type Condition } from '../query/condition.js';
import { equals } from '../query/filter.js';
import type { Order } from '../query/keyset.js';
import type { BaselineState } from './baseline.js';

/** Over baseline `b` and its deployment `p`. */
export const baselineCondition = (
  deployments: DeploymentFilters | null | undefined,
  state: BaselineState | null | undefined,
): Condition => and([deploymentCondition(deployments), equals('b.state', state)]);

export const BASELINE_ORDER: Order = [
  { expression: 'p.cluster_id', type: 'int', direction: 'ASC' },
  { expression: 'p.namespace', type: 'text', direction: 'ASC' },
  { expression: 'p.name', type: 'text', direction: 'ASC' },
  { expression: 'p.id', type: 'uuid', direction: 'ASC' },
];
