import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { finderOf } from '../graphql/node.graphql.js';
import { dateTimeOf } from '../query/date-time.js';
import { SimulateResolver } from './simulate.graphql.js';
import {
  type SimulateDeps,
  type SimulateInput,
  type SimulateStores,
  simulate,
} from './simulate.js';
import { SimulatedFlowResolver, SimulationResolver } from './simulation.graphql.js';
import { type SimulationStore, simulationStore } from './simulation.store.js';
import {
  ConnectivityChangeTable,
  SimulatedFlowTable,
  SimulationTable,
} from './simulation.table.js';

type Stores = { readonly simulations: SimulationStore };

/** A candidate held against the policies in force, over recorded flows and over all pairs. */
export const simulationRoom = {
  tables: [SimulationTable, SimulatedFlowTable, ConnectivityChangeTable],
  stores: (manager: EntityManager, caller: Caller) => ({
    simulations: simulationStore(manager, caller),
  }),
  resolvers: [SimulateResolver, SimulationResolver, SimulatedFlowResolver],
  finders: {
    Simulation: finderOf(({ stores }: { readonly stores: Stores }) => stores.simulations),
  },
  useCases: ({ transaction }: Pick<SimulateDeps<SimulateStores>, 'transaction'>) => ({
    simulate: (input: SimulateInput) =>
      simulate({ transaction, now: () => dateTimeOf(new Date()) }, input),
  }),
} as const;
