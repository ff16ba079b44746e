import { hash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError, ErrorCode } from '../query/api-error.js';
import type { Authenticator, Shown } from './authenticate.js';
import { type Caller, LOCAL_CALLER, principalOf } from './caller.js';
import { scopeKey } from './scope.js';
import { type SharedLimit, type Sharing, sharedLimit } from './shared-limit.js';

/** What each caller may ask of all servers together in a minute; 0: as much as they like. */
export type RateLimits = {
  readonly requests: number;
  /** Of the documents of GraphQL, as `extensions.cost` says it. */
  readonly cost: number;
};

export type RateLimiter = {
  /** @throws ApiError RATE_LIMITED with `retryAfter` in whole seconds */
  readonly charge: (caller: Caller, cost: number) => Promise<void>;
  /** Of who was refused, by address: guessing is slow. @throws ApiError RATE_LIMITED */
  readonly knock: (address: string | null) => Promise<void>;
  /** @throws ApiError RATE_LIMITED where the address was refused too often */
  readonly admit: (address: string | null) => Promise<void>;
};

/** Refused sign-ins of one address in a minute. */
const MOST_REFUSED = 60;

/** Fractions of a second are rounded up: who waits less is refused again. */
const secondsOf = ({ msBeforeNext }: RateLimiterRes): number =>
  Math.max(1, Math.ceil(msBeforeNext / 1_000));

function limited(error: unknown, what: string): unknown {
  if (!(error instanceof RateLimiterRes)) return error;
  const retryAfter = secondsOf(error);
  return new ApiError(ErrorCode.RATE_LIMITED, `${what}; try again in ${retryAfter} s`, {
    retryAfter,
  });
}

async function take(
  {
    limit,
    key,
    points,
  }: { readonly limit: SharedLimit | null; readonly key: string; readonly points: number },
  what: string,
): Promise<void> {
  try {
    await limit?.spend(key, points);
  } catch (error) {
    throw limited(error, what);
  }
}

/** One of a caller's addresses is as good as another of its network. */
export function networkOf(address: string | null): string {
  if (address === null || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()}/64`;
}

const keyOf = (caller: Caller): string =>
  `${principalOf(caller)} ${JSON.stringify(caller.clusters)} ${scopeKey(caller)}`;

/**
 * Limits over all servers. Who needs no token is alone on this machine, and not counted.
 * @param sharing null: this server is the only one
 */
export function rateLimiter(limits: RateLimits, sharing: Sharing | null = null): RateLimiter {
  const limit = (name: string, points: number): SharedLimit | null =>
    points === 0 ? null : sharedLimit(name, points, sharing);
  const requests = limit('requests', limits.requests);
  const cost = limit('cost', limits.cost);
  const refused = sharedLimit('refused', MOST_REFUSED, sharing);
  return {
    charge: async (caller, points) => {
      if (caller === LOCAL_CALLER) return;
      const key = keyOf(caller);
      await take(
        { limit: requests, key, points: 1 },
        `\`${caller.name}\` asked more than ${limits.requests} times in a minute`,
      );
      if (points > 0)
        await take(
          { limit: cost, key, points },
          `what \`${caller.name}\` asked in a minute costs more than ${limits.cost}`,
        );
    },
    knock: async address => {
      await refused.spend(networkOf(address), 1).catch(() => {});
    },
    admit: async address => {
      const over = await refused.over(networkOf(address));
      if (over !== null) throw limited(over, `${networkOf(address)} was refused too often`);
    },
  };
}

const KNOWN_MS = 3_600_000;
const MOST_KNOWN = 10_000;

/** Who was answered here within the hour, by what was shown: nobody guesses that. */
function knownHere() {
  const seen = new Map<string, number>();
  const keyFor = (authorization: string): string => hash('sha256', authorization, 'base64url');
  return {
    isKnown: ({ authorization }: Shown): boolean =>
      authorization !== null && (seen.get(keyFor(authorization)) ?? 0) > Date.now() - KNOWN_MS,
    remember: ({ authorization }: Shown): void => {
      if (authorization === null) return;
      if (seen.size > MOST_KNOWN) seen.clear();
      seen.set(keyFor(authorization), Date.now());
    },
    forget: ({ authorization }: Shown): void => {
      if (authorization !== null) seen.delete(keyFor(authorization));
    },
  };
}

/**
 * The same authenticator, which an address that was refused too often cannot ask for a while. Behind one address there may be many:
 * whoever was answered before is answered still.
 */
export const admitting = (
  callers: Authenticator,
  { admit, knock }: Pick<RateLimiter, 'admit' | 'knock'>,
): Authenticator => {
  const known = knownHere();
  return {
    ...callers,
    callerOf: async shown => {
      if (!known.isKnown(shown)) await admit(shown.remoteAddress);
      try {
        const caller = await callers.callerOf(shown);
        known.remember(shown);
        return caller;
      } catch (error) {
        if (error instanceof ApiError && error.code === ErrorCode.UNAUTHENTICATED) {
          known.forget(shown);
          await knock(shown.remoteAddress);
        }
        throw error;
      }
    },
  };
};
