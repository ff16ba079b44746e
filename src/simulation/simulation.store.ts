import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import {
  type Columns,
  int4,
  jsonb,
  neverNullHere,
  nullable,
  oneOf,
  type Statement,
  statement,
  text,
  uuid,
} from '../database/row.js';
import type { Completeness } from '../flows/completeness.js';
import { Verdict } from '../netpol/index.js';
import { buildWhere, type Condition, condition } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import {
  COUNTED,
  countText,
  cursorColumn,
  KEYED,
  type Keyed,
  type PageRequest,
} from '../query/page.js';
import {
  type ConnectivityChange,
  FlowClass,
  type SimulatedDay,
  type SimulatedFlow,
  type Simulation,
  type SimulationRequest,
  SimulationStatus,
  type SimulationSummary,
  type StoredFinding,
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

const FLOW: Columns<FlowOfSimulation> = {
  clusterId: int4,
  flowId: uuid,
  simulationId: uuid,
  class: oneOf(FlowClass),
  before: oneOf(Verdict),
  after: oneOf(Verdict),
};

const CHANGE: Columns<ConnectivityChange> = {
  source: text,
  destination: text,
  newlyAllowed: nullable(text),
  newlyBlocked: nullable(text),
};

const STATEMENTS = {
  byIds: statement<Simulation>('simulations.byIds', {
    clusterId: int4,
    id: uuid,
    status: oneOf(SimulationStatus),
    createdAt: text,
    finishedAt: nullable(text),
    since: nullable(text),
    until: nullable(text),
    summary: nullable(jsonb<SimulationSummary>()),
    days: nullable(jsonb<readonly SimulatedDay[]>()),
    findings: nullable(jsonb<readonly StoredFinding[]>()),
    completeness: nullable(jsonb<Completeness>()),
    error: nullable(text),
  }),
  requestOf: statement<SimulationRequest>('simulations.requestOf', {
    request: jsonb<unknown>(),
    candidate: neverNullHere(jsonb<SimulationRequest['candidate']>()),
  }),
  flows: statement<FlowOfSimulation & Keyed>('simulations.flows', { ...FLOW, ...KEYED }),
  flowCount: statement('simulations.flowCount', COUNTED),
  connectivity: statement<ConnectivityChange & Keyed>('simulations.connectivity', {
    ...CHANGE,
    ...KEYED,
  }),
  connectivityCount: statement('simulations.connectivityCount', COUNTED),
} as const;

const COLUMNS = `s.cluster_id as "clusterId", s.id,
  -- a worker that was killed cannot say what became of its simulation; its job can
  case when s.status = 'RUNNING' and j.status in ('FAILED', 'CANCELLED') then j.status else s.status end as status, ${dateTimeText('s.created_at')} as "createdAt",
  ${dateTimeText('s.finished_at')} as "finishedAt", ${dateTimeText('s.since')} as since, ${dateTimeText('s.until')} as until,
  s.summary, s.days, s.findings, s.completeness,
  coalesce(s.error, case when j.status = 'FAILED' then j.error end) as error`;

const FLOW_COLUMNS = `x.cluster_id as "clusterId", x.flow_id as "flowId", x.simulation_id as "simulationId",
  x.class, x.before, x.after`;
const CHANGE_COLUMNS = `x.source, x.destination, x.newly_allowed as "newlyAllowed", x.newly_blocked as "newlyBlocked"`;

type List<Row> = {
  readonly page: Statement<Row>;
  readonly count: Statement<{ readonly count: number }>;
  readonly table: string;
  readonly columns: string;
};

const FLOWS: List<FlowOfSimulation & Keyed> = {
  page: STATEMENTS.flows,
  count: STATEMENTS.flowCount,
  table: 'simulated_flow',
  columns: FLOW_COLUMNS,
};

const CHANGES: List<ConnectivityChange & Keyed> = {
  page: STATEMENTS.connectivity,
  count: STATEMENTS.connectivityCount,
  table: 'connectivity_change',
  columns: CHANGE_COLUMNS,
};

/** Rows of a table of one simulation, `x`. */
const listing = <Row>(
  manager: EntityManager,
  seen: string,
  { page, count, ...list }: List<Row>,
) => ({
  page: (filter: Condition, request: PageRequest) => {
    const { sql, values } = buildWhere([filter, condition(seen), ...request.conditions]);
    return page.rows(
      manager,
      `select ${list.columns}${cursorColumn(request)}
      from ${list.table} x ${sql} ${request.orderBy} limit ${request.fetch}`,
      values,
    );
  },
  count: async (filter: Condition) => {
    const { sql, values } = buildWhere([filter, condition(seen)]);
    return (await count.row(manager, countText(`from ${list.table} x ${sql}`), values)).count;
  },
});

export const simulationStore = (manager: EntityManager, caller: Caller): SimulationStore => {
  const seen = visible(caller, { clusterId: 's.cluster_id', namespace: null });
  const seenRow = visible(caller, { clusterId: 'x.cluster_id', namespace: null });
  const flows = listing(manager, seenRow, FLOWS);
  const changes = listing(manager, seenRow, CHANGES);
  return {
    byIds: keys =>
      STATEMENTS.byIds.rows(
        manager,
        `select ${COLUMNS} from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
        join simulation s on s.cluster_id = k.cluster_id and s.id = k.id
        left join job j on j.cluster_id = s.cluster_id and j.id = s.id where ${seen}`,
        [keys.map(({ clusterId }) => clusterId), keys.map(({ id }) => id)],
      ),
    requestOf: async ({ clusterId, id }) => {
      const [row = null] = await STATEMENTS.requestOf.rows(
        manager,
        `select s.request, s.candidate from simulation s
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
