import { peerLabel } from '../inventory/peer-label.js';
import { and, type Condition, condition, EVERYTHING, sql, value } from '../query/condition.js';
import type { CursorKey } from '../query/keyset.js';
import { type PageRequest, UNSEEN_LIMIT } from '../query/page.js';
import { ALL_PROTOCOLS, protocolsOfMarks } from './flow-marks.js';
import { hasFlows, ofPeer } from './flow-peers.js';
import type { PortRange } from './flow-ports.js';
import { directionOf, type FlowQuery, rankOf } from './flow-query.js';
import type { FlowSelection } from './flow-selection.js';
import { windowWalk } from './flow-window-path.js';

/** What the cursors leave of a path: `from` in the list's direction, and against it. */
const cursorBounds = (
  { order, from }: PageRequest,
  boundOf: (sign: '>=' | '<=', key: CursorKey) => Condition,
): Condition => {
  const ascending = order[0]?.direction === 'ASC';
  return and([
    from.after === null ? EVERYTHING : boundOf(ascending ? '>=' : '<=', from.after),
    from.before === null ? EVERYTHING : boundOf(ascending ? '<=' : '>=', from.before),
  ]);
};

const LEAST_ID = '00000000-0000-0000-0000-000000000000';
const GREATEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The rank of a flow's port among the flows of its protocol, those of each protocol together. */
export const PORT_RANK = 'port_rank(f.protocol, f.port, f.id)';

/** Above every rank by a port alone. */
const PORT_RANKS = 2 ** 28;

const PORT = 'coalesce(f.port, -1)::bigint';

/** `port_rank` of the protocol `p` for a rank by the port alone. */
const ofProtocol = (rank: Condition): Condition =>
  sql`p.protocol * ${String(PORT_RANKS)} + ${rank}`;

/** The flows of the protocol `p` to one port, as a range of their rank. */
export function ofPort(port: number): Condition {
  const rank = (id: string) => ofProtocol(sql`flow_rank(${value('bigint', port)}, '${id}')`);
  return sql`${PORT_RANK} between ${rank(LEAST_ID)} and ${rank(GREATEST_ID)}`;
}

/** The flows of `p`, a protocol with a port or with none. */
const OF_RANGE = `${PORT_RANK} between p.protocol * ${PORT_RANKS} + coalesce(flow_rank(p.port, '${LEAST_ID}'), 0)
  and p.protocol * ${PORT_RANKS} + coalesce(flow_rank(p.port, '${GREATEST_ID}'), ${PORT_RANKS - 1})`;

/** Every protocol, as the table `p`. */
export const PROTOCOLS = condition(`unnest('{${ALL_PROTOCOLS}}'::int[]) p (protocol)`);

/** The protocols and ports that a filter leaves, as the table `p`. */
function rangesOf({ narrowings, ports }: FlowSelection): Condition {
  const marks = narrowings.find(({ kind }) => kind === 'MARKS');
  const protocols = marks?.kind === 'MARKS' ? protocolsOfMarks(marks.ranges) : ALL_PROTOCOLS;
  const ranges = ports.filter(({ protocol }) => protocols.includes(protocol));
  const column = (type: string, of: (range: PortRange) => number | null) =>
    value(`${type}[]`, ranges.map(of));
  return sql`unnest(${column('int', ({ protocol }) => protocol)}, ${column('bigint', ({ port }) => port)}) p (protocol, port)`;
}

/** In another cluster than the cursor's, each id may come. */
const cursorRank = (sign: '>=' | '<=', [number, cluster, id]: CursorKey): Condition =>
  sql`case when c.id = ${value('int', cluster)} then flow_rank(${value('bigint', number)}, ${value('uuid', id)})
    else flow_rank(${value('bigint', number)}, '${sign === '>=' ? LEAST_ID : GREATEST_ID}') end`;

/** The rows of an index that hold what the filter asks, as many as the page needs. */
const walked = (
  { selection, request }: FlowQuery,
  rows: Condition,
  terms: readonly string[],
): Condition => {
  const direction = directionOf(request).toLowerCase();
  const asked = and([selection.rows, ...request.conditions]);
  const orderBy = terms.map(term => `${term} ${direction}`).join(', ');
  return sql`select f.* from (${rows}) f where ${asked} order by ${orderBy} limit ${String(request.fetch)}`;
};

function seenWalk(query: FlowQuery, column: 'first_seen_at' | 'last_seen_at'): Condition {
  const { selection, request } = query;
  const direction = directionOf(request).toLowerCase();
  const bounds = and([
    condition('f.cluster_id = c.id'),
    ...selection.seen.filter(one => one.column === column).map(({ bound }) => bound),
    cursorBounds(request, (sign, [time]) => sql`f.${column} ${sign} ${value('timestamptz', time)}`),
  ]);
  const rows = sql`select f.* from flow f where ${bounds}
    order by f.${column} ${direction}, f.id ${direction} ${UNSEEN_LIMIT}`;
  return walked(query, rows, [`f.${column}`, 'f.id']);
}

/** The flows of a range along an index of ranks. Rows of one rank are few, and sorted as they come. */
function ranked(
  query: FlowQuery,
  { rank, number }: { readonly rank: string; readonly number: string },
  range: Condition,
): Condition {
  const direction = directionOf(query.request).toLowerCase();
  const rows = sql`select f.*, ${rank} as rank, ${number} as number from flow f where f.cluster_id = c.id and ${range}
    order by ${rank} ${direction}, ${number} ${direction}, f.id ${direction} ${UNSEEN_LIMIT}`;
  return walked(query, rows, ['f.rank', 'f.number', 'f.id']);
}

function rankWalk(query: FlowQuery, number: string): Condition {
  const rank = rankOf(number);
  const range = cursorBounds(
    query.request,
    (sign, key) => sql`${rank} ${sign} ${cursorRank(sign, key)}`,
  );
  return ranked(query, { rank, number }, range);
}

/**
 * As many of each protocol, and of each port that is asked for, as the page needs: whoever asks for DNS by port, the last one
 * first, would else pass the flows of all higher ports.
 */
function portWalk(query: FlowQuery): Condition {
  const { selection, request } = query;
  const range = and([
    condition(OF_RANGE),
    cursorBounds(
      request,
      (sign, key) => sql`${PORT_RANK} ${sign} ${ofProtocol(cursorRank(sign, key))}`,
    ),
  ]);
  return sql`select f.* from ${rangesOf(selection)}
    cross join lateral (${ranked(query, { rank: PORT_RANK, number: PORT }, range)}) f`;
}

/** Peers by name, and of each the flows that the page may need. `with ties`: several peers may have one name. */
function labelWalk({ selection, request }: FlowQuery, end: 'source' | 'destination'): Condition {
  const direction = directionOf(request).toLowerCase();
  const alias = end === 'source' ? 's' : 'd';
  const peers = and([
    condition('p.cluster_id = c.id'),
    condition(hasFlows([end])),
    ...selection.narrowings.flatMap(one =>
      one.kind === 'PEERS' && one.ends.length === 1 && one.ends[0] === end ? [one.peers] : [],
    ),
    cursorBounds(
      request,
      (sign, [label]) => sql`${peerLabel('p')} ${sign} ${value('text', label)}`,
    ),
  ]);
  return sql`select f.* from (select p.*, ${peerLabel('p')} as label from peer p where ${peers}
      order by ${peerLabel('p')} ${direction} ${UNSEEN_LIMIT}) ${alias}
    cross join lateral (
      select f.* from (select * from flow where cluster_id = ${alias}.cluster_id and ${ofPeer(`${end}_id`, `${alias}.id`)}
        order by last_seen_at ${UNSEEN_LIMIT}) f
      where ${and([selection.rows, ...request.conditions])}
      order by f.id ${direction} limit ${String(request.fetch)}) f
    order by ${alias}.label ${direction} fetch first ${String(request.fetch)} rows with ties`;
}

/**
 * The flows of the cluster `c` among which are those of the page, found along the index of the list's order until there
 * are enough.
 */
export function pathRows(query: FlowQuery): Condition {
  const { path } = query;
  switch (path.kind) {
    case 'SEEN':
      return seenWalk(query, path.column);
    case 'RANK':
      return rankWalk(query, path.number);
    case 'PORT':
      return portWalk(query);
    case 'LABEL':
      return labelWalk(query, path.end);
    case 'WINDOW':
      return windowWalk(query, path);
  }
}
