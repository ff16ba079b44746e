import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visibleWorkload } from '../access/visible.js';
import { int4, nullable, statement, text } from '../database/row.js';
import { isAnomalous, isAnomalousItself, type Window } from '../flows/flow-condition.js';
import { narrowed } from '../flows/flow-narrow.js';
import { protocolOf } from '../flows/flow-node.js';
import { seenFlows } from '../flows/flow-seen.js';
import type { FlowSelection } from '../flows/flow-selection.js';
import { and, type Condition, condition, sql, value } from '../query/condition.js';
import { COUNTED, UNSEEN_LIMIT } from '../query/page.js';
import type { GraphEdge, GraphPort } from './graph.js';

export type GraphStore = {
  /**
   * The edges of the flows that are asked for and in the window, at most `limit`, those seen latest first, and how many there are: null
   * where there are more than `limit` and they were not counted. Ports that are to be judged otherwise (`isJudged` false) are anomalous
   * by what the policies in force say nothing of.
   */
  edges(
    selection: FlowSelection,
    asked: { readonly window: Window; readonly isJudged: boolean },
    limit: number,
  ): Promise<{ readonly edges: readonly GraphEdge[]; readonly total: number | null }>;
  /** How many edges there are: every flow is read. */
  count(selection: FlowSelection): Promise<number>;
  /** Of deployments that share a namespace and a name and differ in kind, whatever their state: `namespace/name`. */
  sharedNames(clusterId: number): Promise<readonly string[]>;
};

/** Each column of the flows as one text, with commas: as rows 20,000 flows take the client four times as long. */
type PortColumns = Readonly<
  Record<
    'sources' | 'destinations' | 'flows' | 'ports' | 'protocols' | 'events' | 'seen' | 'marks',
    string
  >
>;

const EDGES = statement<PortColumns & { readonly total: number | null }>('graph.edges', {
  total: nullable(int4),
  sources: text,
  destinations: text,
  flows: text,
  ports: text,
  protocols: text,
  events: text,
  seen: text,
  marks: text,
});

const SHARED = statement('graph.sharedNames', { name: text });

/** One scan makes all columns, so that they are in one order. */
const column = (expression: string): string => `coalesce(string_agg(${expression}, ','), '')`;

/** `"2026-11-22T10:00:00.5"`: a third of the time of `to_char`. */
const seenText = `to_json(last_seen_at at time zone 'UTC')::text`;

/** As `dateTimeText` writes it. */
const dateTimeOf = (seen: string): string =>
  `${seen.slice(1, 20)}.${seen.slice(21, -1).padEnd(6, '0')}Z`;

/** Bits of `marks`. */
const [GOVERNED, ANOMALOUS, IN_BASELINE] = [1, 2, 4];

const MARKS = `(governed::int * ${GOVERNED} + anomalous::int * ${ANOMALOUS} + in_baseline::int * ${IN_BASELINE})::text`;

type Asked = Parameters<GraphStore['edges']>[1];
type Seen = ReturnType<typeof seenFlows>;

const PORT =
  'f.id, f.source_id, f.destination_id, f.port, f.protocol, f.events, f.last_seen_at, f.governed, f.in_baseline';

const portOf = ({ window, isJudged }: Asked): Condition =>
  sql`${PORT}, ${isJudged ? isAnomalous(window) : isAnomalousItself(window)} as anomalous`;

/** Of rows `found`. */
const COLUMNS = `${column('source_id::text')} as sources, ${column('destination_id::text')} as destinations,
  ${column('id::text')} as flows, ${column(`coalesce(port::text, '')`)} as ports, ${column('protocol')} as protocols,
  ${column('events::text')} as events, ${column(seenText)} as seen, ${column(MARKS)} as marks`;

/** Looked up for every flow (a hashed subplan): a join could become one of all with all while nothing is analysed. */
const isAmong = (edges: string): string =>
  `((source_id, destination_id) in (select source_id, destination_id from ${edges})) is true`;

/** The flows that a part of the filter leaves are read once. */
const narrowRows = ({ selection, clusters }: Seen, asked: Asked, limit: string): Condition =>
  sql`with ${clusters}, found as materialized (
      select ${portOf(asked)} from ${narrowed(selection)} where ${selection.rows}),
    latest as materialized (select source_id, destination_id from found group by source_id, destination_id
      order by max(last_seen_at) desc, source_id, destination_id limit ${limit})
    select (select count(*)::int from (select distinct source_id, destination_id from found) e) as total, ${COLUMNS}
    from found where (select count(*) from found) <= ${limit} or ${isAmong('latest')}`;

/** So many flows are read, the newest first, to find the edges that were seen latest. */
const flowsFor = (edges: number): number => Math.min(edges * 3, edges + 40_000);

/**
 * Of a filter that no index answers, the newest flows tell which edges were seen latest, where they are edges enough; else all flows
 * do. The other flows of these edges are found by reading all once more. Where the newest are all there are, nothing more is read.
 */
function wideRows({ selection, clusters }: Seen, asked: Asked, limit: number): Condition {
  const most = String(flowsFor(limit));
  const all = allFlows(selection);
  const latest = `order by latest desc, source_id, destination_id limit ${limit}`;
  return sql`with ${clusters}, newest as materialized (select ${portOf(asked)} from k c
      cross join lateral (select f.* from flow f where ${boundsOf(selection)} order by f.last_seen_at desc, f.id desc ${UNSEEN_LIMIT}) f
      where ${selection.rows} limit ${most} + 1),
    newest_edge as materialized (
      select source_id, destination_id, max(last_seen_at) as latest from newest group by source_id, destination_id),
    told as materialized (select count(*) as flows, count(*) <= ${most} as all_flows, count(*) <= ${most}
      or (select count(*) from newest_edge where latest > min(n.last_seen_at)) >= ${String(limit)} as all_edges from newest n),
    shown as materialized (
      (select source_id, destination_id from newest_edge where (select all_edges from told) ${latest})
      union all
      (select source_id, destination_id from (select f.source_id, f.destination_id, max(f.last_seen_at) as latest
        from ${all} where not (select all_edges from told) and ${selection.rows} group by f.source_id, f.destination_id) f ${latest})),
    found as materialized (
      select * from newest where (select all_flows from told) and ((select flows from told) <= ${String(limit)} or ${isAmong('shown')})
      union all
      select ${portOf(asked)} from ${all} where not (select all_flows from told) and ${selection.rows} and ${isAmong('shown')})
    select case when (select all_flows from told) then (select count(*)::int from newest_edge) end as total, ${COLUMNS} from found`;
}

/** What the filter asks of the times of a flow `f` of the cluster `c`. */
const boundsOf = ({ seen }: FlowSelection): Condition =>
  and([condition('f.cluster_id = c.id'), ...seen.map(({ bound }) => bound)]);

/** All of them, in no order. */
const allFlows = (selection: FlowSelection): Condition =>
  sql`k c cross join lateral (select f.* from flow f where ${boundsOf(selection)}) f`;

const rowsOf = (seen: Seen, asked: Asked, limit: number): Condition =>
  seen.selection.narrowings.length === 0
    ? wideRows(seen, asked, limit)
    : narrowRows(seen, asked, String(limit));

const COUNT = statement('graph.count', COUNTED);

const countOf = ({ selection, clusters }: Seen): Condition =>
  sql`with ${clusters} select count(*)::int as count from (
    select f.source_id, f.destination_id from ${selection.narrowings.length === 0 ? allFlows(selection) : narrowed(selection)}
    where ${selection.rows} group by f.source_id, f.destination_id) e`;

/** An edge, and when it was last seen: as text, and in milliseconds, by which a list is sorted in a third of the time. */
type DatedEdge = GraphEdge & { readonly ports: GraphPort[]; latest: string; at: number };

const cells = (texts: string): readonly string[] => texts.split(',');

function portsOf(columns: PortColumns): readonly GraphPort[] {
  const [ports, protocols] = [cells(columns.ports), cells(columns.protocols)];
  const [events, seen, marks] = [cells(columns.events), cells(columns.seen), cells(columns.marks)];
  return cells(columns.flows).map((flowId, at) => {
    const [port = '', mark] = [ports[at], Number(marks[at])];
    return {
      flowId,
      port: port === '' ? null : Number(port),
      protocol: protocolOf(protocols[at] ?? ''),
      events: events[at] ?? '',
      lastSeenAt: dateTimeOf(seen[at] ?? ''),
      governed: (mark & GOVERNED) !== 0,
      anomalous: (mark & ANOMALOUS) !== 0,
      inBaseline: (mark & IN_BASELINE) !== 0,
    };
  });
}

function edgesOf(columns: PortColumns): readonly DatedEdge[] {
  if (columns.flows === '') return [];
  const [sources, destinations] = [cells(columns.sources), cells(columns.destinations)];
  const edges = new Map<string, DatedEdge>();
  for (const [at, port] of portsOf(columns).entries()) {
    const [sourceId = '', destinationId = ''] = [sources[at], destinations[at]];
    const { lastSeenAt } = port;
    const key = sourceId + destinationId;
    const edge = edges.get(key);
    if (edge === undefined)
      edges.set(key, { sourceId, destinationId, ports: [port], latest: lastSeenAt, at: 0 });
    else {
      edge.ports.push(port);
      if (lastSeenAt > edge.latest) edge.latest = lastSeenAt;
    }
  }
  for (const edge of edges.values()) edge.at = Date.parse(edge.latest);
  return [...edges.values()];
}

const compare = <Value>(one: Value, other: Value): number =>
  one < other ? -1 : one > other ? 1 : 0;

const byLatest = (one: DatedEdge, other: DatedEdge): number =>
  other.at - one.at ||
  compare(other.latest, one.latest) ||
  compare(one.sourceId, other.sourceId) ||
  compare(one.destinationId, other.destinationId);

/** As Postgres sorts them: none is the last. */
const byPort = (one: GraphPort, other: GraphPort): number =>
  compare(one.protocol, other.protocol) ||
  compare(one.port ?? Number.MAX_VALUE, other.port ?? Number.MAX_VALUE);

export const graphStore = (manager: EntityManager, caller: Caller): GraphStore => ({
  edges: async (selection, asked, limit) => {
    const { sql: text, values } = rowsOf(seenFlows(caller, selection), asked, Math.trunc(limit));
    const { total, ...columns } = await EDGES.row(manager, text, values);
    const edges = edgesOf(columns).toSorted(byLatest);
    for (const { ports } of edges) ports.sort(byPort);
    return { edges, total };
  },
  count: async selection => {
    const { sql: text, values } = countOf(seenFlows(caller, selection));
    return (await COUNT.row(manager, text, values)).count;
  },
  sharedNames: async clusterId => {
    const asked = sql`select p.namespace || '/' || p.name as name from peer p
      where p.cluster_id = ${value('int', clusterId)} and p.kind = 'DEPLOYMENT' and p.alias_of is null and ${visibleWorkload(caller, 'p')}
      group by p.namespace, p.name having count(*) > 1`;
    return (await SHARED.ask(manager, asked)).map(({ name }) => name);
  },
});
