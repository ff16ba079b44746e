import { setTimeout as pause } from 'node:timers/promises';

/** What one attempt came to: an answer, when to try again, or what was thrown. */
export type Attempt =
  | { readonly response: Response; readonly again: number | null }
  | { readonly error: unknown; readonly again: number | null };

const TRIES = 6;
const LONGEST_WAIT_S = 30;

/** Of an answer that asks for patience (RFC 9110, "Retry-After" in seconds); null: it does not. */
export function patienceOf({ status, headers }: Response): number | null {
  if (status !== 429 && status !== 503) return null;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), LONGEST_WAIT_S) : null;
}

const CUT = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Whether a connection was there and broke, rather than never came about. */
export function wasCut(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error && 'code' in cause && CUT.has(String(cause.code));
}

/**
 * Tries until an attempt does not ask for another, six times at most.
 * @param tell hears of each wait, in seconds
 */
export async function tryAgain(
  attempt: (tried: number) => Promise<Attempt>,
  tell: (seconds: number) => void,
): Promise<Response> {
  for (let tried = 1; ; tried += 1) {
    const outcome = await attempt(tried);
    if (outcome.again === null || tried === TRIES) {
      if ('response' in outcome) return outcome.response;
      throw outcome.error;
    }
    tell(outcome.again);
    await pause(outcome.again * 1_000);
  }
}
