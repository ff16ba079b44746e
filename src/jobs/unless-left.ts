import { currentSignal, unhurried } from '../database/deadline.js';
import { hasClientLeft } from '../http/deadline.js';

/**
 * What is waited for. Where the client goes away before it is answered, nobody knows the id of what it asked for: that is
 * called off. A deadline does not: the answer tells the id.
 * @throws what `waited` throws, and the reason of the signal
 */
export async function unlessLeft<T>(
  waited: Promise<T>,
  callOff: () => Promise<unknown>,
): Promise<T> {
  const signal = currentSignal();
  if (signal === null) return waited;
  const left = (): void => {
    if (hasClientLeft(signal)) void unhurried(callOff).catch(() => {});
  };
  signal.addEventListener('abort', left, { once: true });
  try {
    return await waited;
  } finally {
    signal.removeEventListener('abort', left);
  }
}
