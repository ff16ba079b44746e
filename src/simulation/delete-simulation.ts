import type { Problem } from '../netpol/index.js';
import { and, type Condition, condition } from '../query/condition.js';
import { pageRequest } from '../query/page.js';
import { errorAt, infoAt } from '../query/problem.js';
import type { SimulationKey } from './simulation.js';
import { type Simulation, SimulationStatus } from './simulation.js';
import type { SimulationStore } from './simulation.store.js';
import { STATUS, simulationOrder } from './simulation-filter.js';

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
    return { deleted: (await simulations.remove([key])) > 0, problems: [] };
  });

/** Of one call: each may hold thousands of rows. A filter may find more: the next call deletes the next ones. */
export const MOST_DELETED = 100;

export type DeleteSimulationsOutcome = {
  readonly deleted: number;
  /** Whether the filter finds more that have ended. */
  readonly more: boolean;
  readonly problems: readonly Problem[];
};

const NONE = infoAt(
  'NONE_FOUND',
  'filter',
  'the filter finds no simulation that has ended',
  '`simulations` with the same filter shows what it finds',
);

const HAS_ENDED = condition(`${STATUS} not in ('PENDING', 'RUNNING')`);

/** Deletes the simulations that a filter over simulation s finds and that have ended, the newest first, so many at most. */
export const deleteSimulations = (
  { transaction }: DeleteSimulationDeps,
  filter: Condition,
): Promise<DeleteSimulationsOutcome> =>
  transaction(async ({ simulations }) => {
    const request = pageRequest({ first: MOST_DELETED }, simulationOrder(null), false);
    const found = await simulations.page(and([filter, HAS_ENDED]), request);
    const keys = found.slice(0, MOST_DELETED).map(({ clusterId, id }) => ({ clusterId, id }));
    if (keys.length === 0) return { deleted: 0, more: false, problems: [NONE] };
    const deleted = await simulations.remove(keys);
    return { deleted, more: found.length > MOST_DELETED, problems: [] };
  });
