import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { ApiError, ErrorCode } from '../../query/api-error.js';
import { UnavailableReason, unavailable } from '../../query/unavailable.js';
import type { Caller } from '../caller.js';
import { sameCallers } from '../same-callers.js';
import { hashOf } from '../token.js';
import type { Issuer, Mapping } from './issuer.js';
import { FAILED_FOR_MS, keysOf } from './key-set.js';

/** Signatures by a public key alone: whoever knows the key of an HMAC can sign with it. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const CLOCK_TOLERANCE_S = 30;

const refused = (why: string): ApiError => new ApiError(ErrorCode.UNAUTHENTICATED, why);

/** Whether a bearer is a JWT at all: three parts between points. */
export const isJwt = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const matches = ({ subject, claim }: Mapping, payload: JWTPayload): boolean =>
  (subject === null || payload.sub === subject) &&
  (claim === null || listed(payload[claim.name]).includes(claim.value)) &&
  (subject !== null || claim !== null);

/** An ID token says who signed in, to its client; it is no way in for whoever gets hold of it. */
const isIdToken = ({ clients }: Issuer, payload: JWTPayload): boolean =>
  'nonce' in payload ||
  'at_hash' in payload ||
  listed(payload.aud).some(audience => clients.includes(String(audience)));

/** jose does not look at whose token it is. */
function checkClient(issuer: Issuer, payload: JWTPayload): void {
  const named = [payload['azp'], payload['client_id']].filter(one => one !== undefined);
  const isKnown = named.every(client => issuer.clients.includes(String(client)));
  if (!isKnown || (issuer.clients.length > 0 && named.length === 0))
    throw refused(`the token is of a client that \`${issuer.name}\` is not configured to take`);
  if (isIdToken(issuer, payload))
    throw refused('the token is an ID token; send an access token for this server');
}

/** Only what jose says of the token itself is told; all else is a fault of the provider, and nothing is said of the token. */
function reasonOf(error: unknown, issuer: Issuer): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof errors.JWTExpired) return refused('the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed)
    return refused(`the token's \`${error.claim}\` is not what \`${issuer.name}\` is taken for`);
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JOSEAlgNotAllowed)
    return refused(`the token is not signed by a key of \`${issuer.name}\``);
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid
  )
    return refused('the token is not valid');
  return unavailable(
    UnavailableReason.ISSUER,
    `the keys of \`${issuer.name}\` cannot be had; try again in a minute`,
    FAILED_FOR_MS / 1_000,
  );
}

type Verify = (text: string) => Promise<JWTPayload>;

function verifier(issuer: Issuer, now: () => number): Verify {
  const keys = keysOf(issuer, now);
  return async text => {
    try {
      const { payload } = await jwtVerify(text, keys, {
        issuer: issuer.issuer,
        audience: [...issuer.audiences],
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['exp', 'iat', 'sub'],
        maxTokenAge: issuer.maxTokenAge,
        currentDate: new Date(now()),
        ...(issuer.type !== null && { typ: issuer.type }),
      });
      checkClient(issuer, payload);
      return payload;
    } catch (error) {
      throw reasonOf(error, issuer);
    }
  };
}

function issuerIn(text: string): string {
  try {
    decodeProtectedHeader(text);
    return String(decodeJwt(text).iss);
  } catch {
    throw refused('what was shown is no token');
  }
}

function callerOf(issuer: Issuer, payload: JWTPayload): Caller {
  const mapping = issuer.mappings.find(one => matches(one, payload));
  if (mapping === undefined)
    throw refused(`\`${payload.sub}\` of \`${issuer.name}\` is given nothing here`);
  const { roles, clusters, namespaces, selector } = mapping;
  const name = `${issuer.name}:${payload.sub}`;
  return { id: `issuer ${name}`, name, roles, clusters, namespaces, selector };
}

const GOOD_FOR_MS = 10_000;
const MOST_KEPT = 10_000;

type Kept = { readonly caller: Caller; readonly until: number };

/**
 * Who shows a JWT of one of the issuers. The issuer is chosen by what the token says, among those that are configured; several may
 * have one name, as clusters do that were left at Kubernetes' default: then the key tells which it is.
 * @param now milliseconds
 * @throws ApiError UNAUTHENTICATED; UNAVAILABLE where the keys of its issuer cannot be had
 */
export function bearerCallers(
  issuers: readonly Issuer[],
  now: () => number,
): (text: string) => Promise<Caller> {
  const verifiers = issuers.map(issuer => ({ issuer, verify: verifier(issuer, now) }));
  const kept = new Map<string, Kept>();
  const same = sameCallers();
  const verified = async (text: string): Promise<Kept> => {
    const said = issuerIn(text);
    const candidates = verifiers.filter(({ issuer }) => issuer.issuer === said);
    let reason = refused('the token is of an issuer that is not configured here');
    for (const { issuer, verify } of candidates) {
      try {
        const payload = await verify(text);
        const until = Math.min(now() + GOOD_FOR_MS, Number(payload.exp) * 1_000);
        return { caller: same(callerOf(issuer, payload)), until };
      } catch (error) {
        const told = error as ApiError;
        // Whose keys cannot be had may have signed it.
        if (reason.code !== ErrorCode.UNAVAILABLE) reason = told;
      }
    }
    throw reason;
  };
  return async text => {
    const hash = hashOf(text);
    const known = kept.get(hash);
    if (known !== undefined && known.until > now()) return known.caller;
    kept.delete(hash);
    const found = await verified(text);
    if (kept.size > MOST_KEPT) kept.clear();
    kept.set(hash, found);
    return found.caller;
  };
}
