import type { Baseline } from './baseline.js';

const DAY_MS = 86_400_000;

/** "Re-generate baselines quarterly": whether a baseline was learned more than so many days ago. */
export const isStale = (
  { generatedAt }: Pick<Baseline, 'generatedAt'>,
  staleDays: number,
  now: Date,
): boolean => now.getTime() - Date.parse(generatedAt) > staleDays * DAY_MS;
