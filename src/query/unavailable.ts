import { OTHER_DATABASE } from '../database/same-database.js';
import { ApiError, ErrorCode } from './api-error.js';

/** Seconds after which a caller may ask again. */
const RETRY_SECONDS = 2;

export const UnavailableReason = {
  /** It took longer than a request may. */
  DEADLINE: 'DEADLINE',
  /** The database cannot be reached, is full, or has too much to do. */
  DATABASE: 'DATABASE',
  /** The server has not begun to answer. */
  STARTING: 'STARTING',
  /** The server is shutting down. */
  DRAINING: 'DRAINING',
  /** Too much is asked of this server at the moment. */
  BUSY: 'BUSY',
  /** An identity provider does not tell its keys. */
  ISSUER: 'ISSUER',
} as const;
export type UnavailableReason = (typeof UnavailableReason)[keyof typeof UnavailableReason];

/** An error after which the same request may succeed; `retryAfter` in seconds. */
export const unavailable = (
  reason: UnavailableReason,
  message: string,
  retryAfter = RETRY_SECONDS,
): ApiError => new ApiError(ErrorCode.UNAVAILABLE, message, { reason, retryAfter });

/** Classes of SQLSTATE: connections, resources, an operator's hand, the system, and transactions that met each other. */
const CLASSES = new Set(['08', '53', '58', '40']);
const CODES: Readonly<Record<string, string>> = {
  '57P01': 'the database is restarting',
  '57P02': 'the database is restarting',
  '57P03': 'the database is starting',
  '57P05': 'the database has closed the connection',
  '25006': 'the database is read-only at the moment',
  '28000': 'the database refuses this server',
  '28P01': 'the database refuses this server',
  '3D000': 'the database cannot be found',
  '55000': 'the database takes no connections at the moment',
  '25P03': 'the database has closed the connection',
  '55P03': 'other work holds what this needs',
  '57014': 'a statement took longer than it may',
  '53100': 'the disk of the database is full',
  '53300': 'the database has too many connections',
  '40P01': 'other work was in the way',
  '40001': 'other work was in the way',
  ECONNREFUSED: 'the database cannot be reached',
  ECONNRESET: 'the connection to the database broke',
  EPIPE: 'the connection to the database broke',
  [OTHER_DATABASE]: 'another database is at the address of the one that this server was started on',
  ENOTFOUND: 'the database cannot be found',
  EHOSTUNREACH: 'the database cannot be reached',
  ETIMEDOUT: 'the database cannot be reached',
};

/** How `pg` and its pool tell of a broken connection, without a code. */
const BROKEN =
  /^(?:Error: )?(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Client was passed to end|Cannot use a pool after calling end|Query read timeout|Driver not Connected)/i;

const ofCode = (code: unknown): string | null => {
  if (typeof code !== 'string') return null;
  if (Object.hasOwn(CODES, code)) return CODES[code] ?? null;
  return /^[0-9A-Z]{5}$/.test(code) && CLASSES.has(code.slice(0, 2))
    ? 'the database cannot answer at the moment'
    : null;
};

const field = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null
    ? (error as Readonly<Record<string, unknown>>)[name]
    : undefined;

/** What a store throws wraps what the driver threw. */
export const layersOf = (error: unknown): readonly unknown[] =>
  [error, field(error, 'driverError'), field(error, 'cause')].filter(one => one !== undefined);

function ofLayer(error: unknown): ApiError | null {
  if (error instanceof ApiError) return error;
  const told = ofCode(field(error, 'code'));
  if (told !== null) return unavailable(UnavailableReason.DATABASE, told);
  const broken = error instanceof Error && BROKEN.test(error.message);
  return broken
    ? unavailable(UnavailableReason.DATABASE, 'the connection to the database broke')
    : null;
}

/** The error for the caller's eyes in what was thrown: our own, or that the database cannot answer; null: neither. */
export function apiErrorIn(error: unknown): ApiError | null {
  for (const layer of layersOf(error)) {
    const found = ofLayer(layer);
    if (found !== null) return found;
  }
  return null;
}
