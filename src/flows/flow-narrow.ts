import { and, type Condition, condition, EVERYTHING, sql, value } from '../query/condition.js';
import { UNSEEN_LIMIT } from '../query/page.js';
import type { End, PeerCondition } from './flow-condition.js';
import { ofPort, PORT_RANK, PROTOCOLS } from './flow-path.js';
import { hasFlows, ofPeer } from './flow-peers.js';
import { directionOf, type FlowQuery } from './flow-query.js';
import type { FlowSelection, Narrowing } from './flow-selection.js';
import type { SeenCondition } from './flow-times.js';
import { HOUR_IN_INDEX } from './hour-slot.js';

/**
 * A part of a filter that leaves at most so many flows is answered from these. One that leaves more is met often enough
 * on a walk along the list's order: of 1,000,000 flows once in 200. The count decides, and no statistics.
 */
const MOST_GATHERED = 5_000;

/**
 * So many hours of a window are read for a page, 2 ms a thousand with their flows. It is more than `MOST_GATHERED`, since flows of
 * a window long ago may all stand at the end of the list's order, and each on the way there must be looked up. So are the counts of
 * any window, which no index has in order.
 */
const MOST_HOURS = 20_000;

/** Flows of the newest hours are met on the way of any order but two: what was seen last was seldom seen first. */
function mostHours({ open }: Hours, { path }: FlowQuery): number {
  const isMet = path.kind === 'SEEN' ? path.column === 'last_seen_at' : path.kind !== 'WINDOW';
  return open && isMet ? MOST_GATHERED : MOST_HOURS;
}

/** So many for a count or a graph. */
const MOST_HOURS_OF_ALL = 200_000;

/**
 * The flows of more peers than this are not looked up one by one. Those without a flow at the ends that are asked for do not
 * count: most of 20,000 addresses outside are no source, which costs 2 µs each, and to walk past 1,000,000 flows in vain seconds.
 */
const MOST_PEERS = 1_000;

/** The flows of one peer `p` at one end, all of them or the page's latest. */
function ofOneEnd(end: End, others: Condition, query: FlowQuery | null): Condition {
  const latest = query?.path.kind === 'SEEN' && query.path.column === 'last_seen_at' ? query : null;
  const direction = latest === null ? 'desc' : directionOf(latest.request).toLowerCase();
  const rows = `(select * from flow where cluster_id = p.cluster_id and ${ofPeer(`${end}_id`, 'p.id')}
    order by last_seen_at ${direction} ${UNSEEN_LIMIT}) f`;
  if (latest === null) return sql`(select f.* from ${rows} where ${others})`;
  const { selection, request } = latest;
  return sql`(select f.* from ${rows} where ${and([others, selection.rows, ...request.conditions])}
    order by f.last_seen_at ${direction} fetch first ${String(request.fetch)} rows with ties)`;
}

/** A flow between two of the peers comes from its source. */
const notFrom = (peers: string): Condition =>
  condition(`((f.cluster_id, f.source_id) in (select cluster_id, id from ${peers})) is not true`);

const flowsOfPeer = (ends: readonly End[], peers: string, query: FlowQuery | null): Condition => {
  const [first, second] = ends.map((end, place) =>
    ofOneEnd(end, place === 0 ? EVERYTHING : notFrom(peers), query),
  );
  return second === undefined ? (first ?? EVERYTHING) : sql`${first ?? ''} union all ${second}`;
};

/** Named rows of a statement. */
type Gathered = {
  /** `with` items. */
  readonly tables: readonly Condition[];
  /** SQL: whether there are more than are gathered. */
  readonly overflows: string;
  readonly rows: string;
};

const MANY = String(MOST_GATHERED + 1);

function peersGathered(
  { ends, peers }: PeerCondition,
  name: string,
  only: string,
  query: FlowQuery,
): Gathered {
  const many = String(MOST_PEERS + 1);
  const found = `(select count(*) from ${name}_peers)`;
  return {
    tables: [
      sql`${name}_peers as materialized (select p.* from k c cross join lateral (
        select p.cluster_id, p.id from peer p where p.cluster_id = c.id and ${peers} and ${hasFlows(ends)} limit ${many}) p
        limit ${many})`,
      sql`${name} as materialized (select f.* from ${name}_peers p join k c on c.id = p.cluster_id
        cross join lateral (select f.* from (${flowsOfPeer(ends, `${name}_peers`, query)}) f limit ${MANY}) f
        where ${only} and ${found} <= ${String(MOST_PEERS)} limit ${MANY})`,
    ],
    overflows: `(${found} > ${MOST_PEERS} or (select count(*) from ${name}) > ${MOST_GATHERED})`,
    rows: name,
  };
}

const MARKS = `flow_marks(f.protocol, f.outcomes, f.policy_verdict, f.governed, f.in_baseline, f.off_locked,
  f.traffic_class)`;

/**
 * Flows of the cluster `c` in one index. The condition is a range and the order is the index's, so that no other way
 * is cheaper, whatever statistics say.
 */
const inIndex = (expression: string, range: Condition, limit: string): Condition =>
  sql`select f.* from flow f where f.cluster_id = c.id and ${range} order by ${expression} limit ${limit}`;

type Hours = Extract<Narrowing, { kind: 'HOURS' }>;
type Indexed = Exclude<Narrowing, { kind: 'PEERS' | 'HOURS' }> | SeenCondition;

/** Hours of the cluster `c`, in the words and the order of the index `flow_hour_hour`. */
const hoursOf = ({ hours }: Hours, limit: number): Condition =>
  sql`select h.flow_id from flow_hour h where h.cluster_id = c.id and ${hours}
    order by ${HOUR_IN_INDEX} limit ${String(limit + 1)}`;

/** The flow of each hour, once. */
const flowsOfHours = (hours: string): string =>
  `select f.* from (select distinct cluster_id, flow_id from ${hours}) h
    cross join lateral (select * from flow where cluster_id = h.cluster_id and id = h.flow_id offset 0) f`;

function hoursGathered(narrowing: Hours, name: string, only: string, most: number): Gathered {
  const found = `(select count(*) from ${name}_hours)`;
  return {
    tables: [
      sql`${name}_hours as materialized (select c.id as cluster_id, h.flow_id from k c
        cross join lateral (${hoursOf(narrowing, most)}) h where ${only} limit ${String(most + 1)})`,
      condition(
        `${name} as materialized (${flowsOfHours(`${name}_hours`)} where ${found} <= ${most})`,
      ),
    ],
    overflows: `${found} > ${most}`,
    rows: name,
  };
}

/** The flows of the cluster `c` with such hours, or those of the index where the hours are too many. */
const ofHours = (narrowing: Hours, otherwise: Condition): Condition =>
  sql`with hours as materialized (select c.id as cluster_id, h.flow_id from (${hoursOf(narrowing, MOST_HOURS_OF_ALL)}) h)
    select f.* from (${flowsOfHours('hours')}) f where (select count(*) from hours) <= ${String(MOST_HOURS_OF_ALL)}
    union all
    select f.* from (${otherwise}) f where (select count(*) from hours) > ${String(MOST_HOURS_OF_ALL)}`;

/** The flows of the cluster `c` that a narrowing other than by peers leaves. */
function indexed(narrowing: Indexed, limit: string) {
  if ('column' in narrowing) return inIndex(`f.${narrowing.column}`, narrowing.bound, limit);
  if (narrowing.kind === 'PORT')
    return sql`select f.* from ${PROTOCOLS} cross join lateral (
      ${inIndex(PORT_RANK, ofPort(narrowing.port), limit)}) f limit ${limit}`;
  const { ranges } = narrowing;
  const [firsts, lasts] = [ranges.map(({ first }) => first), ranges.map(({ last }) => last)];
  const range = condition(`${MARKS} >= m.first and ${MARKS} <= m.last`);
  return sql`select f.* from unnest(${value('int[]', firsts)}, ${value('int[]', lasts)}) m (first, last)
    cross join lateral (${inIndex(MARKS, range, limit)}) f limit ${limit}`;
}

function indexGathered(narrowing: Indexed, name: string, only: string): Gathered {
  return {
    tables: [
      sql`${name} as materialized (select f.* from k c cross join lateral (${indexed(narrowing, MANY)}) f
        where ${only} limit ${MANY})`,
    ],
    overflows: `(select count(*) from ${name}) > ${MOST_GATHERED}`,
    rows: name,
  };
}

function partGathered(
  narrowing: Narrowing | SeenCondition,
  name: string,
  only: string,
  query: FlowQuery,
): Gathered {
  if ('column' in narrowing) return indexGathered(narrowing, name, only);
  if (narrowing.kind === 'PEERS') return peersGathered(narrowing, name, only, query);
  if (narrowing.kind === 'HOURS')
    return hoursGathered(narrowing, name, only, mostHours(narrowing, query));
  return indexGathered(narrowing, name, only);
}

/** So many parts of a filter are tried. */
const MOST_TRIED = 3;

/** The parts of the filter that may leave few flows, as rows of the statement; each is read when those before overflow. */
export function gathered(query: FlowQuery): readonly Gathered[] {
  const { selection, path } = query;
  const walkedBy = path.kind === 'SEEN' ? path.column : null;
  const seen =
    path.kind === 'WINDOW'
      ? []
      : selection.seen.filter(one => one.column !== walkedBy && !one.implied);
  const tried = [...selection.narrowings, ...seen].slice(0, MOST_TRIED);
  const all: Gathered[] = [];
  for (const [place, narrowing] of tried.entries()) {
    const name = `gathered_${place + 1}`;
    const only = ['true', ...all.map(({ overflows }) => overflows)].join(' and ');
    all.push(partGathered(narrowing, name, only, query));
  }
  return all;
}

const EVER: Indexed = { column: 'last_seen_at', bound: condition('true'), implied: false };

const NO_LIMIT = '(select 9223372036854775807)';

/** All flows of the clusters `k` that the first part of the filter leaves, with their cluster `c`: a `FROM` clause. */
export function narrowed({ narrowings: [first], seen }: FlowSelection): Condition {
  const last: Indexed = seen.find(({ implied }) => !implied) ?? EVER;
  if (first?.kind === 'HOURS')
    return sql`k c cross join lateral (${ofHours(first, indexed(last, NO_LIMIT))}) f`;
  if (first?.kind !== 'PEERS') {
    const rows = first ?? last;
    return sql`k c cross join lateral (${indexed(rows, NO_LIMIT)}) f`;
  }
  const peers = sql`select p.cluster_id, p.id from k join peer p on p.cluster_id = k.id where ${first.peers}`;
  const lookups = first.ends.map((end, place) => {
    const others =
      place === 0 ? EVERYTHING : sql`((f.cluster_id, f.source_id) in (${peers})) is not true`;
    return ofOneEnd(end, others, null);
  });
  const [one, other] = lookups;
  return sql`(${peers}) p join k c on c.id = p.cluster_id
    cross join lateral (${one ?? ''} ${other === undefined ? '' : sql`union all ${other}`} offset 0) f`;
}
