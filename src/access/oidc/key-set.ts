import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import type { Issuer } from './issuer.js';

/** jose counts its own cooldown from a success alone: without this, each token would ask a provider that is down. */
export const FAILED_FOR_MS = 30_000;
const CACHED_FOR_MS = 600_000;
const TIMEOUT_MS = 5_000;

const isLoopback = ({ hostname }: URL): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/** Keys come over TLS, or from this machine. @throws Error for any other address */
export function keyUrl(text: string): URL {
  const url = new URL(text);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return url;
  throw new Error(`\`${text}\` is not an https address`);
}

/** Where an issuer has its keys. No redirect is followed, and the answer must be the issuer's own. */
async function discovered(issuer: string): Promise<URL> {
  const url = keyUrl(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const answer = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { accept: 'application/json' },
  });
  if (!answer.ok) throw new Error(`\`${url}\` answered ${answer.status}`);
  const found = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (found.issuer !== issuer || typeof found.jwks_uri !== 'string')
    throw new Error(`\`${url}\` is not the configuration of \`${issuer}\``);
  return keyUrl(found.jwks_uri);
}

/** The token's own fault, and no reason to leave the provider alone. */
const isOfToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;

/**
 * The keys of an issuer, found when the first token comes. They are kept for ten minutes; a key that is not among them is
 * looked for once in 30 s. A provider that failed is left alone for 30 s.
 * @param now milliseconds
 */
export function keysOf({ issuer, keys }: Issuer, now: () => number): JWTVerifyGetKey {
  if (keys !== null) return createLocalJWKSet(keys as unknown as JSONWebKeySet);
  let found: Promise<JWTVerifyGetKey> | null = null;
  let failed: { readonly until: number; readonly error: unknown } | null = null;
  const remote = async (): Promise<JWTVerifyGetKey> =>
    createRemoteJWKSet(await discovered(issuer), {
      cooldownDuration: FAILED_FOR_MS,
      cacheMaxAge: CACHED_FOR_MS,
      timeoutDuration: TIMEOUT_MS,
    });
  return async (header, token) => {
    if (failed !== null && failed.until > now()) throw failed.error;
    try {
      found ??= remote();
      const keySet = await found;
      return await keySet(header, token);
    } catch (error) {
      if (isOfToken(error)) throw error;
      failed = { until: now() + FAILED_FOR_MS, error };
      found = null;
      throw error;
    }
  };
}
