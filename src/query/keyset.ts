import { canonicalAddress } from '../netpol/index.js';
import { badInput } from './api-error.js';
import { and, type Condition, condition, or } from './condition.js';
import { dateTimeText, parseDateTime } from './date-time.js';

export const OrderDirection = { ASC: 'ASC', DESC: 'DESC' } as const;
export type OrderDirection = (typeof OrderDirection)[keyof typeof OrderDirection];

const WHOLE = /^-?\d{1,19}$/;
const INT_MAX = 2 ** 31 - 1;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** The Postgres types that lists are ordered by, each with the test that a cursor's text must pass. */
const TYPES = {
  text: text => !text.includes('\0'),
  uuid: text => UUID.test(text),
  timestamptz: text => parseDateTime(text) === text,
  int: text => WHOLE.test(text) && Math.abs(Number(text)) <= INT_MAX,
  bigint: text => WHOLE.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text),
  inet: text =>
    canonicalAddress(text.split('/', 1)[0] ?? '') !== null && /^[^/]+(\/\d{1,2})?$/.test(text),
  boolean: text => text === 'true' || text === 'false',
} satisfies Record<string, (text: string) => boolean>;

/** One column of an order. */
export type OrderTerm = {
  /** SQL that is never null: wrap what may be in `coalesce`. Never input. */
  readonly expression: string;
  readonly type: keyof typeof TYPES;
  readonly direction: OrderDirection;
};

/** From the coarsest to the finest; the last terms together are unique (the primary key). */
export type Order = readonly OrderTerm[];

/** The sort key of one row, as SQL text. */
export type CursorKey = readonly string[];

const flipped = (direction: OrderDirection): OrderDirection =>
  direction === 'ASC' ? 'DESC' : 'ASC';

export const reversed = (order: Order): Order =>
  order.map(term => ({ ...term, direction: flipped(term.direction) }));

/** `order by a desc, id asc` */
export const orderByText = (order: Order): string =>
  `order by ${order.map(({ expression, direction }) => `${expression} ${direction.toLowerCase()}`).join(', ')}`;

const textOf = ({ expression, type }: OrderTerm): string =>
  type === 'timestamptz' ? dateTimeText(expression) : `(${expression})::text`;

/** For the select list: the row's sort key as an array of text, under the name `cursorKey`. */
export const cursorKeyColumn = (order: Order): string =>
  `array[${order.map(textOf).join(', ')}] as "cursorKey"`;

/** Tells one order from another, so that a cursor of one is refused by the other. */
const fingerprint = (order: Order): string =>
  order.map(({ expression, direction }) => `${expression} ${direction}`).join(', ');

/** An opaque cursor: the order that it belongs to, and the sort key. */
export const encodeCursor = (order: Order, key: CursorKey): string =>
  Buffer.from(JSON.stringify([hashed(fingerprint(order)), ...key])).toString('base64url');

/** FNV-1a, 32 bits: short, and enough to notice a mistake (nothing is protected by it). */
function hashed(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @throws ApiError BAD_USER_INPUT for a cursor that this order never gave. */
export function decodeCursor(order: Order, cursor: string): CursorKey {
  const parts = jsonOf(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Array.isArray(parts) || parts.some(part => typeof part !== 'string'))
    throw badInput(`\`${cursor}\` is not a cursor`);
  const [mark, ...key] = parts as string[];
  if (mark !== hashed(fingerprint(order)))
    throw badInput(`\`${cursor}\` is not a cursor of a list in this order`);
  const fits = order.every(({ type }, index) => fitsType(type, key[index]));
  if (!fits || key.length !== order.length) throw badInput(`\`${cursor}\` is not a cursor`);
  return key;
}

const fitsType = (type: OrderTerm['type'], text: string | undefined): boolean =>
  text !== undefined && TYPES[type](text);

const sign = (direction: OrderDirection): string => (direction === 'ASC' ? '>' : '<');

/**
 * The rows that come after a sort key. One direction throughout becomes one comparison of rows,
 * which an index on the same columns answers from its place; mixed directions are spelled out.
 */
export function afterKey(order: Order, key: CursorKey): Condition {
  const direction = order[0]?.direction ?? 'ASC';
  if (order.some(term => term.direction !== direction)) return spelledOut(order, key);
  const left = order.map(({ expression }) => expression).join(', ');
  const right = order.map(({ type }, index) => `$${index + 1}::${type}`).join(', ');
  return condition(`(${left}) ${sign(direction)} (${right})`, ...key);
}

function spelledOut([term, ...finer]: Order, [value, ...rest]: CursorKey): Condition {
  if (term === undefined) return condition('false');
  const { expression, type, direction } = term;
  const beyond = condition(`${expression} ${sign(direction)} $1::${type}`, value);
  if (finer.length === 0) return beyond;
  const level = condition(`${expression} = $1::${type}`, value);
  const notBefore = condition(`${expression} ${sign(direction)}= $1::${type}`, value);
  return and([notBefore, or([beyond, and([level, spelledOut(finer, rest)])])]);
}
