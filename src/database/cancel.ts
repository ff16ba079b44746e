import { connect, type Socket } from 'node:net';
import type pg from 'pg';
import { type SpanFacts, spannedWithin } from '../tracing/tracing.js';
import { currentSignal } from './deadline.js';

/** What of a client tells Postgres which session to interrupt. */
type Session = {
  readonly host: string;
  readonly port: number;
  readonly processID: number | null;
  readonly secretKey: number | null;
};

/** "The cancel request code … 1234 in the most significant 16 bits, and 5678 in the least." */
const CANCEL = 80_877_102;

function requestFor(processId: number, secretKey: number): Buffer {
  const bytes = Buffer.alloc(16);
  [16, CANCEL, processId, secretKey].forEach((word, place) => {
    bytes.writeInt32BE(word, place * 4);
  });
  return bytes;
}

const wayTo = ({ host, port }: Session): Socket =>
  host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);

const PATIENCE_MS = 5_000;

/** Asks Postgres to end the statement of a session; resolves when it was told, or cannot be. */
function interrupt(session: Session): Promise<void> {
  const { processID, secretKey } = session;
  if (processID === null || secretKey === null) return Promise.resolve();
  return new Promise(resolve => {
    const socket = wayTo(session);
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.once('connect', () => socket.end(requestFor(processID, secretKey)));
    socket.once('error', () => {});
    socket.once('close', () => resolve());
    socket.resume();
  });
}

/** A transaction that is not wanted any more must still be ended. */
const ENDS = /^\s*(?:rollback|abort)\b/i;
/** Whether it was done must not depend on a race. */
const COMMITS = /^\s*commit\b/i;

/**
 * Runs a statement that the signal ends. The answer waits until the interruption has arrived: it must not meet whatever
 * the session does next.
 */
async function heeded<T>(client: Session, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let interrupted: Promise<void> | null = null;
  const abort = (): void => {
    interrupted = interrupt(client);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await run();
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', abort);
    await interrupted;
  }
}

type Query = (...given: readonly unknown[]) => unknown;

const NAME = /^\s*\/\* ([\w.-]+) \*\/|^\s*(\w+)/;

/** A statement by its name, which stands in it as a comment; without its parameters. */
function spanOf(sql: string): SpanFacts {
  const [, name, word = 'statement'] = NAME.exec(sql) ?? [];
  const summary = name ?? word.toUpperCase();
  const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': summary };
  return { name: summary, kind: 'CLIENT', attributes };
}

/** Makes each statement of a client heed the signal under which it is asked (`heeding`), and a span of what asks for it. */
export function heedSignals(client: pg.Client): void {
  const query = client.query.bind(client) as Query;
  const session = client as unknown as Session;
  const heedful = (sql: string, given: readonly unknown[]): unknown => {
    const signal = currentSignal();
    if (signal === null || ENDS.test(sql)) return query(...given);
    if (!COMMITS.test(sql))
      return heeded(session, signal, () => query(...given) as Promise<unknown>);
    return signal.aborted ? Promise.reject(signal.reason) : query(...given);
  };
  const shown: Query = (...given) => {
    const [sql, , callback] = given;
    if (typeof sql !== 'string' || callback !== undefined) return query(...given);
    return spannedWithin(
      () => spanOf(sql),
      () => heedful(sql, given),
    );
  };
  Object.assign(client, { query: shown });
}
