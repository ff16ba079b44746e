import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import {
  type Columns,
  int2,
  int4,
  int8,
  nullable,
  statement,
  text,
  uuid,
} from '../database/row.js';
import { asInt8, plainArray, sumAsInt8 } from '../database/statement.js';
import { dateTimeText } from '../query/date-time.js';
import { type ObservedVerdict, outcomeSql } from './flow.js';
import type { Window } from './flow-condition.js';
import type { FlowCounts, WindowCounts } from './flow-counts.js';
import type { HistoryPoint, HistoryStep } from './flow-history.js';
import type { FlowKey } from './flow-page.store.js';
import { askedOfFlows, type OwnFlows } from './flow-seen.js';
import { isOfLife, isOfVerdict, slotWithin } from './hour-slot.js';

/** Counts of a flow. */
export type CountsOfFlow = WindowCounts & { readonly clusterId: number; readonly flowId: string };

export type StepCounts = HistoryPoint & { readonly clusterId: number; readonly flowId: string };

/** Of flows that the caller sees. */
export type FlowCountsStore = {
  /** What was counted of flows in the whole hours of a window: one statement. None of a flow without an hour in it. */
  ofWindow(flows: readonly FlowKey[], window: Window): Promise<readonly CountsOfFlow[]>;
  /** The same by hour or day, newest first, of each flow so many at most: one statement. */
  history(
    flows: readonly FlowKey[],
    window: Window,
    steps: { readonly by: HistoryStep; readonly most: number },
  ): Promise<readonly StepCounts[]>;
};

/** Of `COUNT_COLUMNS`. */
export const COUNTS: Columns<FlowCounts> = {
  events: int8,
  connections: nullable(int8),
  bytes: nullable(int8),
  allowed: int8,
  denied: int8,
  audited: int8,
  failed: int8,
  unknown: int8,
};

const OF_WINDOW = statement<CountsOfFlow>('flowCounts.ofWindow', {
  clusterId: int4,
  flowId: uuid,
  ...COUNTS,
  outcomes: int2,
});

const eventsOf = (verdict: ObservedVerdict): string =>
  asInt8(`coalesce(sum(h.events) filter (where ${isOfVerdict(verdict)}), 0)`);

/** A select list over hours `h`. */
export const COUNT_COLUMNS = `${asInt8('coalesce(sum(h.events), 0)')} as events,
  ${sumAsInt8('h.connections')} as connections, ${sumAsInt8('h.bytes')} as bytes, ${eventsOf('ALLOWED')} as allowed,
  ${eventsOf('DENIED')} as denied, ${eventsOf('AUDIT')} as audited, ${eventsOf('ERROR')} as failed,
  ${eventsOf('UNKNOWN')} as unknown`;

const SUMS = `h.cluster_id as "clusterId", h.flow_id as "flowId", ${COUNT_COLUMNS},
  bit_or(${outcomeSql('slot_verdict(h.slot)')})::smallint as outcomes`;

const HOUR_IN_WINDOW = slotWithin('$3', '$4');

/** The hours of so many flows are looked up; those of more are found by reading all of the window. */
const MOST_LOOKED_UP = 20_000;

const COUNT = '(select count(*) from wanted)';

const OF_FLOWS = ({ items, own }: OwnFlows): string => `with ${items}wanted as materialized (
    select f.cluster_id, f.id, f.first_seen_at, f.last_seen_at from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
    cross join lateral (select * from flow where cluster_id = k.cluster_id and id = k.id offset 0) f
    where ${own})
  select w.* from wanted f cross join lateral (select ${SUMS} from flow_hour h
    where h.cluster_id = f.cluster_id and h.flow_id = f.id and ${isOfLife('h.slot')}
      and ${HOUR_IN_WINDOW} group by 1, 2 offset 0) w
  where ${COUNT} <= ${MOST_LOOKED_UP}
  union all
  select ${SUMS} from flow_hour h
  where ${COUNT} > ${MOST_LOOKED_UP} and ${HOUR_IN_WINDOW}
    and ((h.cluster_id, h.flow_id) in (select cluster_id, id from wanted)) is true
  group by 1, 2`;

const HISTORY = statement<StepCounts>('flowCounts.history', {
  clusterId: int4,
  flowId: uuid,
  at: text,
  ...COUNTS,
});

/** Steps begin where the hours and days of UTC do. */
const HISTORY_OF_FLOWS = ({ clause, own }: OwnFlows): string => `
  ${clause} select k.cluster_id as "clusterId", k.id as "flowId", ${dateTimeText('w.step')} as at, w.events, w.connections, w.bytes,
    w.allowed, w.denied, w.audited, w.failed, w.unknown
  from unnest($1::int[], $2::uuid[]) with ordinality k (cluster_id, id, place)
  cross join lateral (select * from flow where cluster_id = k.cluster_id and id = k.id offset 0) f
  cross join lateral (
    select date_trunc($5, slot_hour(h.slot), 'UTC') as step, ${COUNT_COLUMNS} from flow_hour h
    where h.cluster_id = k.cluster_id and h.flow_id = k.id and ${isOfLife('h.slot')} and ${HOUR_IN_WINDOW}
    group by 1 order by 1 desc limit $6) w
  where ${own} order by k.place, w.step desc`;

const keysOf = (flows: readonly FlowKey[]): readonly string[] => [
  plainArray(flows, ({ clusterId }) => clusterId),
  plainArray(flows, ({ id }) => id),
];

export const flowCountsStore = (manager: EntityManager, caller: Caller): FlowCountsStore => ({
  history: (flows, { since, until }, { by, most }) =>
    HISTORY.ask(
      manager,
      askedOfFlows(
        caller,
        [...keysOf(flows), since, until, by.toLowerCase(), most],
        HISTORY_OF_FLOWS,
      ),
    ),
  ofWindow: (flows, { since, until }) =>
    OF_WINDOW.ask(manager, askedOfFlows(caller, [...keysOf(flows), since, until], OF_FLOWS)),
});
