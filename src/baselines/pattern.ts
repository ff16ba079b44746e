import type { WindowFlow } from '../flows/flow-window.store.js';

/** How often something is seen. */
export const TrafficPattern = {
  /** Many hours, as most traffic. */
  REGULAR: 'REGULAR',
  /** Only in the first hour in which the deployment was seen. */
  START_UP: 'START_UP',
  /** At the same few hours of some days. */
  DAILY: 'DAILY',
  WEEKLY: 'WEEKLY',
  MONTHLY: 'MONTHLY',
  /** One hour out of a day or more that was watched. */
  ONCE: 'ONCE',
} as const;
export type TrafficPattern = (typeof TrafficPattern)[keyof typeof TrafficPattern];

/** Over what time a deployment was watched. */
export type Span = {
  /** When it was first seen, ISO text. */
  readonly first: string;
  readonly coveredHours: number;
};

type Seen = Pick<WindowFlow, 'firstSeenAt' | 'days' | 'hours' | 'clock'>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** "observe at least 24-48 hours": before a day is over nothing is rare. */
const SHORTEST_HOURS = 24;

/** A job that begins at the same time each day touches two hours of the clock, where it runs late three. */
const [MOST_HOURS_OF_CLOCK, MOST_HOURS_OF_DAY] = [3, 2];

/** Days between the days on which it was seen. */
const gapsOf = (days: readonly string[]): readonly number[] =>
  days.slice(1).map((day, place) => (Date.parse(day) - Date.parse(days[place] ?? '')) / DAY_MS);

const within = (gaps: readonly number[], least: number, greatest: number): boolean =>
  gaps.length > 0 && gaps.every(gap => gap >= least && gap <= greatest);

const bits = (mask: number): number => [...mask.toString(2)].filter(bit => bit === '1').length;

const hourOf = (time: string): number => Math.floor(Date.parse(time) / HOUR_MS);

/** Null: the deployment was watched for too short a time. */
export function patternOf(
  { firstSeenAt, days, hours, clock }: Seen,
  { first, coveredHours }: Span,
): TrafficPattern | null {
  if (coveredHours < SHORTEST_HOURS) return null;
  if (hours <= 1)
    return hourOf(firstSeenAt) <= hourOf(first) ? TrafficPattern.START_UP : TrafficPattern.ONCE;
  const gaps = gapsOf(days);
  const isRare = hours <= days.length * MOST_HOURS_OF_DAY;
  if (!isRare) return TrafficPattern.REGULAR;
  if (within(gaps, 27, 32)) return TrafficPattern.MONTHLY;
  if (within(gaps, 6, 8)) return TrafficPattern.WEEKLY;
  return within(gaps, 1, 1) && bits(clock) <= MOST_HOURS_OF_CLOCK
    ? TrafficPattern.DAILY
    : TrafficPattern.REGULAR;
}
