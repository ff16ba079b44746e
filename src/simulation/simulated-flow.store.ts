import type { EntityManager } from 'typeorm';
import {
  bool,
  type Columns,
  int4,
  nullable,
  oneOf,
  statement,
  text,
  uuid,
} from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { isOfLife, slotWithin } from '../flows/hour-slot.js';
import { Verdict } from '../netpol/index.js';
import { and, asking, type Condition, condition, EVERYTHING, sql } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import {
  COUNTED,
  countText,
  cursorColumn,
  KEYED,
  type Keyed,
  type PageRequest,
  UNSEEN_LIMIT,
} from '../query/page.js';
import { OUTCOME_VERDICTS } from './simulated-chunks.js';
import type { SimulationKey } from './simulation.js';
import { FlowClass, RANKS, type SimulatedFlow } from './simulation.js';

/** A simulated flow with the simulation that it is of. */
export type FlowOfSimulation = SimulatedFlow & {
  readonly clusterId: number;
  readonly simulationId: string;
};

/** A flow of a simulation, as it is asked for. */
export type FlowInSimulation = Pick<FlowOfSimulation, 'clusterId' | 'simulationId' | 'flowId'>;

type JudgedAt = { readonly flowId: string; readonly at: string };

/** What a flow was in some of its hours, half-open. */
export type SimulatedSpan = FlowOfSimulation & {
  readonly since: string;
  readonly until: string;
  /** A moment of the state that was judged; null: that of the simulation. */
  readonly judgedAt: string | null;
};

/** How a flow was seen in a window. */
export type Sight = {
  /** On so many days. */
  readonly days: number;
  /** Days of the window on which any flow was seen. */
  readonly ofDays: number;
  /** In each hour that it was seen in a pod of one of its ends had just started. */
  readonly onlyAtStart: boolean;
  readonly ofJob: boolean;
};

/** Flows of simulations. */
export type SimulatedFlowStore = {
  /** Of flows whose answer rests on what their ends were: a moment (DateTime) of that time. In no promised order. */
  judgedAt(key: SimulationKey, flows: readonly string[]): Promise<readonly JudgedAt[]>;
  /** What flows were in their hours, in the order of flows and hours. */
  spans(keys: readonly FlowInSimulation[]): Promise<readonly SimulatedSpan[]>;
  /** How often flows were seen in the windows of their simulations; in the order of `keys`. */
  sights(keys: readonly FlowInSimulation[]): Promise<readonly Sight[]>;
  /**
   * Without flows that are gone: forgotten, or one with another since their ends were merged.
   * @param filter over `simulated_chunk` x
   */
  flows(filter: Condition, request: PageRequest): Promise<readonly (FlowOfSimulation & Keyed)[]>;
  flowCount(filter: Condition): Promise<number>;
};

const FLOW: Columns<FlowOfSimulation> = {
  clusterId: int4,
  flowId: uuid,
  simulationId: uuid,
  class: oneOf(FlowClass),
  before: oneOf(Verdict),
  after: oneOf(Verdict),
};

const STATEMENTS = {
  judgedAt: statement<JudgedAt>('simulations.judgedAt', {
    flowId: uuid,
    at: text,
  }),
  spans: statement<SimulatedSpan>('simulations.spans', {
    clusterId: int4,
    simulationId: uuid,
    flowId: uuid,
    since: text,
    until: text,
    class: oneOf(FlowClass),
    before: oneOf(Verdict),
    after: oneOf(Verdict),
    judgedAt: nullable(text),
  }),
  sights: statement<Sight>('simulations.sights', {
    days: int4,
    ofDays: int4,
    onlyAtStart: bool,
    ofJob: bool,
  }),
  flows: statement<FlowOfSimulation & Keyed>('simulations.flows', { ...FLOW, ...KEYED }),
  flowCount: statement('simulations.flowCount', COUNTED),
} as const;

const listOf = (names: readonly string[]): string => `array['${names.join("', '")}']`;
const CLASSES = listOf(RANKS);
const VERDICTS = listOf(OUTCOME_VERDICTS);
const outcomeOf = (number: string): string => `(${VERDICTS})[${number} + 1]`;

const FLOW_COLUMNS = `x.cluster_id as "clusterId", x.flow_id as "flowId", x.simulation_id as "simulationId",
  (${CLASSES})[x.rank + 1] as class, ${outcomeOf('x.outcome / 3')} as before, ${outcomeOf('x.outcome % 3')} as after`;

const KEYS =
  'unnest($1::int[], $2::uuid[], $3::uuid[]) with ordinality k (cluster_id, simulation_id, flow_id, place)';

const keyColumns = (keys: readonly FlowInSimulation[]) => [
  keys.map(({ clusterId }) => clusterId),
  keys.map(({ simulationId }) => simulationId),
  keys.map(({ flowId }) => flowId),
];

const SPANS = (seen: string): string => `
  select x.cluster_id as "clusterId", x.simulation_id as "simulationId", x.flow_id as "flowId",
    ${dateTimeText('x.from_hour')} as since, ${dateTimeText('x.until_hour')} as until, (${CLASSES})[x.rank + 1] as class,
    ${outcomeOf('x.outcome / 3')} as before, ${outcomeOf('x.outcome % 3')} as after, ${dateTimeText('x.judged_at')} as "judgedAt"
  from ${KEYS} cross join lateral (select * from simulated_span
    where cluster_id = k.cluster_id and simulation_id = k.simulation_id and flow_id = k.flow_id offset 0) x
  where ${seen} order by x.cluster_id, x.simulation_id, x.flow_id, x.from_hour`;

/** A pod that started in an hour, or shortly before it, may be the reason of what was seen in it. */
const STARTED = `exists (select from pod p where p.cluster_id = f.cluster_id and p.deployment_id in (f.source_id, f.destination_id)
    and p.started_at > slot_hour(h.slot) - interval '10 minutes' and p.started_at < slot_hour(h.slot) + interval '1 hour')`;

const SIGHTS = (seen: string): string => `
  select coalesce(n.days, 0) as days,
    (select count(distinct d->>'day')::int from jsonb_array_elements(case jsonb_typeof(s.days) when 'array' then s.days end) d) as "ofDays",
    coalesce(n.at_start, false) as "onlyAtStart",
    exists (select from peer e where e.cluster_id = f.cluster_id and e.id in (f.source_id, f.destination_id)
      and e.workload_kind in ('Job', 'CronJob')) as "ofJob"
  from ${KEYS}
  left join lateral (select * from simulation where cluster_id = k.cluster_id and id = k.simulation_id offset 0) s on ${seen}
  left join lateral (select * from flow where cluster_id = k.cluster_id and id = k.flow_id offset 0) f on s.id is not null
  left join lateral (
    select count(distinct (slot_hour(h.slot) at time zone 'UTC')::date)::int as days, bool_and(${STARTED}) as at_start
    from flow_hour h where h.cluster_id = f.cluster_id and h.flow_id = f.id
      and ${isOfLife('h.slot')} and ${slotWithin('s.since', 's.until')}) n on true
  order by k.place`;

/** Chunks that a cursor leaves: the one that it stands in, and those beyond. */
const chunksFrom = ({ from }: PageRequest): Condition =>
  and(
    (
      [
        ['>=', from.after],
        ['<=', from.before],
      ] as const
    ).map(([sign, key]) =>
      key === null
        ? EVERYTHING
        : condition(
            `(x.rank, x.last_flow_id) ${sign} ($1::int, $2::uuid)`,
            key[0] ?? null,
            key[1] ?? null,
          ),
    ),
  );

/**
 * The flows `x` of chunks, which are walked in the order of the list and no further than its limit: an incremental sort
 * puts the flows of each chunk in order.
 */
const flowsOfChunks = (chunks: Condition, direction: 'asc' | 'desc'): Condition => sql`(
  select x.cluster_id, x.simulation_id, x.rank, x.last_flow_id, u.flow_id, u.outcome
  from (select * from simulated_chunk x where ${chunks}
    order by x.cluster_id ${direction}, x.simulation_id ${direction}, x.rank ${direction}, x.last_flow_id ${direction}
    ${UNSEEN_LIMIT}) x
  cross join lateral unnest(x.flow_ids, x.outcomes) u (flow_id, outcome)
  cross join lateral (select from flow where cluster_id = x.cluster_id and id = u.flow_id offset 0) f) x`;

const flowLists = (manager: EntityManager, seen: Condition) => ({
  flows: (filter: Condition, request: PageRequest) => {
    const chunks = and([filter, seen, chunksFrom(request)]);
    const from = flowsOfChunks(chunks, request.backward ? 'desc' : 'asc');
    const { sql: text, values } = sql`select ${FLOW_COLUMNS}${cursorColumn(request)} from ${from}
      where ${and(request.conditions)} ${request.orderBy} limit ${String(request.fetch)}`;
    return STATEMENTS.flows.rows(manager, text, values);
  },
  flowCount: async (filter: Condition) => {
    const { sql: text, values } = sql`from ${flowsOfChunks(and([filter, seen]), 'asc')}`;
    return (await STATEMENTS.flowCount.row(manager, countText(text), values)).count;
  },
});

/** @param seen what a caller sees of `simulation` s, and `seenRow` of the rows `x` of one */
export const simulatedFlowStore = (
  manager: EntityManager,
  { seen, seenRow }: { readonly seen: Condition; readonly seenRow: Condition },
): SimulatedFlowStore => ({
  judgedAt: ({ clusterId, id }, flows) =>
    STATEMENTS.judgedAt.ask(
      manager,
      asking(
        [clusterId, id, flows],
        [seenRow],
        own => `select x.flow_id as "flowId", ${dateTimeText('x.judged_at')} as at from simulated_span x
        where x.cluster_id = ${CLUSTER} and x.simulation_id = $2 and x.flow_id = any($3::uuid[]) and x.is_answer
          and x.judged_at is not null and ${own}`,
      ),
    ),
  spans: keys => STATEMENTS.spans.ask(manager, asking(keyColumns(keys), [seenRow], SPANS)),
  sights: keys => STATEMENTS.sights.ask(manager, asking(keyColumns(keys), [seen], SIGHTS)),
  ...flowLists(manager, seenRow),
});
