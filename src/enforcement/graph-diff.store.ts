import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { bool, int4, nullable, oneOf, statement, text, uuid } from '../database/row.js';
import { ObservedVerdict, outcomesOf } from '../flows/flow.js';
import { hoursWithin, inWindow, type Window } from '../flows/flow-condition.js';
import { narrowed } from '../flows/flow-narrow.js';
import { seenFlows } from '../flows/flow-seen.js';
import type { FlowSelection } from '../flows/flow-selection.js';
import { hoursOfWindow } from '../flows/flow-window-hours.js';
import { bitOfSlot } from '../flows/hour-slot.js';
import { and, type Condition, condition, EVERYTHING, or, sql } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { type ComparedEdge, type ComparedPort, Seen } from './graph-diff.js';
import type { KeptWindow } from './kept-window.js';

/** Two windows that are held against each other. */
export type ComparedWindows<T = Window> = { readonly before: T; readonly after: T };

export type GraphDiffStore = {
  /**
   * The edges of the flows that are asked for, of which one at least was seen in one of the windows for certain and
   * not in the other, or was told otherwise in it; at most `limit`, those seen latest first. Ports are in the order of protocol and port.
   * @param selection flows of one cluster, among which are those of both windows
   */
  changed(
    selection: FlowSelection,
    windows: ComparedWindows<KeptWindow>,
    limit: number,
  ): Promise<readonly ComparedEdge[]>;
};

type Row = Omit<ComparedPort, 'verdictsBefore' | 'verdictsAfter'> &
  Pick<ComparedEdge, 'sourceId' | 'destinationId'> & {
    /** Sets of verdicts (`outcomesOf`). */
    readonly saidBefore: number;
    readonly saidAfter: number;
  };

const seen = oneOf(Seen);

const CHANGED = statement<Row>('graph.changed', {
  sourceId: uuid,
  destinationId: uuid,
  flowId: uuid,
  port: nullable(int4),
  protocol: text,
  firstSeenAt: text,
  lastSeenAt: text,
  before: seen,
  after: seen,
  saidBefore: int4,
  saidAfter: int4,
  otherwise: bool,
});

/** A moment of the flow that is kept for ever lies in the window. */
const isMoment = (moment: string, { since, until }: Window): Condition =>
  and([
    since === null ? EVERYTHING : condition(`${moment} >= $1::timestamptz`, since),
    until === null ? EVERYTHING : condition(`${moment} < $1::timestamptz`, until),
  ]);

const overlaps = ({ since, until }: Window): Condition =>
  and([
    since === null ? EVERYTHING : condition('f.last_seen_at >= $1::timestamptz', since),
    until === null ? EVERYTHING : condition('f.first_seen_at < $1::timestamptz', until),
  ]);

/** Whether a flow `f` was seen in a window: `hour` says whether it has one in what is told of it. */
function sightOf({ window, told, untold, lost }: KeptWindow, hour: Condition): Condition {
  if (untold.length === 0) return sql`case when ${inWindow(window, hour)} then 'YES' else 'NO' end`;
  const isSure = or([
    isMoment('f.first_seen_at', window),
    isMoment('f.last_seen_at', window),
    inWindow(told, hour),
  ]);
  const maybe = lost ? EVERYTHING : or(untold.map(overlaps));
  return sql`case when ${isSure} then 'YES' when ${maybe} then 'MAYBE' else 'NO' end`;
}

const SAID_BIT = bitOfSlot(verdict => outcomesOf(verdict));

/** What was said of a flow of `found` in a window that it was seen in: what was ever said, where that is one thing. */
const saidIn = (sight: string, { window }: KeptWindow): Condition =>
  sql`case when f.${sight} <> 'YES' then 0 when f.outcomes & (f.outcomes - 1) = 0 then f.outcomes else coalesce(
    (select bit_or(${SAID_BIT}) from flow_hour h where h.cluster_id = f.cluster_id and h.flow_id = f.id
      and ${hoursWithin(window, null)} offset 0), 0) end`;

const PASSED = outcomesOf('ALLOWED', 'UNKNOWN');
const STOPPED = outcomesOf('DENIED', 'AUDIT');

/** What counts of a set of verdicts: that it was let through, and each of the others; what only failed says nothing. */
const counting = (said: string): string => `(${said} & ${PASSED} <> 0, ${said} & ${STOPPED})`;

const tells = (said: string): string => `${said} & ${PASSED | STOPPED} <> 0`;

const OTHERWISE = `(f.before = 'YES' and f.after = 'YES' and ${tells('f.said_before')} and ${tells('f.said_after')}
  and ${counting('f.said_before')} is distinct from ${counting('f.said_after')})`;

/** As the graph's own statement, every flow is read once, and asked once for either window (`offset 0`). */
function rowsOf(
  { selection, clusters }: ReturnType<typeof seenFlows>,
  { before, after }: ComparedWindows<KeptWindow>,
  limit: number,
): Condition {
  const [first, second] = [
    hoursOfWindow('hours_before', '(select id from k)', before.told),
    hoursOfWindow('hours_after', '(select id from k)', after.told),
  ];
  return sql`with ${clusters}, ${first.table}, ${second.table}, found as materialized (select * from (
      select f.cluster_id, f.id, f.source_id, f.destination_id, f.port, f.protocol, f.first_seen_at, f.last_seen_at, f.outcomes,
        ${sightOf(before, first.isAmong)} as before, ${sightOf(after, second.isAmong)} as after
      from ${narrowed(selection)} where ${selection.rows} offset 0) f where before = 'YES' or after = 'YES'),
    said as materialized (select f.*, ${saidIn('before', before)} as said_before, ${saidIn('after', after)} as said_after from found f),
    told as materialized (select f.*, ${OTHERWISE} as otherwise from said f),
    changed as materialized (
      select source_id, destination_id, max(last_seen_at) as latest from told group by source_id, destination_id
      having bool_or(before <> after or otherwise) order by max(last_seen_at) desc, source_id, destination_id
      limit ${String(Math.trunc(limit))})
    select f.source_id as "sourceId", f.destination_id as "destinationId", f.id as "flowId", f.port, f.protocol,
      ${dateTimeText('f.first_seen_at')} as "firstSeenAt", ${dateTimeText('f.last_seen_at')} as "lastSeenAt",
      f.before, f.after, f.said_before as "saidBefore", f.said_after as "saidAfter", f.otherwise
    from told f join changed c on c.source_id = f.source_id and c.destination_id = f.destination_id
    order by c.latest desc, f.source_id, f.destination_id, f.protocol, f.port`;
}

const verdictsIn = (said: number): readonly ObservedVerdict[] =>
  Object.values(ObservedVerdict).filter(verdict => (said & outcomesOf(verdict)) !== 0);

export const graphDiffStore = (manager: EntityManager, caller: Caller): GraphDiffStore => ({
  changed: async (asked, windows, limit) => {
    const asking = rowsOf(seenFlows(caller, asked), windows, limit);
    const rows = await CHANGED.rows(manager, asking.sql, asking.values);
    const edges = Map.groupBy(rows, row => row.sourceId + row.destinationId);
    return [...edges.values()].flatMap(same => {
      const [first] = same;
      if (first === undefined) return [];
      const ports = same.map(({ saidBefore, saidAfter, ...row }) => ({
        ...row,
        verdictsBefore: verdictsIn(saidBefore),
        verdictsAfter: verdictsIn(saidAfter),
      }));
      return [{ sourceId: first.sourceId, destinationId: first.destinationId, ports }];
    });
  },
});
