import type { IncomingHttpHeaders } from 'node:http';
import { ApiError, ErrorCode } from '../query/api-error.js';
import { type Caller, LOCAL_CALLER } from './caller.js';
import { isJwt } from './oidc/bearer.js';
import { sameCallers } from './same-callers.js';
import { hashOf, isTokenText, type Token } from './token.js';
import type { TokenStore } from './token.store.js';

/** What a request shows of who sent it. */
export type Shown = {
  /** The `Authorization` header, or what stands for it over WebSocket. */
  readonly authorization: string | null;
  readonly remoteAddress: string | null;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
};

export type Authenticator = {
  /** @throws ApiError UNAUTHENTICATED */
  readonly callerOf: (shown: Shown) => Promise<Caller>;
  /** Tokens are others now. */
  readonly forget: () => void;
  /** Calls when tokens are others; answers how to stop that. */
  readonly onChange: (changed: () => void) => () => void;
};

export type AuthenticatorDeps = {
  readonly tokens: Pick<TokenStore, 'use' | 'exists'>;
  /** Whether local callers are answered while no token was ever created. */
  readonly anonymous: boolean;
  /** A token of this process alone, which is stored nowhere. */
  readonly own: string | null;
  /** Who shows a JWT; left out: nobody is known by one. */
  readonly ofJwt?: (text: string) => Promise<Caller>;
  /** Milliseconds. */
  readonly now: () => number;
};

const LOOPBACK: readonly (string | null)[] = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];

/** Behind a proxy on this machine every caller looks local. */
const PROXIED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

const isLocal = ({ remoteAddress, headers }: Shown): boolean =>
  LOOPBACK.includes(remoteAddress) && PROXIED.every(name => headers[name] === undefined);

const unauthenticated = (message: string): ApiError =>
  new ApiError(ErrorCode.UNAUTHENTICATED, message);

const BEARER = /^Bearer +([!-~]{1,8192})$/i;

function bearerOf(authorization: string): string {
  const text = BEARER.exec(authorization.trim())?.[1];
  if (text !== undefined) return text;
  throw unauthenticated('the header `Authorization` is not `Bearer TOKEN`');
}

const callerOf = ({ id, name, roles, clusters, namespaces, selector }: Token): Caller => ({
  id: `token ${id}`,
  name,
  roles,
  clusters,
  namespaces,
  selector,
});

/** A token that was found good stays so for this long, unless this process hears that tokens are others. */
const GOOD_FOR_MS = 10_000;
/** The same for "no token was ever created". */
const NONE_FOR_MS = 1_000;
const MOST_KEPT = 10_000;

type Kept = { readonly caller: Caller; readonly until: number };

function goodTokens({ tokens, now }: AuthenticatorDeps) {
  const same = sameCallers();
  const kept = new Map<string, Kept>();
  const find = async (text: string): Promise<Caller> => {
    const hash = hashOf(text);
    const known = kept.get(hash);
    if (known !== undefined && known.until > now()) return known.caller;
    const token = await tokens.use(hash);
    kept.delete(hash);
    if (token === null) throw unauthenticated('the token is unknown, expired or revoked');
    if (kept.size > MOST_KEPT) kept.clear();
    const until = Math.min(now() + GOOD_FOR_MS, Date.parse(token.expiresAt));
    const caller = same(callerOf(token));
    kept.set(hash, { caller, until });
    return caller;
  };
  return { find, forget: () => kept.clear() };
}

/** Whether nobody was ever given a token. */
function firstStart({ tokens, now }: AuthenticatorDeps) {
  let noneUntil = 0;
  let some = false;
  const isNow = async (): Promise<boolean> => {
    if (some || noneUntil > now()) return !some;
    some = await tokens.exists();
    noneUntil = now() + NONE_FOR_MS;
    return !some;
  };
  return {
    isNow,
    forget: () => {
      noneUntil = 0;
    },
  };
}

/** Says who a request comes from, by its token; without one, whether that is enough. */
export function authenticator(deps: AuthenticatorDeps): Authenticator {
  const { anonymous, own, ofJwt } = deps;
  const good = goodTokens(deps);
  const first = firstStart(deps);
  const listeners = new Set<() => void>();
  const withToken = async (text: string): Promise<Caller> => {
    if (own !== null && hashOf(text) === hashOf(own)) return LOCAL_CALLER;
    if (isJwt(text) && ofJwt !== undefined) return ofJwt(text);
    if (!isTokenText(text))
      throw unauthenticated('what was shown is no token of Weirgate: look for a missing character');
    return good.find(text);
  };
  return {
    callerOf: async shown => {
      const { authorization } = shown;
      if (authorization !== null) return withToken(bearerOf(authorization));
      if (anonymous && isLocal(shown) && (await first.isNow())) return LOCAL_CALLER;
      throw unauthenticated(
        'no token was shown: send `Authorization: Bearer TOKEN`; `weirgate token create` makes one',
      );
    },
    forget: () => {
      good.forget();
      first.forget();
      for (const changed of listeners) changed();
    },
    onChange: changed => {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
  };
}
