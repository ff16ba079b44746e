import { type Caller, LOCAL_CALLER } from './access/caller.js';
import { alertLoaders } from './alerts/alert.loader.js';
import { baselineLoaders } from './baselines/baseline.loader.js';
import { flowLoaders } from './flows/flow-context.js';
import type { Incoming } from './graphql/incoming.js';
import { inventoryLoaders } from './inventory/inventory.loader.js';
import { flowExplanationLoader } from './policies/flow-explanation.loader.js';
import { policySetItemLoader } from './policies/policy-set.loader.js';
import type { Databases, Stores } from './stores.js';
import { type UseCases, useCasesFor } from './use-cases.js';

const loadersOn = (stores: Stores, now: () => Date) => ({
  ...inventoryLoaders(stores),
  ...baselineLoaders(stores),
  ...alertLoaders(stores),
  ...flowLoaders(stores, now),
  flowExplanations: flowExplanationLoader(stores),
  policySetItems: policySetItemLoader(stores.policySets),
});

/** What a resolver may use: made for each request, for the eyes of its caller. */
export type Context = {
  readonly caller: Caller;
  readonly now: () => Date;
  readonly stores: Stores;
  readonly loaders: ReturnType<typeof loadersOn>;
  readonly useCases: UseCases;
};

export const contextFor =
  (databases: Databases) =>
  (_incoming: Incoming): Context => {
    const caller = LOCAL_CALLER;
    const now = (): Date => new Date();
    const { stores } = databases.seenBy(caller);
    return {
      caller,
      now,
      stores,
      loaders: loadersOn(stores, now),
      useCases: useCasesFor(databases, caller),
    };
  };
