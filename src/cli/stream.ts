import { Failure } from './shell.js';

/** A stream could not be had or broke, and the next may do better. */
export class Lost extends Failure {}

export const lost = (error: unknown): Lost => {
  const { message, hint = null } = error as Partial<Failure>;
  return new Lost(message ?? String(error), hint);
};

/** What stands before the server says that it does not answer, it is about to end, or too many come at once. */
export const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** The same, as GraphQL says it. */
export const PASSING_CODES: ReadonlySet<string> = new Set(['UNAVAILABLE', 'RATE_LIMITED']);

/** What a `Date` header says, as ISO text. */
export const isoOf = (date: string | null): string | null => {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? null : new Date(time).toISOString();
};

/** @throws Lost where it breaks */
async function* unbroken(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw lost(error);
  }
}

/** The data of the events of a stream, but for the last, which is empty. */
export async function* eventsIn(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of unbroken(body)) {
    text += decoder.decode(bytes, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (data !== undefined) yield data;
    }
  }
}
