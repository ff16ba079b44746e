import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visibleWorkload } from '../access/visible.js';
import { int4, statement, text } from '../database/row.js';
import { isAnomalous, isAnomalousItself, type Window } from '../flows/flow-condition.js';
import { narrowed } from '../flows/flow-narrow.js';
import { protocolOf } from '../flows/flow-node.js';
import { seenFlows } from '../flows/flow-seen.js';
import type { FlowSelection } from '../flows/flow-selection.js';
import { type Condition, condition, sql, value } from '../query/condition.js';
import type { GraphEdge, GraphPort } from './graph.js';

export type GraphStore = {
  /**
   * The edges of the flows that are asked for and in the window, at most `limit`, those seen latest first, and how many there are. Ports that are
   * to be judged otherwise (`isJudged` false) are anomalous by what the policies in force say nothing of.
   */
  edges(
    selection: FlowSelection,
    asked: { readonly window: Window; readonly isJudged: boolean },
    limit: number,
  ): Promise<{ readonly edges: readonly GraphEdge[]; readonly total: number }>;
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

const EDGES = statement<PortColumns & { readonly total: number }>('graph.edges', {
  total: int4,
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

/** Which edges flows are of is looked up (a hashed subplan): a join could become one of all with all while nothing is analysed. */
const rowsOf = (
  { selection, clusters }: ReturnType<typeof seenFlows>,
  { window, isJudged }: Parameters<GraphStore['edges']>[1],
  limit: number,
): Condition =>
  sql`with ${clusters}, found as materialized (
      select f.id, f.source_id, f.destination_id, f.port, f.protocol, f.events, f.last_seen_at, f.governed,
        ${isJudged ? isAnomalous(window) : isAnomalousItself(window)} as anomalous, f.in_baseline
      from ${narrowed(selection)} where ${selection.rows})
    select (select count(*)::int from (select distinct source_id, destination_id from found) e) as total, ${condition(`${column('source_id::text')} as sources, ${column('destination_id::text')} as destinations,
      ${column('id::text')} as flows, ${column(`coalesce(port::text, '')`)} as ports, ${column('protocol')} as protocols,
      ${column('events::text')} as events, ${column(seenText)} as seen, ${column(MARKS)} as marks`)}
    from found where (select count(*) from found) <= ${String(Math.trunc(limit))} or ((source_id, destination_id) in (
      select source_id, destination_id from found group by source_id, destination_id
      order by max(last_seen_at) desc, source_id, destination_id limit ${String(Math.trunc(limit))})) is true`;

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
    const { sql: text, values } = rowsOf(seenFlows(caller, selection), asked, limit);
    const { total, ...columns } = await EDGES.row(manager, text, values);
    const edges = edgesOf(columns).toSorted(byLatest);
    for (const { ports } of edges) ports.sort(byPort);
    return { edges, total };
  },
  sharedNames: async clusterId => {
    const asked = sql`select p.namespace || '/' || p.name as name from peer p
      where p.cluster_id = ${value('int', clusterId)} and p.kind = 'DEPLOYMENT' and p.alias_of is null and ${visibleWorkload(caller, 'p')}
      group by p.namespace, p.name having count(*) > 1`;
    return (await SHARED.ask(manager, asked)).map(({ name }) => name);
  },
});
