import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { heeding } from '../database/deadline.js';
import { UnavailableReason, unavailable } from '../query/unavailable.js';

/** Work that hears ends its statement and throws. What computes without a pause hears nothing, and has so long to end by itself. */
const DEAF_MS = 5_000;

export type Unwanted = {
  /** To be sent to the thread. */
  readonly port: MessagePort;
  /** Fires where the thread did not hear. */
  readonly deaf: AbortSignal;
  /** To be called when the thread has answered. */
  readonly answered: () => void;
};

/** Tells a thread when nobody waits for its answer any more. */
export function tellingUnwanted(signal: AbortSignal, deafMs = DEAF_MS): Unwanted {
  const { port1: near, port2: far } = new MessageChannel();
  near.unref();
  const deaf = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  const tell = (): void => {
    near.postMessage('unwanted');
    timer = setTimeout(() => deaf.abort(), deafMs);
  };
  if (signal.aborted) tell();
  else signal.addEventListener('abort', tell, { once: true });
  return {
    port: far,
    deaf: deaf.signal,
    answered: () => {
      signal.removeEventListener('abort', tell);
      if (timer !== null) clearTimeout(timer);
      near.close();
    },
  };
}

/** Does work in a thread, whose statements end when it is told that nobody waits. */
export async function whileWanted<T>(port: MessagePort | null, work: () => Promise<T>): Promise<T> {
  if (port === null) return work();
  const unwanted = new AbortController();
  port.on('message', () =>
    unwanted.abort(unavailable(UnavailableReason.DEADLINE, 'nobody waits for the answer')),
  );
  try {
    return await heeding(unwanted.signal, work);
  } finally {
    port.close();
  }
}

/** What piscina throws at the calls of a thread that was ended. */
const ENDED = /^(?:Terminating worker thread|worker exited with code: )/;

/** Whoever else was served by a thread that had to be ended may ask again. */
export const orBusy = (error: unknown): unknown =>
  error instanceof Error && ENDED.test(error.message)
    ? unavailable(UnavailableReason.BUSY, 'the thread of this work was ended; ask again')
    : error;
