import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import { buildWhere, type Condition, condition } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { countText, cursorColumn, type Keyed, type PageRequest } from '../query/page.js';
import type { ConnectivityChange, SimulatedFlow, Simulation } from './simulation.js';

export type SimulationKey = { readonly clusterId: number; readonly id: string };

export type SimulationStore = {
  insert(
    simulation: Simulation,
    request: unknown,
    flows: readonly SimulatedFlow[],
    connectivity: readonly ConnectivityChange[],
  ): Promise<void>;
  byIds(keys: readonly SimulationKey[]): Promise<readonly Simulation[]>;
  /** @param filter over `simulated_flow` x */
  flows(
    filter: Condition,
    request: PageRequest,
  ): Promise<readonly (SimulatedFlow & { readonly clusterId: number } & Keyed)[]>;
  flowCount(filter: Condition): Promise<number>;
  /** @param filter over `connectivity_change` x */
  connectivity(
    filter: Condition,
    request: PageRequest,
  ): Promise<readonly (ConnectivityChange & Keyed)[]>;
  connectivityCount(filter: Condition): Promise<number>;
};

const COLUMNS = `s.cluster_id as "clusterId", s.id, s.status, ${dateTimeText('s.created_at')} as "createdAt",
  ${dateTimeText('s.finished_at')} as "finishedAt", ${dateTimeText('s.since')} as since, ${dateTimeText('s.until')} as until,
  s.summary, s.days, s.findings, s.completeness, s.error`;

async function insertSimulation(
  manager: EntityManager,
  row: Simulation,
  request: unknown,
): Promise<void> {
  await manager.query(
    `/* simulations.insert */
    insert into simulation (cluster_id, id, status, created_at, finished_at, since, until, request, summary, days, findings, completeness, error)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      row.clusterId,
      row.id,
      row.status,
      row.createdAt,
      row.finishedAt,
      row.since,
      row.until,
      JSON.stringify(request),
      JSON.stringify(row.summary),
      JSON.stringify(row.days),
      JSON.stringify(row.findings),
      JSON.stringify(row.completeness),
      row.error,
    ],
  );
}

async function insertFlows(
  manager: EntityManager,
  { clusterId, id }: SimulationKey,
  flows: readonly SimulatedFlow[],
): Promise<void> {
  await manager.query(
    `/* simulations.insertFlows */
    insert into simulated_flow (cluster_id, simulation_id, flow_id, class, before, after, explanation)
    select $1::int, $2::uuid, * from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::jsonb[])`,
    [
      clusterId,
      id,
      flows.map(row => row.flowId),
      flows.map(row => row.class),
      flows.map(row => row.before),
      flows.map(row => row.after),
      flows.map(row => JSON.stringify(row.explanation)),
    ],
  );
}

async function insertConnectivity(
  manager: EntityManager,
  { clusterId, id }: SimulationKey,
  changes: readonly ConnectivityChange[],
): Promise<void> {
  await manager.query(
    `/* simulations.insertConnectivity */
    insert into connectivity_change (cluster_id, simulation_id, position, source, destination, newly_allowed, newly_blocked)
    select $1::int, $2::uuid, * from unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[])`,
    [
      clusterId,
      id,
      changes.map((_, position) => position),
      changes.map(row => row.source),
      changes.map(row => row.destination),
      changes.map(row => row.newlyAllowed),
      changes.map(row => row.newlyBlocked),
    ],
  );
}

const FLOW_COLUMNS = `x.cluster_id as "clusterId", x.flow_id as "flowId", x.class, x.before, x.after, x.explanation`;
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
    insert: async (simulation, request, simulated, connectivity) => {
      await insertSimulation(manager, simulation, request);
      if (simulated.length > 0) await insertFlows(manager, simulation, simulated);
      if (connectivity.length > 0) await insertConnectivity(manager, simulation, connectivity);
    },
    byIds: keys =>
      manager.query(
        `/* simulations.byIds */ select ${COLUMNS} from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
        join simulation s on s.cluster_id = k.cluster_id and s.id = k.id where ${seen}`,
        [keys.map(({ clusterId }) => clusterId), keys.map(({ id }) => id)],
      ),
    flows: flows.page,
    flowCount: flows.count,
    connectivity: changes.page,
    connectivityCount: changes.count,
  };
};
