import type { Order } from '../query/keyset.js';
import { type Page, type PageArguments, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import type { RowKey } from '../query/row-key.js';
import { countsOfEach, type PagesLoader, pagesOfEach } from '../query/rows-of-keys.loader.js';
import { type DeploymentFilters, deploymentCondition } from './deployment-filter.js';
import type { NamespaceDeploymentStore } from './namespace-deployments.store.js';
import type { Peer } from './peer.js';

/** What is asked of the deployments of a namespace. */
export type DeploymentListing = {
  readonly filter: DeploymentFilters | null;
  readonly page: PageArguments;
  readonly columns: readonly (keyof Peer)[];
  readonly isKeyed: boolean;
};

export type NamespaceDeploymentsLoader = PagesLoader<DeploymentListing, Peer>;

/** Within a namespace, along the index `peer_namespace`. */
export const BY_NAME_IN_NAMESPACE: Order = [
  { expression: 'p.name', type: 'text', direction: 'ASC' },
  { expression: 'p.id', type: 'uuid', direction: 'ASC' },
];

/** Pages of namespaces that are asked for alike: one statement, and one more when they are counted. */
async function pagesOf(
  store: NamespaceDeploymentStore,
  keys: readonly RowKey[],
  { filter, page, columns, isKeyed }: DeploymentListing,
): Promise<readonly Page<Peer>[]> {
  const request = pageRequest(page, BY_NAME_IN_NAMESPACE, isKeyed);
  const condition = deploymentCondition(filter);
  const rows = await store.pages(keys, condition, request, columns);
  const byPlace = Map.groupBy(rows, ({ place }) => place);
  const counts = countsOfEach(keys, wanted => store.counts(wanted, condition));
  return keys.map((key, place) =>
    pageOf(request, byPlace.get(place + 1) ?? [], async () => totalCountOf(await counts.load(key))),
  );
}

/** The deployments of namespaces: together for all that are asked for alike. */
export const namespaceDeploymentsLoader = (
  store: NamespaceDeploymentStore,
): NamespaceDeploymentsLoader => pagesOfEach((keys, listing) => pagesOf(store, keys, listing));
