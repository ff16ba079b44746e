import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import {
  bool,
  type Columns,
  int2,
  int4,
  int8,
  nullable,
  statement,
  text,
  texts,
  uuid,
} from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { dateTimeText } from '../query/date-time.js';
import { outcomeSql } from './flow.js';
import type { Window } from './flow-condition.js';
import { askedOfFlows, type OwnFlows } from './flow-seen.js';
import { endOfHour, isOfLife, isOfVerdict, slotBeside, slotWithin } from './hour-slot.js';

/**
 * A distinct flow of a window. Times, days and events are those of the hours in which it was let through (ALLOWED, or UNKNOWN
 * where the source does not say); where there is none, of those in which it was audited or failed; else there are none.
 */
export type WindowFlow = {
  readonly id: string;
  readonly sourceId: string;
  readonly destinationId: string;
  readonly port: number | null;
  readonly protocol: string;
  readonly servicePort: number | null;
  readonly trafficClass: string;
  /** What the dataplane said in the window: a set (`outcomesOf`). */
  readonly outcomes: number;
  /** Over all time. */
  readonly directionKnown: boolean;
  /** Over all time, whatever the dataplane said; null where no source told. */
  readonly allEvents: string;
  readonly connections: string | null;
  readonly bytes: string | null;
  /** Of those hours: exact where it is the flow's first or last, else the bound of an hour. */
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  /** `YYYY-MM-DD` in UTC, sorted. */
  readonly days: readonly string[];
  /** Events of each of `days`. */
  readonly dayEvents: readonly string[];
  /** How many of those hours there are, beside days whose hours became one count. */
  readonly hours: number;
  /** The hours of the day (UTC) that they lie in: a set, bit 0 is midnight. */
  readonly clock: number;
};

/** Which flows of a cluster: null is all of them. */
export type FlowScope = {
  readonly clusterId: number;
  /** Either end in one of these namespaces. */
  readonly namespaces: readonly string[] | null;
  /** Either end is one of these deployments. */
  readonly deployments: readonly string[] | null;
};

export type FlowWindowStore = {
  /** Every distinct flow of the scope that the window holds, in the order of ids. */
  inWindow(scope: FlowScope, window: Window): Promise<readonly WindowFlow[]>;
  /** Flows by id, with all of their days. */
  withIds(clusterId: number, ids: readonly string[]): Promise<readonly WindowFlow[]>;
};

const FLOW: Columns<WindowFlow> = {
  id: uuid,
  sourceId: uuid,
  destinationId: uuid,
  port: nullable(int4),
  protocol: text,
  servicePort: nullable(int4),
  trafficClass: text,
  outcomes: int2,
  directionKnown: bool,
  allEvents: int8,
  connections: nullable(int8),
  bytes: nullable(int8),
  firstSeenAt: text,
  lastSeenAt: text,
  days: texts,
  dayEvents: texts,
  hours: int4,
  clock: int4,
};

const STATEMENTS = {
  inWindow: statement('flows.inWindow', FLOW),
  withIds: statement('flows.withIds', FLOW),
} as const;

const COLUMNS = `f.id, f.source_id as "sourceId", f.destination_id as "destinationId", f.port, f.protocol,
  f.service_port as "servicePort", f.traffic_class as "trafficClass", w.outcomes, f.direction_known as "directionKnown",
  f.events as "allEvents", f.connections, f.bytes,
  ${dateTimeText('greatest(f.first_seen_at, w.first)')} as "firstSeenAt",
  ${dateTimeText(`least(f.last_seen_at, ${endOfHour('w.last')})`)} as "lastSeenAt", w.days, w."dayEvents",
  w.hours, w.clock`;

const PASSED = `h.verdict in ('ALLOWED', 'UNKNOWN')`;
const TROUBLED = `h.verdict in ('AUDIT', 'ERROR')`;

/** Of the days on which it passed; of those on which it was in trouble, where it passed on none. */
const arrayOf = (ofPassed: string, ofTroubled: string): string =>
  `coalesce(array_agg(${ofPassed} order by day) filter (where passed is not null),
      array_agg(${ofTroubled} order by day) filter (where troubled is not null), '{}')`;

/** An hour of the day as a bit; of a day whose hours became one count nobody knows which they were. */
const CLOCK = `case when h.hour < (select rolled_until from cluster where id = $1) then null
    else 1 << extract(hour from h.hour at time zone 'UTC')::int end`;

const DAY = `to_char(day::timestamp, 'YYYY-MM-DD')`;

/**
 * What the source let out and the destination refused, all of it, in the words of both ends: no traffic, whatever the source
 * says. `ends` has the events of the source first, those of the destination fourth (`end-counts.ts`).
 */
const SAID = `case when ${isOfVerdict('ALLOWED')} and h.ends[1] = h.events and h.ends[4] = 0 and exists (
        select from flow_hour d where d.cluster_id = h.cluster_id and d.flow_id = h.flow_id and d.slot = ${slotBeside('DENIED')}
          and d.ends[4] >= h.ends[1]) then 'DENIED' else slot_verdict(h.slot) end`;

const BY_DAY = (condition: string): string => `(
  select flow_id, bit_or(outcomes)::smallint as outcomes, ${arrayOf(DAY, DAY)} as days,
    ${arrayOf('passed::text', 'troubled::text')} as "dayEvents",
    coalesce(min(first_passed), min(first_troubled)) as first, coalesce(max(last_passed), max(last_troubled)) as last,
    coalesce(sum(bit_count(passed_clock::bit(24))), sum(bit_count(troubled_clock::bit(24))), 0)::int as hours,
    coalesce(bit_or(passed_clock), bit_or(troubled_clock), 0) as clock
  from (
    select h.flow_id, (h.hour at time zone 'UTC')::date as day, bit_or(${outcomeSql('h.verdict')}) as outcomes,
      bit_or(${CLOCK}) filter (where ${PASSED}) as passed_clock, bit_or(${CLOCK}) filter (where ${TROUBLED}) as troubled_clock,
      sum(h.events) filter (where ${PASSED}) as passed, sum(h.events) filter (where ${TROUBLED}) as troubled,
      min(h.hour) filter (where ${PASSED}) as first_passed, min(h.hour) filter (where ${TROUBLED}) as first_troubled,
      max(h.hour) filter (where ${PASSED}) as last_passed, max(h.hour) filter (where ${TROUBLED}) as last_troubled
    from (select h.flow_id, slot_hour(h.slot) as hour, h.events, ${SAID} as verdict
      from flow_hour h where h.cluster_id = ${CLUSTER} and ${condition} offset 0) h
    group by 1, 2) per_day
  group by flow_id offset 0)`;

const HOUR_IN_WINDOW = slotWithin('$2', '$3');

const IN_WINDOW = `f.cluster_id = ${CLUSTER}
  and ($2::timestamptz is null or f.last_seen_at >= $2::timestamptz)
  and ($3::timestamptz is null or f.first_seen_at < $3::timestamptz)`;

/** The peers of the namespaces are looked for once; `is true` keeps the planner from joining them. */
const AMONG = (end: string): string =>
  `(f.${end} in (select id from peer where cluster_id = ${CLUSTER} and namespace = any($4))) is true`;

/** All flows and all hours are read, each once. */
const WHOLE = ({ clause, own }: OwnFlows): string => `${clause} select ${COLUMNS}
  from flow f join ${BY_DAY(HOUR_IN_WINDOW)} w on w.flow_id = f.id
  where ${IN_WINDOW} and ${own} order by f.id`;

/** The hours of so many flows are looked up; those of more are found by reading all. */
const MOST_LOOKED_UP = 20_000;

const COUNT = '(select count(*) from wanted)';

const OF_ONE = BY_DAY(`h.flow_id = f.id and ${isOfLife('h.slot')} and ${HOUR_IN_WINDOW}`);

const SCOPED = ({ items, own }: OwnFlows): string => `with ${items}wanted as materialized (
    select f.* from flow f where ${IN_WINDOW} and ${own}
      and ($4::text[] is null or ${AMONG('source_id')} or ${AMONG('destination_id')})
      and ($5::uuid[] is null or f.source_id = any($5) or f.destination_id = any($5)))
  select ${COLUMNS} from wanted f cross join lateral ${OF_ONE} w where ${COUNT} <= ${MOST_LOOKED_UP}
  union all
  select ${COLUMNS} from wanted f
  join ${BY_DAY(`${HOUR_IN_WINDOW} and h.flow_id in (select id from wanted)`)} w on w.flow_id = f.id
  where ${COUNT} > ${MOST_LOOKED_UP}
  order by id`;

const BY_ID = ({ clause, own }: OwnFlows): string => `${clause} select ${COLUMNS}
  from flow f join ${BY_DAY('h.flow_id = any($2::uuid[])')} w on w.flow_id = f.id
  where f.cluster_id = ${CLUSTER} and f.id = any($2::uuid[]) and ${own} order by f.id`;

export const flowWindowStore = (manager: EntityManager, caller: Caller): FlowWindowStore => ({
  inWindow: ({ clusterId, namespaces, deployments }, { since, until }) =>
    STATEMENTS.inWindow.ask(
      manager,
      namespaces === null && deployments === null
        ? askedOfFlows(caller, [clusterId, since, until], WHOLE)
        : askedOfFlows(caller, [clusterId, since, until, namespaces, deployments], SCOPED),
    ),
  withIds: (clusterId, ids) =>
    STATEMENTS.withIds.ask(manager, askedOfFlows(caller, [clusterId, ids], BY_ID)),
});
