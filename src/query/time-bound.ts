import { badInput } from './api-error.js';
import { type DateTime, dateTimeOf, parseDateTime } from './date-time.js';

/** The end of a window as written: a DateTime, or a duration back from now (`7d`, `24h`, `PT15M`). */
export type TimeBound = string;

type Duration = { readonly months: number; readonly milliseconds: number };

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `1w2d12h30m15s`; here `m` is minutes. */
const SHORT = /^(?=\d)(?:(\d{1,6})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;

/** RFC 3339 appendix A (ISO 8601) durations; weeks may stand beside the rest. */
const ISO =
  /^P(?=\d|T\d)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/;

/** Weeks, days, hours, minutes, seconds: those that are written. */
const UNITS = [7 * DAY, DAY, HOUR, MINUTE, SECOND];

const span = (counts: readonly (string | undefined)[]): number =>
  counts.reduce((sum, count, index) => sum + Number(count ?? 0) * (UNITS[index] ?? 0), 0);

function parseDuration(text: string): Duration | null {
  const short = SHORT.exec(text);
  if (short !== null) return { months: 0, milliseconds: span(short.slice(1)) };
  const iso = ISO.exec(text);
  if (iso === null) return null;
  const [, years = '0', months = '0', ...rest] = iso;
  return { months: Number(years) * 12 + Number(months), milliseconds: span(rest) };
}

/** The last day of a shorter month stands for the days that it does not have: a month before 31 March is 28 February. */
function monthsBefore(moment: Date, months: number): Date {
  const first = new Date(moment);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() - months);
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(moment.getUTCDate(), days));
  return first;
}

/** @throws ApiError BAD_USER_INPUT when the text is neither a DateTime nor a duration. */
export function readTimeBound(text: string): TimeBound {
  const parsed = parseDateTime(text);
  if (parsed !== null) return parsed;
  if (parseDuration(text) !== null) return text;
  throw badInput(
    `\`${text}\` is neither a date and time with offset nor a duration back from now, as in \`7d\`, \`24h\` or \`PT15M\``,
  );
}

/**
 * The moment that a bound means.
 * @throws ApiError BAD_USER_INPUT when it is no bound, or reaches back before the year 1.
 */
export function resolveTimeBound(bound: TimeBound, now: Date): DateTime {
  const text = readTimeBound(bound);
  const duration = parseDuration(text);
  if (duration === null) return text;
  const moment = new Date(monthsBefore(now, duration.months).getTime() - duration.milliseconds);
  if (Number.isNaN(moment.getTime()) || moment.getUTCFullYear() < 1)
    throw badInput(`\`${text}\` before now is before the first year`);
  return dateTimeOf(moment);
}

/** An open end stays open: null for a bound that is not given. */
export const resolveOptionalBound = (
  bound: TimeBound | null | undefined,
  now: Date,
): DateTime | null => (bound === null || bound === undefined ? null : resolveTimeBound(bound, now));

/** Both ends open: null. Half-open: `since` is in, `until` is out. ISO text. */
export type Window = { readonly since: DateTime | null; readonly until: DateTime | null };

/** The two ends of a window as a filter gives them. */
export type WindowBounds = {
  readonly since?: TimeBound | null | undefined;
  readonly until?: TimeBound | null | undefined;
};

/** @throws ApiError BAD_USER_INPUT where it would end before it begins */
export function resolveWindow(bounds: WindowBounds, now: Date): Window {
  const since = resolveOptionalBound(bounds.since, now);
  const until = resolveOptionalBound(bounds.until, now);
  if (since !== null && until !== null && since > until)
    throw badInput(`\`since\` (${since}) is after \`until\` (${until})`);
  return { since, until };
}
