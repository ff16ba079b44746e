import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { scopeKey } from '../access/scope.js';
import { int4, oneOf, statement, text } from '../database/row.js';
import { CLUSTER, plainArray } from '../database/statement.js';
import type { AskedColumns } from '../enforcement/verdicts.js';
import type { Window } from '../flows/flow-condition.js';
import { hiddenEnds } from '../flows/flow-hidden.store.js';
import { askedOfFlows, type OwnFlows } from '../flows/flow-seen.js';
import { DAY_OF_SLOT, isOfVerdict, slotWithin } from '../flows/hour-slot.js';
import type { Condition } from '../query/condition.js';
import { type ReplayStore, replayStore } from './replay.store.js';
import type { SimulatedChunk } from './simulated-chunks.js';
import {
  ALLOWED_BEFORE,
  type ConnectivityChange,
  FlowClass,
  RANKS,
  type SimulatedDay,
  type Simulation,
  type SimulationKey,
  type SimulationRequest,
} from './simulation.js';
import { IN_WINDOW, IS_DENIED } from './window-flows.js';

/** What a simulation reads and writes while it runs, each in a short transaction of its own. */
export type SimulationRunStore = ReplayStore & {
  /** Begins it; a second time, after its worker was killed, from nothing. */
  begin(simulation: Simulation, request: SimulationRequest): Promise<void>;
  /** The next flows of a window in the order of ids, `limit` at most; `after` null begins. */
  windowFlows(
    clusterId: number,
    window: Window,
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<WindowFlows>;
  /** How many peers outside of the caller's scope have flows with what is in it, in the window; these flows are in no page. */
  hiddenEnds(clusterId: number, window: Window): Promise<number>;
  addFlows(key: SimulationKey, chunks: readonly SimulatedChunk[]): Promise<void>;
  addConnectivity(key: SimulationKey, changes: readonly ConnectivityChange[]): Promise<void>;
  /**
   * Distinct flows and events of the flows that were added, by day and class, in this order. In a transaction only.
   * @param isReplayed whether spans were added
   */
  days(key: SimulationKey, window: Window, isReplayed: boolean): Promise<readonly SimulatedDay[]>;
  /**
   * Writes status and results.
   * @param concerned ids of the deployments for which something changes
   */
  finish(simulation: Simulation, concerned?: readonly string[]): Promise<void>;
};

/** Flows in the order of their ids. */
export type WindowFlows = AskedColumns & {
  readonly ids: readonly string[];
  /** Which of them the dataplane denied in every hour of the window. */
  readonly denied: readonly boolean[];
};

/** Each column as one text, with commas: as rows 20,000 flows take the client four times as long. */
type WindowColumns = { readonly [Column in keyof WindowFlows]: string };

const STATEMENTS = {
  windowFlows: statement<WindowColumns>('simulations.windowFlows', {
    ids: text,
    sourceIds: text,
    destinationIds: text,
    ports: text,
    protocols: text,
    servicePorts: text,
    trafficClasses: text,
    denied: text,
  }),
  days: statement<SimulatedDay>('simulations.days', {
    day: text,
    class: oneOf(FlowClass),
    flows: int4,
    events: text,
  }),
} as const;

const column = (expression: string, name: string): string =>
  `coalesce(string_agg(${expression}, ',' order by id), '') as "${name}"`;

const windowFlowsOf = ({ clause, own, whole }: OwnFlows): string => `${clause}
  select ${column('id::text', 'ids')}, ${column('source_id::text', 'sourceIds')}, ${column('destination_id::text', 'destinationIds')},
    ${column(`coalesce(port::text, '')`, 'ports')}, ${column('protocol', 'protocols')},
    ${column(`coalesce(service_port::text, '')`, 'servicePorts')}, ${column('traffic_class', 'trafficClasses')},
    ${column('is_denied::text', 'denied')}
  from (
    select f.id, f.source_id, f.destination_id, f.port, f.protocol, f.service_port, f.traffic_class, ${IS_DENIED} as is_denied
    from flow f
    where f.cluster_id = ${CLUSTER} and f.id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000') and ${IN_WINDOW} and ${own}
      and ${whole}
    order by f.cluster_id, f.id limit $5) f`;

const cells = (texts: string): readonly string[] => (texts === '' ? [] : texts.split(','));

/** Of a page without flows no column has a cell; else empty cells are ports that are not known. */
const portCells = ({ ids }: WindowColumns, ports: string): readonly (number | null)[] =>
  ids === '' ? [] : ports.split(',').map(port => (port === '' ? null : Number(port)));

const windowFlows = (columns: WindowColumns): WindowFlows => ({
  ids: cells(columns.ids),
  sourceIds: cells(columns.sourceIds),
  destinationIds: cells(columns.destinationIds),
  ports: portCells(columns, columns.ports),
  servicePorts: portCells(columns, columns.servicePorts),
  protocols: cells(columns.protocols),
  trafficClasses: cells(columns.trafficClasses),
  denied: cells(columns.denied).map(text => text === 'true'),
});

/**
 * Nobody has analysed the flows that were just written, so that the planner takes them for one or two and would look
 * each of them up in every day of the history. With its usual memory it would write them to disk, part by part.
 */
const ALL_AT_ONCE = [
  '/* simulations.allAtOnce */ set local enable_nestloop = off',
  `/* simulations.inMemory */ set local work_mem = '64MB'`,
];

/** What the dataplane denied already is still blocked, in the hours in which it did. */
const RANK = (rank: string): string =>
  `case when ${isOfVerdict('DENIED')} and ${rank} in (${ALLOWED_BEFORE.map(one => RANKS.indexOf(one)).join(', ')})
      then ${RANKS.indexOf(FlowClass.STILL_BLOCKED)} else ${rank} end`;

/** In the hours of which it is known what a flow was then, that counts. */
const THEN = `left join simulated_span s on s.cluster_id = ${CLUSTER} and s.simulation_id = $2 and s.flow_id = x.flow_id
      and s.from_hour <= slot_hour(h.slot) and s.until_hour > slot_hour(h.slot)`;

const DAYS = (isReplayed: boolean): string => `
  select (date '1970-01-01' + day)::text as day, (array['${RANKS.join("', '")}'])[rank + 1] as class, count(*)::int as flows, sum(events)::text as events
  from (
    select ${DAY_OF_SLOT} as day, ${RANK(isReplayed ? 'coalesce(s.rank, x.rank)' : 'x.rank')} as rank, x.flow_id, sum(h.events) as events
    from (select k.rank, flow_id from simulated_chunk k cross join lateral unnest(k.flow_ids) flow_id
      where k.cluster_id = ${CLUSTER} and k.simulation_id = $2 offset 0) x
    join flow_hour h on h.cluster_id = ${CLUSTER} and h.flow_id = x.flow_id ${isReplayed ? THEN : ''}
    where ${slotWithin('$3', '$4')}
    group by 1, 2, 3) per_flow
  group by per_flow.day, class order by per_flow.day, class`;

async function begin(
  manager: EntityManager,
  row: Simulation,
  { candidate, scope }: SimulationRequest & { readonly scope: string },
): Promise<void> {
  for (const table of ['simulated_chunk', 'simulated_span', 'connectivity_change']) {
    await manager.query(
      `/* simulations.again */ delete from ${table} where cluster_id = ${CLUSTER} and simulation_id = $2`,
      [row.clusterId, row.id],
    );
  }
  await manager.query(
    `/* simulations.begin */
    insert into simulation (cluster_id, id, status, created_at, since, until, request, candidate, caller, scope)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (cluster_id, id) do update set status = excluded.status, error = null, finished_at = null`,
    [
      row.clusterId,
      row.id,
      row.status,
      row.createdAt,
      row.since,
      row.until,
      JSON.stringify(row.request),
      JSON.stringify(candidate),
      row.caller,
      scope,
    ],
  );
}

/** An array of arrays, as text each: what stands in them needs no quotes of its own. */
const arrays = (rows: readonly (readonly (string | number)[])[]): string =>
  `{${rows.map(row => `"{${row.join(',')}}"`).join(',')}}`;

async function addFlows(
  manager: EntityManager,
  { clusterId, id }: SimulationKey,
  chunks: readonly SimulatedChunk[],
): Promise<void> {
  await manager.query(
    `/* simulations.addFlows */
    insert into simulated_chunk (cluster_id, simulation_id, rank, last_flow_id, flow_ids, outcomes)
    select $1::int, $2::uuid, x.rank, x.last, x.flow_ids::uuid[], x.outcomes::smallint[]
    from unnest($3::int[], $4::uuid[], $5::text[], $6::text[]) x (rank, last, flow_ids, outcomes)`,
    [
      clusterId,
      id,
      plainArray(chunks, chunk => RANKS.indexOf(chunk.class)),
      plainArray(chunks, ({ flowIds }) => flowIds.at(-1) ?? null),
      arrays(chunks.map(({ flowIds }) => flowIds)),
      arrays(chunks.map(({ outcomes }) => outcomes)),
    ],
  );
}

async function addConnectivity(
  manager: EntityManager,
  { clusterId, id }: SimulationKey,
  changes: readonly ConnectivityChange[],
): Promise<void> {
  await manager.query(
    `/* simulations.addConnectivity */
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

async function finish(
  manager: EntityManager,
  row: Simulation,
  concerned: readonly string[],
): Promise<void> {
  await manager.query(
    `/* simulations.finish */
    update simulation set status = $3, finished_at = $4, summary = $5, days = $6, findings = $7, completeness = $8, error = $9,
      policies = $10, concerned = $11, assertions = $12
    where cluster_id = ${CLUSTER} and id = $2`,
    [
      row.clusterId,
      row.id,
      row.status,
      row.finishedAt,
      JSON.stringify(row.summary),
      JSON.stringify(row.days),
      JSON.stringify(row.findings),
      JSON.stringify(row.completeness),
      row.error,
      JSON.stringify(row.policies),
      concerned,
      JSON.stringify(row.assertions),
    ],
  );
}

const runWindow = async (manager: EntityManager, asked: Condition): Promise<WindowFlows> =>
  windowFlows(await STATEMENTS.windowFlows.row(manager, asked.sql, asked.values));

export const simulationRunStore = (manager: EntityManager, caller: Caller): SimulationRunStore => ({
  ...replayStore(manager, caller),
  begin: (simulation, request) =>
    begin(manager, simulation, { ...request, scope: scopeKey(caller) }),
  windowFlows: (clusterId, { since, until }, { after, limit }) =>
    runWindow(
      manager,
      askedOfFlows(caller, [clusterId, after, since, until, limit], windowFlowsOf),
    ),
  hiddenEnds: (clusterId, window) => hiddenEnds(manager, caller, clusterId, window),
  addFlows: async (key, chunks) => {
    if (chunks.length > 0) await addFlows(manager, key, chunks);
  },
  addConnectivity: async (key, changes) => {
    if (changes.length > 0) await addConnectivity(manager, key, changes);
  },
  days: async ({ clusterId, id }, { since, until }, isReplayed) => {
    for (const setting of ALL_AT_ONCE) await manager.query(setting);
    return STATEMENTS.days.rows(manager, DAYS(isReplayed), [clusterId, id, since, until]);
  },
  finish: (simulation, concerned = []) => finish(manager, simulation, concerned),
});
