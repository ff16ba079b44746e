import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import { buildWhere, type Condition, condition } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { countText, cursorColumn, type Keyed, type PageRequest } from '../query/page.js';
import type {
  ConnectivityChange,
  SimulatedFlow,
  Simulation,
  SimulationRequest,
} from './simulation.js';
import type { SimulationKey } from './simulation-run.store.js';

/** A simulated flow with the simulation that it is of. */
export type FlowOfSimulation = SimulatedFlow & {
  readonly clusterId: number;
  readonly simulationId: string;
};

export type SimulationStore = {
  byIds(keys: readonly SimulationKey[]): Promise<readonly Simulation[]>;
  /** What the caller asked for, where its candidate was kept. */
  requestOf(key: SimulationKey): Promise<SimulationRequest | null>;
  /** @param filter over `simulated_flow` x */
  flows(filter: Condition, request: PageRequest): Promise<readonly (FlowOfSimulation & Keyed)[]>;
  flowCount(filter: Condition): Promise<number>;
  /** @param filter over `connectivity_change` x */
  connectivity(
    filter: Condition,
    request: PageRequest,
  ): Promise<readonly (ConnectivityChange & Keyed)[]>;
  connectivityCount(filter: Condition): Promise<number>;
};

const COLUMNS = `s.cluster_id as "clusterId", s.id,
  -- a worker that was killed cannot say what became of its simulation; its job can
  case when s.status = 'RUNNING' and j.status in ('FAILED', 'CANCELLED') then j.status else s.status end as status, ${dateTimeText('s.created_at')} as "createdAt",
  ${dateTimeText('s.finished_at')} as "finishedAt", ${dateTimeText('s.since')} as since, ${dateTimeText('s.until')} as until,
  s.summary, s.days, s.findings, s.completeness,
  coalesce(s.error, case when j.status = 'FAILED' then j.error end) as error`;

const FLOW_COLUMNS = `x.cluster_id as "clusterId", x.flow_id as "flowId", x.simulation_id as "simulationId",
  x.class, x.before, x.after`;
const CHANGE_COLUMNS = `x.source, x.destination, x.newly_allowed as "newlyAllowed", x.newly_blocked as "newlyBlocked"`;

/** Rows of a table of one simulation, `x`. */
const listing = (manager: EntityManager, seen: string, table: string, columns: string) => ({
  page: (filter: Condition, request: PageRequest) => {
    const { sql, values } = buildWhere([filter, condition(seen), ...request.conditions]);
    return manager.query(
      `/* simulations.${table} */ select ${columns}${cursorColumn(request)}
      from ${table} x ${sql} ${request.orderBy} limit ${request.fetch}`,
      [...values],
    );
  },
  count: async (filter: Condition) => {
    const { sql, values } = buildWhere([filter, condition(seen)]);
    const [row] = await manager.query(
      `/* simulations.${table}.count */ ${countText(`from ${table} x ${sql}`)}`,
      [...values],
    );
    return row.count;
  },
});

export const simulationStore = (manager: EntityManager, caller: Caller): SimulationStore => {
  const seen = visible(caller, { clusterId: 's.cluster_id', namespace: null });
  const seenRow = visible(caller, { clusterId: 'x.cluster_id', namespace: null });
  const flows = listing(manager, seenRow, 'simulated_flow', FLOW_COLUMNS);
  const changes = listing(manager, seenRow, 'connectivity_change', CHANGE_COLUMNS);
  return {
    byIds: keys =>
      manager.query(
        `/* simulations.byIds */ select ${COLUMNS} from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
        join simulation s on s.cluster_id = k.cluster_id and s.id = k.id
        left join job j on j.cluster_id = s.cluster_id and j.id = s.id where ${seen}`,
        [keys.map(({ clusterId }) => clusterId), keys.map(({ id }) => id)],
      ),
    requestOf: async ({ clusterId, id }) => {
      const [row = null] = await manager.query(
        `/* simulations.requestOf */ select s.request, s.candidate from simulation s
        where s.cluster_id = $1 and s.id = $2 and s.candidate is not null and ${seen}`,
        [clusterId, id],
      );
      return row;
    },
    flows: flows.page,
    flowCount: flows.count,
    connectivity: changes.page,
    connectivityCount: changes.count,
  };
};
