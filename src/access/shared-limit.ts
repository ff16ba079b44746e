import { hash } from 'node:crypto';
import { RateLimiterMemory, RateLimiterPostgres, type RateLimiterRes } from 'rate-limiter-flexible';
import type { RateCountStore } from './rate-count.store.js';

/** Counts of one kind, over all servers. */
export type SharedLimit = {
  /** @throws RateLimiterRes where the key has spent more than its points in the minute */
  readonly spend: (key: string, points: number) => Promise<void>;
  /** What is known here of a key that has spent all its points; null: it has not. */
  readonly over: (key: string) => Promise<RateLimiterRes | null>;
};

export type Sharing = {
  readonly store: RateCountStore;
  /** Told whether the servers count together, when it becomes so or otherwise. */
  readonly tell: (isShared: boolean, error?: unknown) => void;
};

const MINUTE_S = 60;

/** Of the points of a key, one server lets through a twentieth before it asks what the others have. */
const ALONE = 1 / 20;

/** The answer of the database is not awaited for longer. */
const PATIENCE_MS = 1_000;
/** After it did not come, servers count alone for so long. */
const AWAY_MS = 5_000;

const MOST_KEYS = 100_000;

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('the database is slow')), milliseconds);
  work.catch(() => {});
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}

/** What is spent of a key on this server and not told to the others yet. */
function untold(least: number) {
  const points = new Map<string, number>();
  return {
    /** What is due to be told; 0: it is too little. */
    add: (key: string, more: number): number => {
      const sum = (points.get(key) ?? 0) + more;
      if (points.size > MOST_KEYS) points.clear();
      if (sum < least) points.set(key, sum);
      else points.delete(key);
      return sum < least ? 0 : sum;
    },
  };
}

/** Keys as they are stored: of one length, and without names. */
const storedKey = (name: string, key: string): string =>
  hash('sha256', `${name} ${key}`, 'base64url');

function counted(name: string, points: number, { store, tell }: Sharing) {
  const all = new RateLimiterPostgres({
    storeClient: store,
    storeType: 'client',
    tableName: 'rate_count',
    tableCreated: true,
    keyPrefix: name,
    points,
    duration: MINUTE_S,
  });
  let awayUntil = 0;
  /** Null: nobody can say. */
  return async (key: string, spent: number): Promise<RateLimiterRes | null> => {
    if (Date.now() < awayUntil) return null;
    try {
      const told = await within(PATIENCE_MS, all.penalty(storedKey(name, key), spent));
      if (awayUntil > 0) tell(true);
      awayUntil = 0;
      return told;
    } catch (error) {
      if (awayUntil === 0) tell(false, error);
      awayUntil = Date.now() + AWAY_MS;
      return null;
    }
  };
}

/**
 * A limit per key and minute. Each server counts in memory, and tells the database each twentieth of the points that a key has spent: what
 * is let through over all servers is the points and, for each server, a twentieth more. Where the database cannot say, each server
 * holds the limit alone.
 * @param sharing null: there is one server
 */
export function sharedLimit(name: string, points: number, sharing: Sharing | null): SharedLimit {
  const here = new RateLimiterMemory({ points, duration: MINUTE_S });
  const waiting = untold(Math.max(1, Math.floor(points * ALONE)));
  const everywhere = sharing === null ? null : counted(name, points, sharing);
  return {
    spend: async (key, spent) => {
      await here.consume(key, spent);
      const due = waiting.add(key, spent);
      const told = due === 0 || everywhere === null ? null : await everywhere(key, due);
      if (told === null || told.consumedPoints <= points) return;
      await here.block(key, Math.max(1, Math.ceil(told.msBeforeNext / 1_000)));
      throw told;
    },
    over: async key => {
      const spent = await here.get(key);
      return spent !== null && spent.consumedPoints >= points ? spent : null;
    },
  };
}
