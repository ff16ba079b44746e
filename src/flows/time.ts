/** Times of observations are microseconds since 1970 in a number: exact up to the year 2255. */
const MICROS = 1_000_000;
const EARLIEST = Date.UTC(2000, 0, 1) * 1000;
const LATEST = Date.UTC(2100, 0, 1) * 1000;

export const HOUR = 3_600 * MICROS;
export const SECOND = MICROS;

/** The start of the hour that a moment lies in. */
export const hourOf = (micros: number): number => micros - (micros % HOUR);

/** A source's clock that is outside 2000 to 2100 is a wrong unit or a wrong clock. */
const inRange = (micros: number): number | null =>
  micros >= EARLIEST && micros < LATEST ? micros : null;

const RFC3339 =
  /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d))$/;

/** RFC 3339 text with up to nine digits, cut to microseconds; null when it is none or out of range. */
const parseAny = (text: string): number | null => {
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const [, day, clock, fraction = '', , sign, hours = '0', minutes = '0'] = match;
  const local = `${day}T${clock}`;
  const millis = Date.parse(`${local}Z`);
  // It reads 30 February as 2 March, and 24:00 as the next day.
  if (Number.isNaN(millis) || !new Date(millis).toISOString().startsWith(local)) return null;
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  const offset = (sign === '-' ? -60 : 60) * (Number(hours) * 60 + Number(minutes));
  const micros = Number(fraction.padEnd(6, '0').slice(0, 6));
  return inRange((millis / 1000 - offset) * MICROS + micros);
};

const DIGIT_0 = 48;
const POINT = 46;
const Z = 90;

const digit = (text: string, at: number): number => text.charCodeAt(at) - DIGIT_0;

/** The number written by the digits from `start` to `end`; -1 when another character is among them. */
const digitsOf = (text: string, start: number, end: number): number => {
  let number = 0;
  for (let at = start; at < end; at++) {
    const value = digit(text, at);
    if (value < 0 || value > 9) return -1;
    number = number * 10 + value;
  }
  return number;
};

const POWERS = [0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9] as const;

/** The part of a second in `.ddd…Z` from `at` in microseconds; -1 when it is anything else. */
const fractionOf = (text: string, at: number): number => {
  const end = text.length - 1;
  if (text.charCodeAt(end) !== Z) return -1;
  if (at === end) return 0;
  const power = POWERS[end - at - 1];
  if (power === undefined || power === 0 || text.charCodeAt(at) !== POINT) return -1;
  const fraction = digitsOf(text, at + 1, end);
  return fraction < 0 ? -1 : Math.floor((fraction * MICROS) / power);
};

/** `YYYY-MM-DDTHH:MM:`, which neighbouring records share: 40 ns a record against 600 for the pattern. */
const MINUTE = 17;

export type TimeParser = (text: string) => number | null;

/** Parses RFC 3339 text to microseconds; null when it is none, or not between 2000 and 2100. */
export const timeParser = (): TimeParser => {
  let minute = '';
  let base = 0;
  return text => {
    if (minute !== '' && text.startsWith(minute)) {
      const second = digitsOf(text, MINUTE, MINUTE + 2);
      const fraction = fractionOf(text, MINUTE + 2);
      if (second >= 0 && second < 60 && fraction >= 0) return base + second * MICROS + fraction;
    }
    const micros = parseAny(text);
    if (micros !== null && text.endsWith('Z') && text.charCodeAt(10) === 84) {
      minute = text.slice(0, MINUTE);
      base = micros - (micros % (60 * MICROS));
    }
    return micros;
  };
};

/** Seconds and nanoseconds, as Go's own JSON writes a protobuf timestamp. */
export const timeOfParts = (seconds: number, nanos: number): number | null =>
  nanos < 0 || nanos >= 1e9
    ? null
    : inRange(Math.trunc(seconds) * MICROS + Math.trunc(nanos / 1000));

/** ISO text in UTC with six digits, as Postgres reads it. */
export const timeText = (micros: number): string =>
  `${new Date(Math.floor(micros / 1000)).toISOString().slice(0, -1)}${String(micros % 1000).padStart(3, '0')}Z`;

/** ISO text as microseconds; null where it lies outside of all observations. */
export const microsOf = (text: string): number | null => parseAny(text);
