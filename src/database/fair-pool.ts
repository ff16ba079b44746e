import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { currentAsker, currentSignal } from './deadline.js';
import { fairGate } from './fair-gate.js';

type Done = (
  error: Error | undefined,
  client?: pg.PoolClient,
  release?: (error?: Error | boolean) => void,
) => void;

/** Of ten connections one caller has seven at most: three are for whoever else asks. */
const SHARE = 0.7;

/**
 * Gives connections of a pool in turns to those who ask (`askedBy`). Who waits stops waiting when the request's time is over,
 * and waits as long as that: the pool's own limit is for connections that cannot be made.
 */
export function shareFairly({ driver }: DataSource, size = 10): void {
  const { master: pool } = driver as unknown as { readonly master: pg.Pool };
  const gate = fairGate(size, Math.max(2, Math.floor(size * SHARE)));
  const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;
  const take = async (): Promise<pg.PoolClient> => {
    const leave = await gate.enter(currentAsker(), currentSignal());
    try {
      const client = await connect();
      const release = client.release;
      client.release = error => {
        release.call(client, error);
        leave();
      };
      return client;
    } catch (error) {
      leave();
      throw error;
    }
  };
  const taking = (done?: Done): Promise<pg.PoolClient> | undefined => {
    const client = take();
    if (done === undefined) return client;
    client.then(
      one => done(undefined, one, one.release),
      error => done(error),
    );
    return undefined;
  };
  Object.assign(pool, { connect: taking });
}
