import { type Columns, int4, optional, texts } from '../database/row.js';
import { badInput } from './api-error.js';
import { and, type Condition, sql } from './condition.js';
import {
  afterKey,
  type CursorKey,
  cursorKeyColumn,
  decodeCursor,
  encodeCursor,
  type Order,
  orderByText,
  reversed,
} from './keyset.js';

export const DEFAULT_PAGE = 50;
export const LARGEST_PAGE = 500;

/** Beyond this a list's `totalCount` is null. */
export const LARGEST_COUNT = 10_000;

/** The paging arguments of every connection, as Relay's cursor connections have them. */
export type PageArguments = {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
};

/** What a store needs to fetch one page. */
export type PageRequest = {
  /** Rows of the page. */
  readonly limit: number;
  /** Rows to fetch: one more, which tells whether there is a further page. */
  readonly fetch: number;
  /** The order of the list. */
  readonly order: Order;
  /** `order by …`, backwards for `last`. */
  readonly orderBy: string;
  /** What `after` and `before` ask. */
  readonly conditions: readonly Condition[];
  readonly backward: boolean;
  /** Whether rows are read with their sort keys, without which there are no cursors. */
  readonly isKeyed: boolean;
  /** The cursors that were given. */
  readonly from: { readonly after: CursorKey | null; readonly before: CursorKey | null };
};

export type PageInfo = {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
};

type Edge<T> = { readonly cursor: string; readonly node: T };

/** What of a page only some ask for is a function, which is called when the field is selected. */
export type Page<T> = {
  readonly nodes: readonly T[];
  readonly edges: () => readonly Edge<T>[];
  readonly pageInfo: () => PageInfo;
  /** Asked only when `totalCount` is selected. */
  readonly count: () => number | null | Promise<number | null>;
};

/** A row of a store with the column of `cursorColumn`. */
export type Keyed = { readonly cursorKey?: CursorKey };

/** That column. */
export const KEYED: Columns<Keyed> = { cursorKey: optional(texts) };

/** @throws ApiError BAD_USER_INPUT for a size out of range */
export function checkedSize(name: 'first' | 'last', size: number): number {
  if (size >= 0 && size <= LARGEST_PAGE) return size;
  throw badInput(`\`${name}: ${size}\` is not between 0 and ${LARGEST_PAGE}`);
}

function sizeOf({ first, last }: PageArguments): number {
  if (typeof first === 'number' && typeof last === 'number')
    throw badInput('`first` and `last` cannot be given together');
  if (typeof last === 'number') return checkedSize('last', last);
  return checkedSize('first', first ?? DEFAULT_PAGE);
}

/**
 * @param isKeyed false where no cursor of the page will be asked for
 * @throws ApiError BAD_USER_INPUT for a size out of range, or a cursor that is none of this order.
 */
export function pageRequest(page: PageArguments, order: Order, isKeyed = true): PageRequest {
  const limit = sizeOf(page);
  const backward = typeof page.last === 'number';
  const after = page.after ? decodeCursor(order, page.after) : null;
  const before = page.before ? decodeCursor(order, page.before) : null;
  return {
    limit,
    fetch: limit + 1,
    order,
    orderBy: orderByText(backward ? reversed(order) : order),
    conditions: [
      ...(after ? [afterKey(order, after)] : []),
      ...(before ? [afterKey(reversed(order), before)] : []),
    ],
    backward,
    isKeyed,
    from: { after, before },
  };
}

/** For the end of the select list: a comma and the row's sort key; nothing where no cursor will be asked for. */
export const cursorColumn = ({ order, isKeyed }: Pick<PageRequest, 'order' | 'isKeyed'>): string =>
  isKeyed ? `, ${cursorKeyColumn(order)}` : '';

function cursorOf({ order }: PageRequest, { cursorKey }: Keyed): string {
  if (cursorKey === undefined) throw new Error('a cursor is asked for, and no sort key was read');
  return encodeCursor(order, cursorKey);
}

function pageInfoOf(request: PageRequest, nodes: readonly Keyed[], more: boolean): PageInfo {
  const { backward, from } = request;
  const [first] = nodes;
  const last = nodes.at(-1);
  return {
    hasNextPage: backward ? from.before !== null : more,
    hasPreviousPage: backward ? more : from.after !== null,
    startCursor: first === undefined ? null : cursorOf(request, first),
    endCursor: last === undefined ? null : cursorOf(request, last),
  };
}

/**
 * The page of the rows that a store fetched for a request.
 * @param rows at most `request.fetch`, in the order of `request.orderBy`
 * @param count the list's size without paging, or null above `LARGEST_COUNT`
 */
export function pageOf<T extends Keyed>(
  request: PageRequest,
  rows: readonly T[],
  count: Page<T>['count'],
): Page<T> {
  const kept = rows.slice(0, request.limit);
  const nodes = request.backward ? kept.toReversed() : kept;
  const more = rows.length > request.limit;
  return {
    nodes,
    edges: () => nodes.map(node => ({ cursor: cursorOf(request, node), node })),
    pageInfo: () => pageInfoOf(request, nodes, more),
    count,
  };
}

/** The same page of other values: rows to what the API shows. */
export const mapPage = <T, U>(page: Page<T>, toNode: (node: T) => U): Page<U> => {
  const nodes = page.nodes.map(toNode);
  const edges = () =>
    page.edges().map(({ cursor }, place) => ({ cursor, node: nodes[place] as U }));
  return { ...page, nodes, edges };
};

/**
 * Ends a query whose rows are wanted one by one, in its order: a limit that the planner cannot see. It then plans for
 * the first rows, as it would not for all of them, and takes no condition from outside into the query. So a list walks
 * the index of its order with and without statistics.
 */
export const UNSEEN_LIMIT = `limit (select ${2n ** 63n - 1n})`;
/**
 * `FROM` item: the rows of a table from the cursors on. In the order that `indexed` begins, which an index has, they come one by
 * one for a condition outside, so that the index is walked until the page is full, also where nobody has analysed the table.
 */
export function walked(
  [table, alias]: readonly [table: string, alias: string],
  { conditions, order, orderBy }: PageRequest,
  indexed: string,
): Condition {
  const inOrder = order[0]?.expression === indexed ? `${orderBy} ${UNSEEN_LIMIT}` : '';
  return sql`(select ${alias}.* from ${table} ${alias} where ${and(conditions)} ${inOrder}) ${alias}`;
}

/** SQL that counts the rows of `from … where …` without walking past the largest count. */
export const countText = (from: string): string =>
  `select count(*)::int as count from (select 1 ${from} limit ${LARGEST_COUNT + 1}) counted`;

/** The one row of `countText`. */
export const COUNTED: Columns<{ readonly count: number }> = { count: int4 };

/** What the API says of a count that `countText` gave. */
export const totalCountOf = (count: number): number | null =>
  count > LARGEST_COUNT ? null : count;
