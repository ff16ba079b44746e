import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import { failure } from './failure.js';
import { type Log, silentLog } from './log.js';

/** Postgres: "in the default configuration it must be shorter than 8000 bytes". */
const LARGEST_PAYLOAD_BYTES = 7_999;

/**
 * Tells every listener, on all replicas, when this transaction commits; outside of one, at once.
 * @internal tests only, so far: the statements of jobs tell by `pg_notify` themselves
 */
export async function notify(
  manager: EntityManager,
  channel: string,
  payload: string,
): Promise<void> {
  const size = Buffer.byteLength(payload);
  if (size > LARGEST_PAYLOAD_BYTES)
    throw new Error(`a notification on \`${channel}\` has ${size} bytes: send an id instead`);
  await manager.query('/* database.notify */ select pg_notify($1, $2)', [channel, payload]);
}

export type ListenSettings = {
  readonly log?: Log;
  /** By which others find who listens. Default `weirgate-listen`. */
  readonly applicationName?: string;
  /** The connection was lost and is there again: what was told in between is missed. */
  readonly onGap?: () => void;
};

const RETRY_MS = [100, 250, 500, 1_000, 2_000, 5_000];

type Connection = { readonly ended: Promise<void>; close(): Promise<void> };

async function connect(
  url: string,
  channel: string,
  handler: (payload: string) => void,
  applicationName: string,
): Promise<Connection> {
  const client = new pg.Client({
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  const ended = new Promise<void>(resolve => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
  const close = (): Promise<void> => client.end().catch(() => {});
  client.on('notification', ({ payload }) => handler(payload ?? ''));
  try {
    await client.connect();
    await client.query(`/* database.listen */ listen ${pg.escapeIdentifier(channel)}`);
    return { ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Calls the handler with each payload on the channel, over a connection of its own that is made again
 * when it breaks. Answers the function that ends it. Throws a Failure when the first connection cannot be made.
 */
export async function listen(
  url: string,
  channel: string,
  handler: (payload: string) => void,
  { log = silentLog, onGap = () => {}, applicationName = 'weirgate-listen' }: ListenSettings = {},
): Promise<() => Promise<void>> {
  const closing = new AbortController();
  const { signal } = closing;
  let connection = await connect(url, channel, handler, applicationName).catch(error => {
    throw failure(
      `notifications on \`${channel}\` cannot be received: ${error instanceof Error ? error.message : error}`,
      'Postgres must be reached directly, not through a pooler that shares sessions',
      error,
    );
  });
  const reconnect = async (): Promise<void> => {
    for (let tried = 0; !signal.aborted; tried++) {
      await pause(RETRY_MS[tried] ?? RETRY_MS.at(-1), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        connection = await connect(url, channel, handler, applicationName);
        // Whoever ended the listening meanwhile closed the connection before this one.
        if (signal.aborted) await connection.close();
        return;
      } catch (error) {
        log.warn({ channel, err: error }, 'cannot listen yet');
      }
    }
  };
  const kept = (async () => {
    for (;;) {
      await connection.ended;
      if (signal.aborted) return;
      log.warn({ channel }, 'the connection for notifications broke');
      await reconnect();
      if (!signal.aborted) onGap();
    }
  })();
  return async () => {
    closing.abort();
    await connection.close();
    await kept;
  };
}
