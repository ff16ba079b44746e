import { sumAsInt8 } from '../database/statement.js';
import { and, type Condition, condition, joined, sql } from '../query/condition.js';
import { UNSEEN_LIMIT } from '../query/page.js';
import { FLOW_ROW } from './flow-columns.js';
import { hoursIndexed, hoursWithin, type Window } from './flow-condition.js';
import { type FlowPath, numberOf } from './flow-order.js';
import { directionOf, type FlowQuery, rankOf } from './flow-query.js';
import { HOUR_IN_INDEX, isOfLife } from './hour-slot.js';

type WindowPath = Extract<FlowPath, { kind: 'WINDOW' }>;

const SUMS = `${sumAsInt8('h.events')} as events, ${sumAsInt8('h.connections')} as connections,
  ${sumAsInt8('h.bytes')} as bytes`;

/** The counts `w` of the window's hours of the flow `f`. */
export const windowCounts = (window: Window): Condition =>
  sql`cross join lateral (select ${SUMS} from flow_hour h where h.cluster_id = f.cluster_id and h.flow_id = f.id
      and ${condition(isOfLife('h.slot'))} and ${hoursWithin(window, null)} offset 0) w`;

/**
 * The hours of the window are added up for all flows at once, and the flows with the most looked up until the page is full:
 * to look up the hours of each flow took eight times as long.
 */
function ofAllHours({ selection, request }: FlowQuery, { window, count }: WindowPath): Condition {
  const direction = directionOf(request).toLowerCase();
  const hours = sql`select h.flow_id, h.events, h.connections, h.bytes from flow_hour h
    where h.cluster_id = c.id and ${hoursIndexed(window, null)} order by ${HOUR_IN_INDEX} ${UNSEEN_LIMIT}`;
  const sums = sql`select x.*, coalesce(x.${count}, -1) as number from (
      select h.flow_id, ${SUMS} from (${hours}) h group by h.flow_id) x
    order by coalesce(x.${count}, -1) ${direction}, x.flow_id ${direction} ${UNSEEN_LIMIT}`;
  return sql`select f.* from (${sums}) w
    cross join lateral (select * from flow where cluster_id = c.id and id = w.flow_id offset 0) f
    where ${and([selection.rows, ...request.conditions])}
    order by w.number ${direction}, w.flow_id ${direction} limit ${String(request.fetch)}`;
}

/** So many flows with the most of all time are looked at for those with the most in a window: 10 ms, else 100 ms. */
const LOOKED_AT = [1_000, 10_000] as const;

type Looked = {
  readonly tables: readonly Condition[];
  readonly found: string;
  readonly rows: string;
};

/** The page among so many of the `largest`; `found` where no other flow has as much in the window. */
function lookedAt(query: FlowQuery, { window, count }: WindowPath, most: number): Looked {
  const { selection, request } = query;
  const [some, rows, fetch] = [`largest_${most}`, `summed_${most}`, String(request.fetch)];
  return {
    tables: [
      sql`${some} as materialized (select * from largest limit ${String(most)})`,
      sql`${rows} as materialized (select ${FLOW_ROW}, coalesce(w.${count}, -1) as number from ${some} f ${windowCounts(window)}
        where ${and([selection.rows, ...request.conditions])} order by coalesce(w.${count}, -1) desc, f.id desc limit ${fetch})`,
    ],
    found: `((select count(*) from ${some}) < ${most}
      or (select count(*) = ${fetch} and min(number) > (select min(total) from ${some}) from ${rows}))`,
    rows,
  };
}

/**
 * No flow has more in a window than of all time. So the page is among the flows with the most of all time where its last row
 * has more than the last of these, as it does where a few talk most; else all hours are added up.
 */
function ofTheLargest(query: FlowQuery, path: WindowPath): Condition {
  const total = numberOf(path.count);
  const all = LOOKED_AT.map(most => lookedAt(query, path, most));
  const largest = sql`largest as materialized (select f.*, ${total} as total from flow f where f.cluster_id = c.id
    order by ${rankOf(total)} desc, ${total} desc, f.id desc ${UNSEEN_LIMIT})`;
  const branches: Condition[] = [];
  let before = 'true';
  for (const { found, rows } of all) {
    branches.push(sql`select ${FLOW_ROW} from ${rows} f where ${before} and ${found}`);
    before += ` and not ${found}`;
  }
  branches.push(sql`select ${FLOW_ROW} from (${ofAllHours(query, path)}) f where ${before}`);
  return sql`with ${joined([largest, ...all.flatMap(({ tables }) => tables)], ', ')} ${joined(branches, ' union all ')}`;
}

/** The flows of the cluster `c` among which are those of a page by the counts of a window. */
export const windowWalk = (query: FlowQuery, path: WindowPath): Condition =>
  directionOf(query.request) === 'DESC' ? ofTheLargest(query, path) : ofAllHours(query, path);
