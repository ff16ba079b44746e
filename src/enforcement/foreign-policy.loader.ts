import DataLoader from 'dataloader';
import { foreignText } from './foreign-policies.js';
import type { ForeignPolicyStore } from './foreign-policy.store.js';

export type ForeignPolicyLoader = Pick<DataLoader<number, readonly string[]>, 'load'>;

/** Names of the policies that act in clusters and are not read: one statement for all that a response asks for. */
export const foreignPolicyLoader = (
  store: Pick<ForeignPolicyStore, 'inForce'>,
): ForeignPolicyLoader =>
  new DataLoader<number, readonly string[]>(async clusterIds => {
    const found = Map.groupBy(await store.inForce(clusterIds), ({ clusterId }) => clusterId);
    return clusterIds.map(id => (found.get(id) ?? []).map(foreignText));
  });
