import type { Window } from '../flows/flow-condition.js';
import { nextChange, type Past } from '../inventory/past.js';
import type { DateTime } from '../query/date-time.js';

const HOUR_MS = 3_600_000;
const MICROSECONDS = 1_000_000n;

/** Hours since 1970 as a DateTime. */
export const hourText = (hour: number): DateTime =>
  `${new Date(hour * HOUR_MS).toISOString().slice(0, 19)}.000000Z`;

/** The last moment before this one. */
export function justBefore(moment: DateTime): DateTime {
  const seconds = BigInt(Math.floor(Date.parse(`${moment.slice(0, 19)}Z`) / 1000));
  const micros = seconds * MICROSECONDS + BigInt(moment.slice(20, 26)) - 1n;
  const whole = new Date(Number(micros / MICROSECONDS) * 1000).toISOString().slice(0, 19);
  return `${whole}.${String(micros % MICROSECONDS).padStart(6, '0')}Z`;
}

/** A state that both ends of a flow had: the moment that ended it; null: it is theirs now. */
export type StateEnd = DateTime | null;

/** A flow as it was seen. */
export type SeenFlow = {
  readonly sourceId: string;
  readonly destinationId: string;
  readonly firstSeenAt: DateTime;
  readonly lastSeenAt: DateTime;
  /** Hours of the window that it was seen in, since 1970, ascending. */
  readonly hours: readonly number[];
};

/** A flow of the window with an end that was something else at some time. */
export type TouchedFlow = SeenFlow & {
  readonly id: string;
  readonly port: number | null;
  readonly protocol: string;
  readonly servicePort: number | null;
  readonly trafficClass: string;
  /** The dataplane denied it in every hour of the window. */
  readonly denied: boolean;
};

/** Consecutive hours of a flow in which its ends had the same states. Half-open, hours since 1970. */
export type Run = {
  readonly from: number;
  readonly until: number;
  readonly states: readonly StateEnd[];
};

const later = (...moments: readonly (DateTime | null)[]): DateTime =>
  moments.reduce<DateTime>((last, one) => (one !== null && one > last ? one : last), '');
const earlier = (one: DateTime | null, other: DateTime | null): DateTime | null => {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
};

/** The states of both ends from a moment until another, both inclusive. */
function statesWithin(past: Past, flow: SeenFlow, from: DateTime, to: DateTime): StateEnd[] {
  const states: StateEnd[] = [];
  let moment = from;
  for (;;) {
    const next = earlier(
      nextChange(past, flow.sourceId, moment),
      nextChange(past, flow.destinationId, moment),
    );
    states.push(next);
    if (next === null || next > to || next <= moment) return states;
    moment = next;
  }
}

function statesOfHour(past: Past, flow: SeenFlow, { since }: Window, hour: number): StateEnd[] {
  const from = later(hourText(hour), flow.firstSeenAt, since);
  const to = earlier(justBefore(hourText(hour + 1)), flow.lastSeenAt) ?? from;
  return statesWithin(past, flow, from, later(from, to));
}

const isSame = (one: readonly StateEnd[], other: readonly StateEnd[]): boolean =>
  one.length === other.length && one.every((state, place) => state === other[place]);

/**
 * What the ends of a flow were in each hour in which it was seen. An hour is all that is kept of when it was seen, within
 * its life: where an end changed in it, the hour has several states.
 */
export function runsOf(past: Past, window: Window, flow: SeenFlow): readonly Run[] {
  const runs: Run[] = [];
  for (const hour of flow.hours) {
    const states = statesOfHour(past, flow, window, hour);
    const last = runs.at(-1);
    if (last !== undefined && isSame(last.states, states))
      runs[runs.length - 1] = { ...last, until: hour + 1 };
    else runs.push({ from: hour, until: hour + 1, states });
  }
  return runs;
}
