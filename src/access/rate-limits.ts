import ipaddr from 'ipaddr.js';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError, ErrorCode } from '../query/api-error.js';
import type { Authenticator } from './authenticate.js';
import { type Caller, LOCAL_CALLER, principalOf } from './caller.js';
import { scopeKey } from './scope.js';

/** What each caller may ask of one server in a minute; 0: as much as they like. */
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

const MINUTE_S = 60;
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

const limiter = (points: number): RateLimiterMemory | null =>
  points === 0 ? null : new RateLimiterMemory({ points, duration: MINUTE_S });

async function take(
  {
    limit,
    key,
    points,
  }: { readonly limit: RateLimiterMemory | null; readonly key: string; readonly points: number },
  what: string,
): Promise<void> {
  try {
    await limit?.consume(key, points);
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

/** Limits of one server, kept in memory. Who needs no token is alone on this machine, and not counted. */
export function rateLimiter(limits: RateLimits): RateLimiter {
  const requests = limiter(limits.requests);
  const cost = limiter(limits.cost);
  const refused = new RateLimiterMemory({ points: MOST_REFUSED, duration: MINUTE_S });
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
      await refused.consume(networkOf(address)).catch(() => {});
    },
    admit: async address => {
      const spent = await refused.get(networkOf(address));
      if (spent !== null && spent.remainingPoints <= 0)
        throw limited(spent, `${networkOf(address)} was refused too often`);
    },
  };
}

/** The same authenticator, which an address that was refused too often cannot ask for a while. */
export const admitting = (
  callers: Authenticator,
  { admit, knock }: Pick<RateLimiter, 'admit' | 'knock'>,
): Authenticator => ({
  ...callers,
  callerOf: async shown => {
    await admit(shown.remoteAddress);
    try {
      return await callers.callerOf(shown);
    } catch (error) {
      if (error instanceof ApiError) await knock(shown.remoteAddress);
      throw error;
    }
  },
});
