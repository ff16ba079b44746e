import DataLoader from 'dataloader';
import type { FlowInSimulation, Sight, SimulatedSpan } from './simulated-flow.store.js';
import type { SimulationKey } from './simulation.js';
import type { SimulationStore } from './simulation.store.js';

const nameOf = ({ clusterId, simulationId, flowId }: FlowInSimulation): string =>
  `${clusterId} ${simulationId} ${flowId}`;

export type SpanLoader = Pick<DataLoader<FlowInSimulation, readonly SimulatedSpan[]>, 'load'>;
export type SightLoader = Pick<DataLoader<FlowInSimulation, Sight>, 'load'>;

/** What simulated flows were in their hours: one statement for all that a response asks for. */
export const spanLoader = (store: Pick<SimulationStore, 'spans'>): SpanLoader =>
  new DataLoader<FlowInSimulation, readonly SimulatedSpan[], string>(
    async keys => {
      const spans = Map.groupBy(await store.spans(keys), nameOf);
      return keys.map(key => spans.get(nameOf(key)) ?? []);
    },
    { cacheKeyFn: nameOf },
  );

/** How simulated flows were seen: one statement for all that a response asks for. */
export const sightLoader = (store: Pick<SimulationStore, 'sights'>): SightLoader =>
  new DataLoader<FlowInSimulation, Sight, string>(keys => store.sights(keys), {
    cacheKeyFn: nameOf,
  });

export type PolicyTextLoader = Pick<DataLoader<SimulationKey, string | null>, 'load'>;

/** The policies that simulations were asked for: one statement for all that a response asks for. */
export const policyTextLoader = (store: Pick<SimulationStore, 'policyTexts'>): PolicyTextLoader =>
  new DataLoader<SimulationKey, string | null, string>(
    async keys => (await store.policyTexts(keys)).map(({ policies }) => policies),
    { cacheKeyFn: ({ clusterId, id }) => `${clusterId} ${id}` },
  );
