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
import { type Several, singly } from '../query/several.js';
import type { PolicySource } from './policy.js';

export interface PolicyFilter extends Combined<PolicyFilter> {
  readonly cluster?: StringFilter | null;
  readonly namespace?: StringFilter | null;
  readonly name?: StringFilter | null;
  readonly kind?: StringFilter | null;
  readonly source?: PolicySource | null;
  /** True: also policies that went away. */
  readonly ended?: boolean | null;
}

export const POLICY_ORDER: Order = [
  { expression: 'p.cluster_id', type: 'int', direction: 'ASC' },
  { expression: `coalesce(p.namespace, '')`, type: 'text', direction: 'ASC' },
  { expression: 'p.name', type: 'text', direction: 'ASC' },
  { expression: 'p.id', type: 'uuid', direction: 'ASC' },
];

const own = (filter: PolicyFilter): Condition =>
  and([
    clusterNamed('p.cluster_id', filter.cluster),
    stringCondition('p.namespace', filter.namespace),
    stringCondition('p.name', filter.name),
    stringCondition('p.kind', filter.kind),
    equals('p.source', filter.source),
  ]);

/** As the API takes it. */
export type PolicyFilters = Several<PolicyFilter, 'source'>;

/** Over `policy` p. */
export const policyCondition = (given: PolicyFilters | null | undefined): Condition => {
  const filter = singly<PolicyFilter, 'source'>(given, ['source']);
  return and([
    filter?.ended === true ? EVERYTHING : condition('p.ended_at is null'),
    combined(filter, own),
  ]);
};
