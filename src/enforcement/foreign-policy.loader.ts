import DataLoader from 'dataloader';
import { foreignText } from './foreign-policies.js';
import type { ForeignPolicyStore, NamespaceOf } from './foreign-policy.store.js';

export type ForeignPolicyLoader = Pick<DataLoader<number, readonly string[]>, 'load'>;

/** Names of the policies that act in clusters and are not read: one statement for all that a response asks for. */
export const foreignPolicyLoader = (
  store: Pick<ForeignPolicyStore, 'inForce'>,
): ForeignPolicyLoader =>
  new DataLoader<number, readonly string[]>(async clusterIds => {
    const found = Map.groupBy(await store.inForce(clusterIds), ({ clusterId }) => clusterId);
    return clusterIds.map(id => (found.get(id) ?? []).map(foreignText));
  });

export type NamespaceForeignPolicyLoader = Pick<DataLoader<NamespaceOf, readonly string[]>, 'load'>;

const keyOf = (clusterId: number, namespace: string): string => `${clusterId} ${namespace}`;

/** The same of namespaces, with those of the whole cluster. */
export const namespaceForeignPolicyLoader = (
  store: Pick<ForeignPolicyStore, 'ofNamespaces'>,
): NamespaceForeignPolicyLoader =>
  new DataLoader<NamespaceOf, readonly string[], string>(
    async keys => {
      const found = Map.groupBy(await store.ofNamespaces(keys), ({ clusterId, asked }) =>
        keyOf(clusterId, asked),
      );
      return keys.map(({ clusterId, namespace }) =>
        (found.get(keyOf(clusterId, namespace)) ?? []).map(foreignText),
      );
    },
    { cacheKeyFn: ({ clusterId, namespace }) => keyOf(clusterId, namespace) },
  );
