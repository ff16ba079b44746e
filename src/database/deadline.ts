import { AsyncLocalStorage } from 'node:async_hooks';

/** Ends what is asked of the database for one request: fired when its time is over, or when nobody waits for it any more. */
const current = new AsyncLocalStorage<AbortSignal | null>();

/** The signal of the request that is being answered here; null: nothing ends this work but the database's own limits. */
export const currentSignal = (): AbortSignal | null => current.getStore() ?? null;

/** Does work whose statements end with the signal; the signal's reason is what they throw then. */
export const heeding = <T>(signal: AbortSignal, work: () => T): T => current.run(signal, work);

/** Does work that goes on whoever waits for it: what others share, and what must be written down. */
export const unhurried = <T>(work: () => T): T => current.run(null, work);

const asker = new AsyncLocalStorage<string>();

/** Who the work here is for, as `askedBy` was told; null: nobody in particular. */
export const currentAsker = (): string | null => asker.getStore() ?? null;

/** Does work for somebody: what all share is given to callers in turns. */
export const askedBy = <T>(who: string | null, work: () => T): T =>
  who === null ? work() : asker.run(who, work);

/** What is waited for, or the signal's reason, whichever is first; what goes on then is nobody's any more. */
export async function orAborted<T>(signal: AbortSignal, waited: Promise<T>): Promise<T> {
  waited.catch(() => {});
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([waited, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
