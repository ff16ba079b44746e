import { layersOf } from './query/unavailable.js';

/** What work throws that was told to stop before it was done. */
export class Stopped extends Error {
  constructor() {
    super('stopped');
    this.name = 'Stopped';
  }
}

let told: AbortSignal | null = null;

/**
 * Fires at the first SIGINT or SIGTERM to this process. From the first call on no signal ends the process by itself: who
 * waits for the database to stop must not leave it behind.
 */
export function stopSignal(): AbortSignal {
  if (told !== null) return told;
  const controller = new AbortController();
  const stop = (): void => controller.abort(new Stopped());
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
  told = controller.signal;
  return told;
}

/** Resolves when the signal has fired. */
export const fired = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * To be stopped before everything had started is no failure. Where a statement was stopped, the error of the driver is
 * what hides it.
 */
export async function unlessStopped(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!layersOf(error).some(layer => layer instanceof Stopped)) throw error;
  }
}
