import type { Hour } from './maturity.js';

/** A time for which a change opens a baseline again; until excluded, null: it is not over yet. */
export type Reopened = { readonly since: Hour; readonly until: Hour | null };

/** The covered hours after each change in which learning is open again. */
export function reopenedBy(
  changes: readonly Hour[],
  covered: readonly Hour[],
  relearnHours: number,
): readonly Reopened[] {
  return changes.map(since => {
    const last = covered.filter(hour => hour >= since)[relearnHours - 1];
    return { since, until: last === undefined ? null : last + 1 };
  });
}

export const isWithin = (hour: Hour, windows: readonly Reopened[]): boolean =>
  windows.some(({ since, until }) => hour >= since && (until === null || hour < until));

export const isOpenNow = (windows: readonly Reopened[]): boolean =>
  windows.some(({ until }) => until === null);
