import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { madeWithin } from '../access/visible.js';
import {
  type Columns,
  int4,
  jsonb,
  neverNullHere,
  nullable,
  oneOf,
  statement,
  text,
  uuid,
} from '../database/row.js';
import type { StoredCompleteness } from '../flows/completeness.js';
import { and, asking, buildWhere, type Condition, sql } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import {
  COUNTED,
  countText,
  cursorColumn,
  KEYED,
  type Keyed,
  type PageRequest,
  walked,
} from '../query/page.js';
import { type SimulatedFlowStore, simulatedFlowStore } from './simulated-flow.store.js';
import type { SimulationKey } from './simulation.js';
import {
  type AssertionResult,
  type ConnectivityChange,
  type PolicyChange,
  type SimulatedDay,
  type Simulation,
  type SimulationInput,
  type SimulationRequest,
  SimulationStatus,
  type SimulationSummary,
  type StoredFinding,
} from './simulation.js';
import { STATUS } from './simulation-filter.js';

export type SimulationStore = SimulatedFlowStore & {
  /** @param filter over `simulation` s */
  page(filter: Condition, request: PageRequest): Promise<readonly (Simulation & Keyed)[]>;
  count(filter: Condition): Promise<number>;
  /** The policies that simulations were asked for, as text, in the order of `keys`; null for none. */
  policyTexts(
    keys: readonly SimulationKey[],
  ): Promise<readonly { readonly policies: string | null }[]>;
  /** Deletes those that the caller sees, with all that they hold, and answers how many. In a transaction. */
  remove(keys: readonly SimulationKey[]): Promise<number>;
  byIds(keys: readonly SimulationKey[]): Promise<readonly Simulation[]>;
  /** What the caller asked for, where its candidate was kept. */
  requestOf(key: SimulationKey): Promise<SimulationRequest | null>;
  /** @param filter over `connectivity_change` x */
  connectivity(
    filter: Condition,
    request: PageRequest,
  ): Promise<readonly (ConnectivityChange & Keyed)[]>;
  connectivityCount(filter: Condition): Promise<number>;
};

const CHANGE: Columns<ConnectivityChange> = {
  source: text,
  destination: text,
  newlyAllowed: nullable(text),
  newlyBlocked: nullable(text),
};

export const SIMULATION: Columns<Simulation> = {
  clusterId: int4,
  id: uuid,
  caller: nullable(text),
  request: jsonb<SimulationInput>(),
  status: oneOf(SimulationStatus),
  createdAt: text,
  finishedAt: nullable(text),
  since: nullable(text),
  until: nullable(text),
  summary: nullable(jsonb<SimulationSummary>()),
  days: nullable(jsonb<readonly SimulatedDay[]>()),
  findings: nullable(jsonb<readonly StoredFinding[]>()),
  policies: nullable(jsonb<readonly PolicyChange[]>()),
  assertions: nullable(jsonb<readonly AssertionResult[]>()),
  completeness: nullable(jsonb<StoredCompleteness>()),
  error: nullable(text),
};

const STATEMENTS = {
  byIds: statement<Simulation>('simulations.byIds', SIMULATION),
  page: statement<Simulation & Keyed>('simulations.page', { ...SIMULATION, ...KEYED }),
  count: statement('simulations.count', COUNTED),
  policyTexts: statement<{ readonly policies: string | null }>('simulations.policyTexts', {
    policies: nullable(text),
  }),
  remove: statement('simulations.remove', COUNTED),
  requestOf: statement<SimulationRequest>('simulations.requestOf', {
    candidate: neverNullHere(jsonb<SimulationRequest['candidate']>()),
  }),
  connectivity: statement<ConnectivityChange & Keyed>('simulations.connectivity', {
    ...CHANGE,
    ...KEYED,
  }),
  connectivityCount: statement('simulations.connectivityCount', COUNTED),
} as const;

/** Looked up for each: where nothing is analysed, the jobs would be read whole. */
export const OF_JOB =
  'left join lateral (select * from job where cluster_id = s.cluster_id and id = s.id offset 0) j on true';

const BY_KEY =
  'lateral (select * from simulation where cluster_id = k.cluster_id and id = k.id offset 0) s';

export const COLUMNS = `s.cluster_id as "clusterId", s.id, s.caller, s.request - 'policies' as request,
  ${STATUS} as status, ${dateTimeText('s.created_at')} as "createdAt",
  ${dateTimeText('s.finished_at')} as "finishedAt", ${dateTimeText('s.since')} as since, ${dateTimeText('s.until')} as until,
  s.summary, s.days, s.findings, s.policies, s.assertions, s.completeness,
  coalesce(s.error, case when j.status = 'FAILED' then j.error end) as error`;

const CHANGE_COLUMNS = `x.source, x.destination, x.newly_allowed as "newlyAllowed", x.newly_blocked as "newlyBlocked"`;

const changeLists = (manager: EntityManager, seen: Condition) => ({
  connectivity: (filter: Condition, request: PageRequest) => {
    const { sql: where, values } = buildWhere([filter, seen, ...request.conditions]);
    return STATEMENTS.connectivity.rows(
      manager,
      `select ${CHANGE_COLUMNS}${cursorColumn(request)}
      from connectivity_change x ${where} ${request.orderBy} limit ${request.fetch}`,
      values,
    );
  },
  connectivityCount: async (filter: Condition) => {
    const { sql: where, values } = buildWhere([filter, seen]);
    const text = countText(`from connectivity_change x ${where}`);
    return (await STATEMENTS.connectivityCount.row(manager, text, values)).count;
  },
});

const keyColumns = (keys: readonly SimulationKey[]) => [
  keys.map(({ clusterId }) => clusterId),
  keys.map(({ id }) => id),
];

/** Of simulations that the condition lets be seen; its first two values are the keys. */
const removeRows = async (
  manager: EntityManager,
  table: string,
  { sql: own, values }: Condition,
): Promise<void> => {
  await manager.query(
    `/* simulations.removeRows */ delete from ${table} x using unnest($1::int[], $2::uuid[]) k (cluster_id, id)
    where x.cluster_id = k.cluster_id and x.simulation_id = k.id and ${own}`,
    [...values],
  );
};

const simulationLists = (manager: EntityManager, seen: Condition) => ({
  page: (filter: Condition, request: PageRequest) => {
    const rows = walked(['simulation', 's'], request, 's.created_at');
    return STATEMENTS.page.ask(
      manager,
      sql`select ${COLUMNS}${cursorColumn(request)} from ${rows} ${OF_JOB}
      where ${and([filter, seen])} ${request.orderBy} limit ${String(request.fetch)}`,
    );
  },
  count: async (filter: Condition) => {
    const { sql: where, values } = buildWhere([filter, seen]);
    const text = countText(`from simulation s ${OF_JOB} ${where}`);
    return (await STATEMENTS.count.row(manager, text, values)).count;
  },
});

export const simulationStore = (manager: EntityManager, caller: Caller): SimulationStore => {
  const seen = madeWithin(caller, { clusterId: 's.cluster_id', scope: 's.scope' });
  const seenRow = sql`exists (select from simulation s
    where s.cluster_id = x.cluster_id and s.id = x.simulation_id and ${seen} offset 0)`;
  return {
    byIds: keys =>
      STATEMENTS.byIds.ask(
        manager,
        asking(
          keyColumns(keys),
          [seen],
          own => `select ${COLUMNS} from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
        cross join ${BY_KEY} ${OF_JOB} where ${own}`,
        ),
      ),
    ...simulationLists(manager, seen),
    policyTexts: keys =>
      STATEMENTS.policyTexts.ask(
        manager,
        asking(
          keyColumns(keys),
          [seen],
          own => `select s.request->>'policies' as policies
        from unnest($1::int[], $2::uuid[]) with ordinality k (cluster_id, id, place)
        left join ${BY_KEY} on ${own} order by k.place`,
        ),
      ),
    remove: async keys => {
      for (const table of ['simulated_chunk', 'simulated_span', 'connectivity_change'])
        await removeRows(
          manager,
          table,
          asking(keyColumns(keys), [seenRow], own => own),
        );
      const gone = asking(
        keyColumns(keys),
        [seen],
        own => `with gone as (delete from simulation s using unnest($1::int[], $2::uuid[]) k (cluster_id, id)
          where s.cluster_id = k.cluster_id and s.id = k.id and ${own} returning 1)
        select count(*)::int as count from gone`,
      );
      const { count } = await STATEMENTS.remove.row(manager, gone.sql, gone.values);
      return count;
    },
    requestOf: async ({ clusterId, id }) => {
      const [row = null] = await STATEMENTS.requestOf.ask(
        manager,
        asking(
          [clusterId, id],
          [seen],
          own => `select s.candidate from simulation s
        where s.cluster_id = $1 and s.id = $2 and s.candidate is not null and ${own}`,
        ),
      );
      return row;
    },
    ...simulatedFlowStore(manager, { seen, seenRow }),
    ...changeLists(manager, seenRow),
  };
};
