/** What was moved between a deployment and a group of peers outside in an hour. */
export type VolumeHour = {
  /** ISO text. */
  readonly hour: string;
  readonly bytes: number;
};

export type UnusualHour = VolumeHour & {
  /** Median of the hours before it; 0: there are none. */
  readonly usual: number;
};

function medianOf(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

const ascending = (numbers: readonly number[]): readonly number[] =>
  numbers.toSorted((one, other) => one - other);

/** Of a normal distribution the median absolute deviation times this is the standard deviation. */
const TO_DEVIATION = 1.4826;
/** So many deviations over the median, and so many times the median: hours that are all alike deviate by nothing. */
const DEVIATIONS = 6;
const TIMES = 3;

/**
 * The hours that moved more than is usual: more than `atLeast` bytes, more than three times the median of the hours before them, and
 * more than six deviations (by the median absolute deviation) over it. One large hour before does not make the next one usual.
 * @param hours of one deployment and group, those alone in which something was moved, in the order of time
 */
export function unusualHours(
  hours: readonly VolumeHour[],
  atLeast: number,
): readonly UnusualHour[] {
  return hours.flatMap((one, place) => {
    if (one.bytes < atLeast) return [];
    const before = ascending(hours.slice(0, place).map(({ bytes }) => bytes));
    const usual = medianOf(before);
    const spread = medianOf(ascending(before.map(bytes => Math.abs(bytes - usual))));
    const bound = Math.max(usual * TIMES, usual + DEVIATIONS * TO_DEVIATION * spread);
    return one.bytes > bound ? [{ ...one, usual }] : [];
  });
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `9.1 GB`, in powers of a thousand. */
export function bytesText(bytes: number): string {
  let left = bytes;
  let unit = 0;
  while (left >= 1_000 && unit < UNITS.length - 1) {
    left /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? left : left.toFixed(1)} ${UNITS[unit]}`;
}
