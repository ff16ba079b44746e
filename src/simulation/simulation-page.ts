import { and, type Condition, condition, EVERYTHING } from '../query/condition.js';
import type { Order } from '../query/keyset.js';
import { type FlowClass, RANKS, type Simulation } from './simulation.js';

/** What needs a look stands first. */
export const FLOW_ORDER: Order = [
  { expression: 'x.rank', type: 'int', direction: 'ASC' },
  { expression: 'x.last_flow_id', type: 'uuid', direction: 'ASC' },
  { expression: 'x.flow_id', type: 'uuid', direction: 'ASC' },
];
export const CHANGE_ORDER: Order = [{ expression: 'x.position', type: 'int', direction: 'ASC' }];

/** Of one simulation: over `simulated_chunk` x or `connectivity_change` x. */
export const changesOf = ({ clusterId, id }: Simulation): Condition =>
  condition('x.cluster_id = $1 and x.simulation_id = $2', clusterId, id);

/** The flows of one simulation, of one class or of all (null). */
export const flowsOf = (simulation: Simulation, wanted: FlowClass | null): Condition =>
  and([
    changesOf(simulation),
    wanted === null ? EVERYTHING : condition('x.rank = $1', RANKS.indexOf(wanted)),
  ]);
