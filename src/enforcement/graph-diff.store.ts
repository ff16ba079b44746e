import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { bool, int4, nullable, statement, text, uuid } from '../database/row.js';
import { inWindow, type Window } from '../flows/flow-condition.js';
import { narrowed } from '../flows/flow-narrow.js';
import { seenFlows } from '../flows/flow-seen.js';
import type { FlowSelection } from '../flows/flow-selection.js';
import { hoursOfWindow } from '../flows/flow-window-hours.js';
import { type Condition, sql } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import type { ComparedEdge, ComparedPort } from './graph-diff.js';

/** Two windows that are held against each other. */
export type ComparedWindows = { readonly before: Window; readonly after: Window };

export type GraphDiffStore = {
  /**
   * The edges of the flows that are asked for, of which one at least was seen in one of the windows alone; at most
   * `limit`, those seen latest first. Ports are in the order of protocol and port.
   * @param selection flows of one cluster, among which are those of both windows
   */
  changed(
    selection: FlowSelection,
    windows: ComparedWindows,
    limit: number,
  ): Promise<readonly ComparedEdge[]>;
};

type Row = ComparedPort & Pick<ComparedEdge, 'sourceId' | 'destinationId'>;

const CHANGED = statement<Row>('graph.changed', {
  sourceId: uuid,
  destinationId: uuid,
  flowId: uuid,
  port: nullable(int4),
  protocol: text,
  firstSeenAt: text,
  lastSeenAt: text,
  before: bool,
  after: bool,
});

/** As the graph's own statement, every flow is read once, and asked once for either window (`offset 0`). */
function rowsOf(
  { selection, clusters }: ReturnType<typeof seenFlows>,
  { before, after }: ComparedWindows,
  limit: number,
): Condition {
  const [first, second] = [
    hoursOfWindow('hours_before', '(select id from k)', before),
    hoursOfWindow('hours_after', '(select id from k)', after),
  ];
  return sql`with ${clusters}, ${first.table}, ${second.table}, found as materialized (select * from (
      select f.id, f.source_id, f.destination_id, f.port, f.protocol, f.first_seen_at, f.last_seen_at,
        ${inWindow(before, first.isAmong)} as before, ${inWindow(after, second.isAmong)} as after
      from ${narrowed(selection)} where ${selection.rows} offset 0) f where before or after),
    changed as materialized (
      select source_id, destination_id, max(last_seen_at) as latest from found group by source_id, destination_id
      having bool_or(before <> after) order by max(last_seen_at) desc, source_id, destination_id
      limit ${String(Math.trunc(limit))})
    select f.source_id as "sourceId", f.destination_id as "destinationId", f.id as "flowId", f.port, f.protocol,
      ${dateTimeText('f.first_seen_at')} as "firstSeenAt", ${dateTimeText('f.last_seen_at')} as "lastSeenAt",
      f.before, f.after
    from found f join changed c on c.source_id = f.source_id and c.destination_id = f.destination_id
    order by c.latest desc, f.source_id, f.destination_id, f.protocol, f.port`;
}

export const graphDiffStore = (manager: EntityManager, caller: Caller): GraphDiffStore => ({
  changed: async (asked, windows, limit) => {
    const asking = rowsOf(seenFlows(caller, asked), windows, limit);
    const rows = await CHANGED.rows(manager, asking.sql, asking.values);
    const edges = Map.groupBy(rows, row => row.sourceId + row.destinationId);
    return [...edges.values()].flatMap(ports => {
      const [first] = ports;
      if (first === undefined) return [];
      return [{ sourceId: first.sourceId, destinationId: first.destinationId, ports }];
    });
  },
});
