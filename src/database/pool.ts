import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { openConnections } from './connections.js';
import type { Log } from './log.js';
import type { SameDatabase } from './same-database.js';

export type PoolSettings = {
  readonly url: string;
  /** Connections at most. */
  readonly size: number;
  /** As Postgres shows it in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly log: Log;
  /** Looks at each new connection. Default: any is taken. */
  readonly same?: SameDatabase | undefined;
};

export type OpenPool = {
  readonly pool: pg.Pool;
  /** Waits for clients that are in use, and resolves when every connection is closed. */
  close(): Promise<void>;
};

const WAIT_MS = 5;

/**
 * A pool of connections that is handed to a library. A connection that breaks is logged, whether it is in use or not:
 * without these listeners it would end the process. It is made again when it is next needed.
 */
export function openPool({ url, size, applicationName, log, same }: PoolSettings): OpenPool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    ...(same && { onConnect: same.admit }),
  });
  const connections = openConnections();
  const broke = (error: Error): void =>
    // The error carries the whole client, with the key by which its session can be ended.
    log.warn({ error: error.message, applicationName }, 'a connection to the database broke');
  pool.on('error', broke);
  pool.on('connect', client => {
    client.on('error', broke);
    connections.add(client);
  });
  return {
    pool,
    close: async () => {
      // `end` forgets whoever waits for a connection: the caller would hear of it by a timeout, if at all.
      while (pool.waitingCount > 0) await pause(WAIT_MS);
      await pool.end();
      await connections.closed();
    },
  };
}
