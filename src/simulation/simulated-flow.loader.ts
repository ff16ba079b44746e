import DataLoader from 'dataloader';
import type { Explained } from '../enforcement/explained.js';
import type { SimulationKey } from './simulation.js';

type Key = SimulationKey & { readonly flowId: string };

export type SimulatedFlowLoader = Pick<DataLoader<Key, Explained>, 'load'>;

type Explain = (
  simulation: SimulationKey,
  flowIds: readonly string[],
) => Promise<readonly (Explained | null)[]>;

const nameOf = ({ clusterId, id }: SimulationKey): string => `${clusterId} ${id}`;

/** Explanations of the simulated flows that one response asks for: one question per simulation. */
export const simulatedFlowLoader = (explain: Explain): SimulatedFlowLoader =>
  new DataLoader<Key, Explained, string>(
    async keys => {
      const answers = new Map<string, Explained | null>();
      for (const [name, ofOne] of Map.groupBy(keys, nameOf)) {
        const ids = ofOne.map(({ flowId }) => flowId);
        const found = ofOne[0] === undefined ? [] : await explain(ofOne[0], ids);
        for (const [place, id] of ids.entries()) answers.set(`${name} ${id}`, found[place] ?? null);
      }
      return keys.map(
        key =>
          answers.get(`${nameOf(key)} ${key.flowId}`) ??
          new Error(`flow ${key.flowId} of a simulation cannot be explained`),
      );
    },
    { cacheKeyFn: key => `${nameOf(key)} ${key.flowId}` },
  );
