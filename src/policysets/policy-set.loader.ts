import DataLoader from 'dataloader';
import { textOfKey } from '../query/row-key.js';
import type { ItemOfSet, PolicySetKey, PolicySetStore } from './policy-set.store.js';

export type PolicySetItemLoader = Pick<DataLoader<PolicySetKey, readonly ItemOfSet[]>, 'load'>;

/** The policies of sets: one statement for all sets that one response asks for. */
export const policySetItemLoader = (sets: Pick<PolicySetStore, 'itemsOf'>): PolicySetItemLoader =>
  new DataLoader<PolicySetKey, readonly ItemOfSet[], string>(
    async keys => {
      const items = await sets.itemsOf(keys);
      const bySet = Map.groupBy(items, item => textOfKey({ ...item, id: item.policySetId }));
      return keys.map(key => bySet.get(textOfKey(key)) ?? []);
    },
    { cacheKeyFn: textOfKey },
  );
