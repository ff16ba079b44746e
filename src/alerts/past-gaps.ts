import type { PastHour } from './cluster-past.store.js';
import { isGap, lookedAt, type Silence } from './silence.js';

const MINUTE = 60_000;

/** So many times within an hour a source is taken to have come at most: it is looked at once a minute. */
const MOST_IN_HOUR = 60;

/** When the records of an hour came, had they come as they were seen, evenly from the first to the last. */
function timesIn({ records, firstAt, lastAt }: PastHour): readonly number[] {
  const count = Math.min(records, MOST_IN_HOUR);
  if (count < 2) return [lastAt];
  const step = (lastAt - firstAt) / (count - 1);
  return Array.from({ length: count }, (_, place) => firstAt + place * step);
}

/**
 * When a source fell silent, each time that it would have been told within a window; oldest first. In milliseconds since 1970.
 * @param hours of one source, oldest first: also of a time before the window, from which it is learned how the source comes
 * @param from milliseconds, included
 * @param until milliseconds, excluded
 */
export function pastGaps(
  hours: readonly PastHour[],
  silentMinutes: number,
  { from, until }: { readonly from: number; readonly until: number },
): readonly number[] {
  const [first, ...times] = hours.flatMap(timesIn);
  if (first === undefined) return [];
  const found: number[] = [];
  let silence: Silence = lookedAt(null, first, first);
  let next = 0;
  for (let at = first + MINUTE; at < until; at += MINUTE) {
    let newest = silence.newestAt;
    for (; next < times.length && (times[next] ?? 0) <= at; next += 1)
      newest = times[next] ?? newest;
    silence = lookedAt(silence, newest, at);
    const isTold = found.at(-1) === silence.newestAt;
    if (at >= from && !isTold && isGap(silence, silentMinutes)) found.push(silence.newestAt);
  }
  return found;
}
