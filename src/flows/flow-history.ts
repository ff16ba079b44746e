import type { FlowCounts } from './flow-counts.js';

export const HistoryStep = { HOUR: 'HOUR', DAY: 'DAY' } as const;
export type HistoryStep = (typeof HistoryStep)[keyof typeof HistoryStep];

/** What was counted in one hour or day, which begins at that time (ISO text in UTC). */
export type HistoryPoint = FlowCounts & { readonly at: string };

/** Newest first; steps without a count are left out. */
export type FlowHistory = {
  readonly points: readonly HistoryPoint[];
  /** There are earlier ones in the window. */
  readonly truncated: boolean;
};

/** Six weeks of hours, or nearly three years of days. */
export const MOST_POINTS = 1_000;
