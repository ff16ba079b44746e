import DataLoader from 'dataloader';
import { textOfKey } from '../query/row-key.js';
import type { PolicyRecord } from './policy.js';
import type { PolicyKey, PolicyStore } from './policy.store.js';
import type { SelectingInput, SelectingPolicies } from './selecting.js';

export type PolicyLoader = Pick<DataLoader<PolicyKey, PolicyRecord | null>, 'load'>;

/** Policies by their keys: one statement; null for one that the caller does not see, or that is gone. */
export const policyLoader = (policies: Pick<PolicyStore, 'byIds'>): PolicyLoader =>
  new DataLoader<PolicyKey, PolicyRecord | null, string>(
    async keys => {
      const found = new Map((await policies.byIds(keys)).map(row => [textOfKey(row), row]));
      return keys.map(key => found.get(textOfKey(key)) ?? null);
    },
    { cacheKeyFn: textOfKey },
  );

export type SelectingLoader = Pick<DataLoader<PolicyKey, SelectingPolicies | null>, 'load'>;

/** Which policies select deployments: one question to each cluster of one response. */
export const selectingLoader = (
  ask: (input: SelectingInput) => Promise<readonly (SelectingPolicies | null)[]>,
): SelectingLoader =>
  new DataLoader<PolicyKey, SelectingPolicies | null, string>(
    async keys => {
      const found = new Map<string, SelectingPolicies | null>();
      for (const [clusterId, some] of Map.groupBy(keys, key => key.clusterId)) {
        const ids = some.map(({ id }) => id);
        const answers = await ask({ clusterId, ids });
        for (const [place, key] of some.entries())
          found.set(textOfKey(key), answers[place] ?? null);
      }
      return keys.map(key => found.get(textOfKey(key)) ?? null);
    },
    { cacheKeyFn: textOfKey },
  );
