import { pageRequest } from '../query/page.js';
import { type DeletedOutcome, deleteNamed, type Which } from '../query/several-rows.js';
import type { PolicySetStore } from './policy-set.store.js';
import { policySetOrder } from './policy-set-filter.js';
import type { PolicySetPageStore } from './policy-set-page.store.js';

/** Of a filter at once; the next call deletes the next ones. */
export const MOST_DELETED = 100;

type Stores = {
  readonly policySets: Pick<PolicySetStore, 'remove'>;
  readonly policySetPages: Pick<PolicySetPageStore, 'page'>;
};

export type DeletePolicySetsDeps = {
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
};

const SETS = {
  one: 'policy set',
  many: 'policy sets',
  list: 'policySets',
  most: MOST_DELETED,
} as const;

/** Deletes versions of policy sets with their policies, in the order of lists. Their numbers are not given again. */
export const deletePolicySets = (
  { transaction }: DeletePolicySetsDeps,
  which: Which,
): Promise<DeletedOutcome> =>
  transaction(({ policySets, policySetPages }) =>
    deleteNamed(
      which,
      {
        found: (filter, most) =>
          policySetPages.page(
            filter,
            pageRequest({ first: most - 1 }, policySetOrder(null), false),
          ),
        remove: policySets.remove,
      },
      SETS,
    ),
  );
