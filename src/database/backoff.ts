import { setTimeout as pause } from 'node:timers/promises';

const FIRST_MS = 250;
const LONGEST_MS = 15_000;

/** Waits longer each time, from a quarter of a second to fifteen; at once where the signal has fired. */
export async function waitLonger(tried: number, signal: AbortSignal): Promise<void> {
  const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tried, 10));
  await pause(wait, undefined, { signal }).catch(() => {});
}
