import DataLoader from 'dataloader';
import type { PeerStore } from '../inventory/peer.store.js';
import { mapPage, type Page, pageOf, totalCountOf } from '../query/page.js';
import { endsOf, type FlowLookAhead } from './flow-look-ahead.js';
import type { FlowNode } from './flow-node.js';
import type { FlowKey, FlowPageStore } from './flow-page.store.js';
import { type FlowListing, flowQuery } from './list-flows.js';

const textOf = ({ clusterId, id }: FlowKey): string => `${clusterId}/${id}`;

export type FlowLoader = DataLoader<FlowKey, FlowNode | null, string>;

/** Flows by their keys: one statement. */
export const flowLoader = (flows: Pick<FlowPageStore, 'byIds'>): FlowLoader =>
  new DataLoader(
    async keys => {
      const found = await flows.byIds(keys);
      const byKey = new Map(found.map(flow => [textOf(flow), flow]));
      return keys.map(key => byKey.get(textOf(key)) ?? null);
    },
    { cacheKeyFn: textOf },
  );

/** A deployment, and what of its flows is asked for. */
type DeploymentListing = FlowKey & {
  readonly listing: FlowListing;
  readonly ahead: FlowLookAhead;
};

export type DeploymentFlowsLoader = {
  readonly load: (key: DeploymentListing) => Promise<Page<FlowNode>>;
};

type Stores = {
  readonly flows: Pick<FlowPageStore, 'ofDeployments' | 'countOfDeployments'>;
  readonly peers: Pick<PeerStore, 'byIds'>;
};

const ofRow = (row: { readonly clusterId: number; readonly deploymentId: string }): string =>
  textOf({ clusterId: row.clusterId, id: row.deploymentId });

/**
 * Pages of several deployments that are asked for alike: one statement, one more for the ends that are asked for, and one
 * when they are counted.
 */
async function pagesOf(
  { flows, peers }: Stores,
  deployments: readonly FlowKey[],
  { listing, ahead }: Pick<DeploymentListing, 'listing' | 'ahead'>,
  now: Date,
) {
  const query = flowQuery(listing, now, ahead);
  const rows = await flows.ofDeployments(deployments, query);
  const ends = await endsOf(peers, rows, ahead);
  const places = new Map(deployments.map((key, place) => [textOf(key), place + 1]));
  const byPlace = Map.groupBy(rows, ({ place }) => place);
  const counts = new DataLoader<string, number>(async asked => {
    const wanted = deployments.filter(key => asked.includes(textOf(key)));
    const counted = await flows.countOfDeployments(wanted, query.selection);
    const byKey = new Map(counted.map(row => [ofRow(row), row.count]));
    return asked.map(key => byKey.get(key) ?? 0);
  });
  return (deployment: FlowKey): Page<FlowNode> => {
    const key = textOf(deployment);
    const count = async () => totalCountOf(await counts.load(key));
    const page = pageOf(query.request, byPlace.get(places.get(key) ?? 0) ?? [], count);
    return mapPage(page, row => ({ ...row, ...ends(row) }));
  };
}

type Asked = DeploymentListing & { readonly asked: string };

/** The flows of deployments: together for all that are asked for alike. */
export const deploymentFlowsLoader = (stores: Stores, now: () => Date): DeploymentFlowsLoader => {
  const loader = new DataLoader<Asked, Page<FlowNode>, string>(
    async keys => {
      const alike = [...Map.groupBy(keys, ({ asked }) => asked).values()];
      const pages = new Map<string, Awaited<ReturnType<typeof pagesOf>>>();
      await Promise.all(
        alike.map(async ([first, ...others]) => {
          if (first === undefined) return;
          pages.set(first.asked, await pagesOf(stores, [first, ...others], first, now()));
        }),
      );
      return keys.map(key => pages.get(key.asked)?.(key) ?? new Error('no page was read'));
    },
    { cacheKeyFn: key => `${textOf(key)} ${key.asked}` },
  );
  return {
    load: key => loader.load({ ...key, asked: JSON.stringify([key.listing, key.ahead.key]) }),
  };
};
