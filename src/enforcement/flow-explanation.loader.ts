import DataLoader from 'dataloader';
import type { Explained } from './explained.js';
import type { FlowKey } from './flow-explanation.js';

export type FlowExplanationLoader = Pick<DataLoader<FlowKey, Explained>, 'load'>;

/** Answers in the order of the keys. */
type Explain = (keys: readonly FlowKey[]) => Promise<readonly (Explained | null)[]>;

/** Explanations of the flows that one response asks for: one question for all. */
export const flowExplanationLoader = (explain: Explain): FlowExplanationLoader =>
  new DataLoader<FlowKey, Explained, string>(
    async keys => {
      const found = await explain(keys);
      return keys.map((key, place) => found[place] ?? new Error(`flow ${key.id} is not stored`));
    },
    { cacheKeyFn: ({ clusterId, id }) => `${clusterId} ${id}` },
  );
