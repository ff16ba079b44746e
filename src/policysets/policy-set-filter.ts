import { and, type Condition, condition, EVERYTHING } from '../query/condition.js';
import {
  type Combined,
  clusterNamed,
  combined,
  equals,
  type StringFilter,
  stringCondition,
  type TimeFilter,
  timeCondition,
} from '../query/filter.js';
import type { Order, OrderDirection } from '../query/keyset.js';
import { type Several, singly } from '../query/several.js';
import type { PolicySetOrigin } from './policy-set.js';

/** An interface, so that it can name itself. */
export interface PolicySetFilter extends Combined<PolicySetFilter> {
  readonly cluster?: StringFilter | null;
  readonly name?: StringFilter | null;
  readonly origin?: PolicySetOrigin | null;
  readonly createdAt?: TimeFilter | null;
  /** True: also versions that have a later one. */
  readonly allVersions?: boolean | null;
}

const LATEST =
  condition(`not exists (select from policy_set later where later.cluster_id = p.cluster_id
  and later.name = p.name and later.scope = p.scope and later.version > p.version)`);

/** As the API takes it. */
export type PolicySetFilters = Several<PolicySetFilter, 'origin'>;

/** Over `policy_set` p. */
export const policySetCondition = (
  given: PolicySetFilters | null | undefined,
  now: Date,
): Condition => {
  const filter = singly<PolicySetFilter, 'origin'>(given, ['origin']);
  return and([
    filter?.allVersions === true ? EVERYTHING : LATEST,
    combined(filter, own =>
      and([
        clusterNamed('p.cluster_id', own.cluster),
        stringCondition('p.name', own.name),
        equals('p.origin', own.origin),
        timeCondition('p.created_at', own.createdAt, now),
      ]),
    ),
  ]);
};

export const PolicySetOrderField = { NAME: 'NAME', CREATED: 'CREATED' } as const;
export type PolicySetOrderField = (typeof PolicySetOrderField)[keyof typeof PolicySetOrderField];

export type PolicySetOrder = {
  readonly field: PolicySetOrderField;
  readonly direction: OrderDirection;
};

const BY_NAME: PolicySetOrder = { field: PolicySetOrderField.NAME, direction: 'ASC' };

/** By cluster, name and version, along `policy_set_name_key`; by time along `policy_set_created`. */
export function policySetOrder(order: PolicySetOrder | null | undefined): Order {
  const { field, direction } = order ?? BY_NAME;
  const cluster = { expression: 'p.cluster_id', type: 'int', direction } as const;
  if (field === PolicySetOrderField.CREATED)
    return [
      { expression: 'p.created_at', type: 'timestamptz', direction },
      cluster,
      { expression: 'p.id', type: 'uuid', direction },
    ];
  return [
    cluster,
    { expression: 'p.name', type: 'text', direction },
    { expression: 'p.scope', type: 'text', direction },
    { expression: 'p.version', type: 'int', direction },
  ];
}
