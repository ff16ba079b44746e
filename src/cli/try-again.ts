import { setTimeout as pause } from 'node:timers/promises';

/** What one attempt came to: an answer, when to try again, or what was thrown. */
export type Attempt =
  | { readonly response: Response; readonly again: number | null }
  | { readonly error: unknown; readonly again: number | null };

const LONGEST_WAIT_S = 30;
/** A server that starts for the first time sets up its database, which takes a minute on a slow machine. */
const PATIENCE_MS = 120_000;

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

/** Who is asked to come again at once comes a little later each time. */
const waitOf = (asked: number, tried: number): number => Math.max(asked, Math.min(1, tried / 20));

/**
 * Tries until an attempt does not ask for another, for two minutes at most.
 * @param tell hears of each wait, in seconds
 */
export async function tryAgain(
  attempt: (tried: number) => Promise<Attempt>,
  tell: (seconds: number) => void,
): Promise<Response> {
  const over = Date.now() + PATIENCE_MS;
  for (let tried = 1; ; tried += 1) {
    const outcome = await attempt(tried);
    const wait = outcome.again === null ? Infinity : waitOf(outcome.again, tried);
    if (Date.now() + wait * 1_000 > over) {
      if ('response' in outcome) return outcome.response;
      throw outcome.error;
    }
    tell(wait);
    // What it said is not read, and would hold its connection.
    if ('response' in outcome) await outcome.response.body?.cancel();
    await pause(wait * 1_000);
  }
}
