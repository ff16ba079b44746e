import DataLoader from 'dataloader';
import type { Order } from '../query/keyset.js';
import { type Page, type PageArguments, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import { type DeploymentFilters, deploymentCondition } from './deployment-filter.js';
import type { NamespaceDeploymentStore } from './namespace-deployments.store.js';
import type { Peer } from './peer.js';
import type { RowKey } from './peer.store.js';

/** What is asked of the deployments of a namespace. */
export type DeploymentListing = {
  readonly filter: DeploymentFilters | null;
  readonly page: PageArguments;
  readonly columns: readonly (keyof Peer)[];
  readonly isKeyed: boolean;
};

type Asked = RowKey & { readonly listing: DeploymentListing };

export type NamespaceDeploymentsLoader = { readonly load: (asked: Asked) => Promise<Page<Peer>> };

const textOf = ({ clusterId, id }: RowKey): string => `${clusterId} ${id}`;

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
  const counts = new DataLoader<string, number>(async asked => {
    const wanted = keys.filter(key => asked.includes(textOf(key)));
    const counted = await store.counts(wanted, condition);
    const byKey = new Map(counted.map(row => [textOf(row), row.count]));
    return asked.map(key => byKey.get(key) ?? 0);
  });
  return keys.map((key, place) =>
    pageOf(request, byPlace.get(place + 1) ?? [], async () =>
      totalCountOf(await counts.load(textOf(key))),
    ),
  );
}

/** The deployments of namespaces: together for all that are asked for alike. */
export const namespaceDeploymentsLoader = (
  store: NamespaceDeploymentStore,
): NamespaceDeploymentsLoader => {
  const loader = new DataLoader<Asked & { readonly asked: string }, Page<Peer>, string>(
    async keys => {
      const pages = new Map<string, Page<Peer>>();
      const alike = [...Map.groupBy(keys, ({ asked }) => asked).values()];
      await Promise.all(
        alike.map(async some => {
          const [first] = some;
          if (first === undefined) return;
          const found = await pagesOf(store, some, first.listing);
          for (const [place, page] of found.entries())
            pages.set(`${textOf(some[place] ?? first)} ${first.asked}`, page);
        }),
      );
      return keys.map(
        key => pages.get(`${textOf(key)} ${key.asked}`) ?? new Error('no page was read'),
      );
    },
    { cacheKeyFn: key => `${textOf(key)} ${key.asked}` },
  );
  return { load: asked => loader.load({ ...asked, asked: JSON.stringify(asked.listing) }) };
};
