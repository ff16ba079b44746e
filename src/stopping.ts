import { layersOf } from './query/unavailable.js';

/** What work throws that was told to stop before it was done. */
export class Stopped extends Error {
  constructor() {
    super('stopped');
    this.name = 'Stopped';
  }
}

let told: AbortController | null = null;

/**
 * Fires at the first SIGINT or SIGTERM to this process. From the first call on no signal ends the process by itself: who
 * waits for the database to stop must not leave it behind.
 */
export function stopSignal(): AbortSignal {
  return stopper().signal;
}

function stopper(): AbortController {
  if (told !== null) return told;
  const controller = new AbortController();
  const stop = (): void => controller.abort(new Stopped());
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
  told = controller;
  return controller;
}

/** As of every failure. */
const FAILED = 2;

/** A stop takes some 15 s at the most, waiting for requests and jobs included. */
const LONGEST_STOP_MS = 60_000;

let uncaught: ((error: unknown) => void) | null = null;

/**
 * From the first call on, what nobody caught is told and stops this process as a signal does, with exit code 2. Node itself would write
 * the error with all that hangs on it, such as the password of the database, and leave Postgres behind.
 */
export function stopOnUncaught(tell: (error: unknown) => void): void {
  if (uncaught === null)
    process.on('uncaughtException', error => {
      uncaught?.(error);
      const { signal } = stopper();
      // What comes after a stop was asked for is told, and changes nothing.
      if (signal.aborted) return;
      process.exitCode = FAILED;
      stopper().abort(new Stopped());
      setTimeout(() => process.exit(FAILED), LONGEST_STOP_MS).unref();
    });
  uncaught = tell;
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
