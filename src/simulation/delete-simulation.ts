import type { Problem } from '../netpol/index.js';
import { errorAt } from '../query/problem.js';
import type { SimulationKey } from './simulation.js';
import { type Simulation, SimulationStatus } from './simulation.js';
import type { SimulationStore } from './simulation.store.js';

export type DeleteSimulationDeps = {
  readonly transaction: <T>(
    work: (stores: { readonly simulations: SimulationStore }) => Promise<T>,
  ) => Promise<T>;
};

export type DeleteSimulationOutcome = {
  readonly deleted: boolean;
  readonly problems: readonly Problem[];
};

const NOT_FOUND = errorAt(
  'NOT_FOUND',
  'id',
  'there is no simulation of this id',
  '`simulations` lists them',
);
const UNDER_WAY = errorAt(
  'CONFLICT',
  'id',
  'the simulation is under way',
  'cancel its job (`cancelJob`), or wait for its end',
);

const isUnderWay = ({ status }: Simulation): boolean =>
  status === SimulationStatus.PENDING || status === SimulationStatus.RUNNING;

/** Deletes a simulation with its flows; one that is under way stays. Null stands for an id of something else. */
export const deleteSimulation = (
  { transaction }: DeleteSimulationDeps,
  key: SimulationKey | null,
): Promise<DeleteSimulationOutcome> =>
  transaction(async ({ simulations }) => {
    const [found] = key === null ? [] : await simulations.byIds([key]);
    if (key === null || found === undefined) return { deleted: false, problems: [NOT_FOUND] };
    if (isUnderWay(found)) return { deleted: false, problems: [UNDER_WAY] };
    return { deleted: await simulations.remove(key), problems: [] };
  });
