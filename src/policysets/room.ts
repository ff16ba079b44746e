import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { finderOf } from '../graphql/node.graphql.js';
import { dateTimeOf } from '../query/date-time.js';
import { GenerateResolver } from './generate.graphql.js';
import {
  type GenerateDeps,
  type GenerateInput,
  type GenerateStores,
  generate,
} from './generate.js';
import {
  GeneratedPolicyResolver,
  GeneratedRuleResolver,
  PolicySetResolver,
} from './policy-set.graphql.js';
import { policySetItemLoader } from './policy-set.loader.js';
import { type PolicySetStore, policySetStore } from './policy-set.store.js';
import { PolicySetItemTable, PolicySetTable } from './policy-set.table.js';

type Stores = { readonly policySets: PolicySetStore };

/** Named, versioned collections of policies, and their generation from what was observed. */
export const policySetsRoom = {
  tables: [PolicySetTable, PolicySetItemTable],
  stores: (manager: EntityManager, caller: Caller) => ({
    policySets: policySetStore(manager, caller),
  }),
  loaders: ({ policySets }: Stores) => ({ policySetItems: policySetItemLoader(policySets) }),
  resolvers: [PolicySetResolver, GeneratedPolicyResolver, GeneratedRuleResolver, GenerateResolver],
  finders: {
    PolicySet: finderOf(({ stores }: { readonly stores: Stores }) => stores.policySets),
  },
  useCases: ({ transaction }: Pick<GenerateDeps<GenerateStores>, 'transaction'>) => ({
    generate: (input: GenerateInput) =>
      generate({ transaction, now: () => dateTimeOf(new Date()) }, input),
  }),
} as const;
