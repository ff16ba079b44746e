import DataLoader from 'dataloader';
import type { PeerStore } from '../inventory/peer.store.js';
import { mapPage, type Page, pageOf, totalCountOf } from '../query/page.js';
import { textOfKey } from '../query/row-key.js';
import { countsOfEach, type PagesLoader, pagesOfEach } from '../query/rows-of-keys.loader.js';
import { endsOf, type FlowLookAhead } from './flow-look-ahead.js';
import type { FlowNode } from './flow-node.js';
import type { FlowKey, FlowPageStore } from './flow-page.store.js';
import { type FlowListing, flowQuery } from './list-flows.js';

export type FlowLoader = DataLoader<FlowKey, FlowNode | null, string>;

/** Flows by their keys: one statement. */
export const flowLoader = (flows: Pick<FlowPageStore, 'byIds'>): FlowLoader =>
  new DataLoader(
    async keys => {
      const found = await flows.byIds(keys);
      const byKey = new Map(found.map(flow => [textOfKey(flow), flow]));
      return keys.map(key => byKey.get(textOfKey(key)) ?? null);
    },
    { cacheKeyFn: textOfKey },
  );

/** What is asked of the flows of a deployment. */
type AskedFlows = { readonly listing: FlowListing; readonly ahead: FlowLookAhead };

export type DeploymentFlowsLoader = PagesLoader<AskedFlows, FlowNode>;

type Stores = {
  readonly flows: Pick<FlowPageStore, 'ofDeployments' | 'countOfDeployments'>;
  readonly peers: Pick<PeerStore, 'byIds'>;
};

/** Pages of several deployments: one statement, one more for the ends that are asked for, and one when they are counted. */
async function pagesOf(
  { flows, peers }: Stores,
  deployments: readonly FlowKey[],
  { listing, ahead }: AskedFlows,
  now: Date,
): Promise<readonly Page<FlowNode>[]> {
  const query = flowQuery(listing, now, ahead);
  const rows = await flows.ofDeployments(deployments, query);
  const ends = await endsOf(peers, rows, ahead);
  const byPlace = Map.groupBy(rows, ({ place }) => place);
  const counts = countsOfEach(deployments, async wanted => {
    const counted = await flows.countOfDeployments(wanted, query.selection);
    return counted.map(({ clusterId, deploymentId, count }) => ({
      clusterId,
      id: deploymentId,
      count,
    }));
  });
  return deployments.map((key, place) => {
    const count = async () => totalCountOf(await counts.load(key));
    const page = pageOf(query.request, byPlace.get(place + 1) ?? [], count);
    return mapPage(page, row => ({ ...row, ...ends(row) }));
  });
}

/** The flows of deployments: together for all that are asked for alike. */
export const deploymentFlowsLoader = (stores: Stores, now: () => Date): DeploymentFlowsLoader =>
  pagesOfEach(
    (keys, asked) => pagesOf(stores, keys, asked, now()),
    ({ listing, ahead }) => JSON.stringify([listing, ahead.key]),
  );
