import { badInput } from './api-error.js';

/**
 * A moment as text: UTC, always six digits of a second, `2026-11-22T10:00:00.123456Z`.
 * Equal moments are equal strings, and the order of strings is the order of time.
 * Postgres reads it as `timestamptz` without loss; a JavaScript Date would keep milliseconds only.
 */
export type DateTime = string;

const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** RFC 3339 `date-time`, and with a space and a short offset what Postgres prints for `timestamptz`. */
const WRITTEN =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)$/;

const MINUTE = 60_000;
const FIRST = Date.parse('0001-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59Z');

/**
 * Reads RFC 3339 text with any offset. Digits beyond the microsecond are cut off.
 * @returns null when it is not such text, names no real day, or lies outside the years 1 to 9999.
 */
export function parseDateTime(text: string): DateTime | null {
  const match = WRITTEN.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', sign, hours, minutes] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(local)) return null;
  if (Number(hours ?? 0) > 23 || Number(minutes ?? 0) > 59) return null;
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE;
  const moment = wall - (sign === '-' ? -offset : offset);
  if (moment < FIRST || moment > LAST) return null;
  return `${new Date(moment).toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

/**
 * The DateTime of what a store or the clock gives: a Date, Postgres text, or a DateTime.
 * @throws TypeError for anything else: that is a bug of the server.
 */
export function dateTimeOf(value: unknown): DateTime {
  if (typeof value === 'string' && CANONICAL.test(value)) return value;
  const parsed =
    typeof value === 'string'
      ? parseDateTime(value)
      : value instanceof Date && !Number.isNaN(value.getTime())
        ? parseDateTime(value.toISOString())
        : null;
  if (parsed === null) throw new TypeError(`not a moment in time: ${String(value)}`);
  return parsed;
}

/** @throws ApiError BAD_USER_INPUT */
export function readDateTime(text: string): DateTime {
  const parsed = parseDateTime(text);
  if (parsed !== null) return parsed;
  throw badInput(
    `\`${text}\` is not a date and time with offset, as in \`2026-11-22T10:00:00.123456Z\``,
  );
}

/** SQL that gives a `timestamptz` expression as DateTime text, whatever the session's time zone. */
export const dateTimeText = (expression: string): string =>
  `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
