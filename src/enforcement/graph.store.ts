import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { bool, int4, int8, nullable, statement, text, uuid } from '../database/row.js';
import { isAnomalous, isAnomalousItself, type Window } from '../flows/flow-condition.js';
import { narrowed } from '../flows/flow-narrow.js';
import { seenFlows } from '../flows/flow-seen.js';
import type { FlowSelection } from '../flows/flow-selection.js';
import { type Condition, sql } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import type { GraphEdge, GraphPort } from './graph.js';

export type GraphStore = {
  /**
   * The edges of the flows that are asked for and in the window, at most `limit`, those seen latest first. Ports that are
   * to be judged otherwise (`isJudged` false) are anomalous by what the policies in force say nothing of.
   */
  edges(
    selection: FlowSelection,
    asked: { readonly window: Window; readonly isJudged: boolean },
    limit: number,
  ): Promise<readonly GraphEdge[]>;
};

/** A flow, with the ends of its edge. */
type PortRow = GraphPort & Pick<GraphEdge, 'sourceId' | 'destinationId'>;

const EDGES = statement<PortRow>('graph.edges', {
  sourceId: uuid,
  destinationId: uuid,
  flowId: uuid,
  port: nullable(int4),
  protocol: text,
  events: int8,
  lastSeenAt: text,
  governed: bool,
  anomalous: bool,
  inBaseline: bool,
});

/**
 * Plain rows: JSON of them would cost Postgres more than all the rest. Which edges they are of is looked up (a hashed
 * subplan): a join could become one of all with all while nothing is analysed.
 */
const rowsOf = (
  { selection, clusters }: ReturnType<typeof seenFlows>,
  { window, isJudged }: Parameters<GraphStore['edges']>[1],
  limit: number,
): Condition =>
  sql`with ${clusters}, found as materialized (
      select f.id, f.source_id, f.destination_id, f.port, f.protocol, f.events, f.last_seen_at, f.governed,
        ${isJudged ? isAnomalous(window) : isAnomalousItself(window)} as anomalous, f.in_baseline
      from ${narrowed(selection)} where ${selection.rows})
    select source_id as "sourceId", destination_id as "destinationId", id as "flowId", port, protocol, events,
      ${dateTimeText('last_seen_at')} as "lastSeenAt", governed, anomalous, in_baseline as "inBaseline"
    from found where ((source_id, destination_id) in (
      select source_id, destination_id from found group by source_id, destination_id
      order by max(last_seen_at) desc, source_id, destination_id limit ${String(Math.trunc(limit))})) is true`;

/** An edge, and when it was last seen. */
type DatedEdge = GraphEdge & { readonly ports: GraphPort[]; latest: string };

function edgesOf(rows: readonly PortRow[]): readonly DatedEdge[] {
  const edges = new Map<string, DatedEdge>();
  for (const row of rows) {
    const { sourceId, destinationId, lastSeenAt } = row;
    const key = sourceId + destinationId;
    const edge = edges.get(key);
    if (edge === undefined)
      edges.set(key, { sourceId, destinationId, ports: [row], latest: lastSeenAt });
    else {
      edge.ports.push(row);
      if (lastSeenAt > edge.latest) edge.latest = lastSeenAt;
    }
  }
  return [...edges.values()];
}

const compare = <Value>(one: Value, other: Value): number =>
  one < other ? -1 : one > other ? 1 : 0;

const byLatest = (one: DatedEdge, other: DatedEdge): number =>
  compare(other.latest, one.latest) ||
  compare(one.sourceId, other.sourceId) ||
  compare(one.destinationId, other.destinationId);

/** As Postgres sorts them: none is the last. */
const byPort = (one: GraphPort, other: GraphPort): number =>
  compare(one.protocol, other.protocol) ||
  compare(one.port ?? Number.MAX_VALUE, other.port ?? Number.MAX_VALUE);

export const graphStore = (manager: EntityManager, caller: Caller): GraphStore => ({
  edges: async (selection, asked, limit) => {
    const asking = rowsOf(seenFlows(caller, selection), asked, limit);
    const edges = edgesOf(await EDGES.rows(manager, asking.sql, asking.values)).toSorted(byLatest);
    for (const { ports } of edges) ports.sort(byPort);
    return edges;
  },
});
