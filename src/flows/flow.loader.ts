import DataLoader from 'dataloader';
import { mapPage, type Page, pageOf, totalCountOf } from '../query/page.js';
import { type FlowNode, flowNode } from './flow-node.js';
import type { FlowKey, FlowPageStore } from './flow-page.store.js';
import { type FlowListing, flowRequest } from './list-flows.js';

const textOf = ({ clusterId, id }: FlowKey): string => `${clusterId}/${id}`;

export type FlowLoader = DataLoader<FlowKey, FlowNode | null, string>;

/** Flows by their keys: one statement. */
export const flowLoader = (flows: Pick<FlowPageStore, 'byIds'>): FlowLoader =>
  new DataLoader(
    async keys => {
      const found = await flows.byIds(keys);
      const byKey = new Map(found.map(flow => [textOf(flow), flowNode(flow)]));
      return keys.map(key => byKey.get(textOf(key)) ?? null);
    },
    { cacheKeyFn: textOf },
  );

/** A deployment, and what of its flows is asked for. */
type DeploymentListing = FlowKey & { readonly listing: FlowListing };

export type DeploymentFlowsLoader = DataLoader<DeploymentListing, Page<FlowNode>, string>;

type Stores = Pick<FlowPageStore, 'ofDeployments' | 'countOfDeployments'>;

const ofRow = (row: { readonly clusterId: number; readonly deploymentId: string }): string =>
  textOf({ clusterId: row.clusterId, id: row.deploymentId });

/** Pages of several deployments that are asked for alike: one statement, and one more when they are counted. */
async function pagesOf(
  flows: Stores,
  deployments: readonly FlowKey[],
  listing: FlowListing,
  now: Date,
) {
  const { condition, window, request } = flowRequest(listing, now);
  const rows = await flows.ofDeployments(deployments, condition, window, request);
  const byDeployment = Map.groupBy(rows, ofRow);
  const counts = new DataLoader<string, number>(async asked => {
    const wanted = deployments.filter(key => asked.includes(textOf(key)));
    const counted = await flows.countOfDeployments(wanted, condition);
    const byKey = new Map(counted.map(row => [ofRow(row), row.count]));
    return asked.map(key => byKey.get(key) ?? 0);
  });
  return (deployment: FlowKey): Page<FlowNode> => {
    const key = textOf(deployment);
    const count = async () => totalCountOf(await counts.load(key));
    return mapPage(pageOf(request, byDeployment.get(key) ?? [], count), flowNode);
  };
}

/** The flows of deployments: one statement for all that are asked for alike. */
export const deploymentFlowsLoader = (flows: Stores, now: () => Date): DeploymentFlowsLoader => {
  const asked = ({ listing }: DeploymentListing): string => JSON.stringify(listing);
  return new DataLoader(
    async keys => {
      const pages = new Map(
        await Promise.all(
          [...Map.groupBy(keys, asked)].map(
            async ([text, alike]) =>
              [text, await pagesOf(flows, alike, alike[0]?.listing ?? EVERYTHING, now())] as const,
          ),
        ),
      );
      return keys.map(key => pages.get(asked(key))?.(key) ?? new Error('no page was read'));
    },
    { cacheKeyFn: key => `${textOf(key)} ${asked(key)}` },
  );
};

const EVERYTHING: FlowListing = {};
