import DataLoader from 'dataloader';
import type { Explained } from './explained.js';
import { type ExplanationStores, explainFlows, type FlowKey } from './flow-explanation.js';

export type FlowExplanationLoader = Pick<DataLoader<FlowKey, Explained>, 'load'>;

const keyOf = ({ clusterId, id }: FlowKey): string => `${clusterId} ${id}`;

/** Explanations of the flows that one response asks for: the cluster is compiled once. */
export const flowExplanationLoader = (stores: ExplanationStores): FlowExplanationLoader =>
  new DataLoader<FlowKey, Explained, string>(
    async keys => {
      const found = await explainFlows(stores, keys);
      return keys.map(key => found.get(keyOf(key)) ?? new Error(`flow ${key.id} is not stored`));
    },
    { cacheKeyFn: keyOf },
  );
