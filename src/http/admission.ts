import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { HttpError } from './error.js';

/** Which requests are looked at at all, before any route. */
export type Admission = {
  /** Names of this server beside addresses and `localhost`, in lower case. */
  readonly hosts: readonly string[];
  /** Web pages of other origins that may ask, such as `https://console.example.org`. */
  readonly origins: readonly string[];
};

export const NO_OTHERS: Admission = { hosts: [], origins: [] };

type Asked = Pick<IncomingMessage, 'method' | 'headers'> &
  Partial<Pick<IncomingMessage, 'rawHeaders'>>;

/** The name or address in a `Host` header, without its port; null where it is none. */
function hostnameOf(host: string | undefined): string | null {
  const text = `http://${host ?? ''}`;
  if (host === undefined || host === '' || /[/?#@\\]/.test(host) || !URL.canParse(text))
    return null;
  return new URL(text).hostname.replace(/^\[(.*)\]$/, '$1');
}

/**
 * A page that rebinds its own DNS name to this address still sends that name. An address as `Host` is no name that
 * somebody could rebind.
 */
const isKnownHost = (hostname: string, { hosts }: Admission): boolean =>
  hostname === 'localhost' || isIP(hostname) !== 0 || hosts.includes(hostname);

const isOwnOrigin = (origin: string, host: string | undefined): boolean =>
  URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();

/** Whether a page of this origin may ask: one of ours, or one that was named. */
const isKnownOrigin = ({ origin, host }: IncomingHttpHeaders, { origins }: Admission): boolean =>
  origin === undefined || isOwnOrigin(origin, host) || origins.includes(origin.toLowerCase());

const READING = ['GET', 'HEAD', 'OPTIONS'];

/** What any page may send to any address without being asked first (Fetch, "CORS-safelisted request-header"). */
const SAFELISTED = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];

const mediaTypeOf = ({ 'content-type': type }: IncomingHttpHeaders): string =>
  (type ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** Either is a header for which a browser asks first, and a page of another origin is told no. */
const showsItself = ({ authorization, 'x-weirgate-client': client }: IncomingHttpHeaders) =>
  authorization !== undefined || client !== undefined;

/** Every browser sends one of them with what a page writes (Fetch, "append a request Origin header"). */
const isFromBrowser = ({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean =>
  origin !== undefined || site !== undefined;

function isSendableByPages(headers: IncomingHttpHeaders): boolean {
  if (showsItself(headers)) return false;
  const type = mediaTypeOf(headers);
  return type === '' ? isFromBrowser(headers) : SAFELISTED.includes(type);
}

/** Of several Node takes the first, and what stands before this server may take the last. */
const ONCE: ReadonlySet<string> = new Set(['host', 'authorization', 'content-type']);

function twiceIn(rawHeaders: readonly string[]): string | null {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    if (ONCE.has(name) && seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}

function hostRefusal({ headers, rawHeaders = [] }: Asked, admission: Admission): HttpError | null {
  const twice = twiceIn(rawHeaders);
  if (twice !== null)
    return new HttpError(400, 'BAD_HEADER', `the header \`${twice}\` stands there more than once`);
  const hostname = hostnameOf(headers.host);
  if (hostname === null)
    return new HttpError(400, 'BAD_HOST', 'the header `Host` is not a name or an address');
  if (isKnownHost(hostname, admission)) return null;
  return new HttpError(
    421,
    'UNKNOWN_HOST',
    `\`${hostname}\` is not a name of this server; name it by \`--allowed-hosts\` (WEIRGATE_ALLOWED_HOSTS)`,
  );
}

function originRefusal({ headers }: Asked, admission: Admission): HttpError | null {
  if (isKnownOrigin(headers, admission)) return null;
  return new HttpError(
    403,
    'FOREIGN_ORIGIN',
    `pages of \`${headers.origin}\` may not ask this server; allow them by \`--allowed-origins\` (WEIRGATE_ALLOWED_ORIGINS)`,
  );
}

/** Why a request is not looked at; null where it is. */
export function refusalOf(request: Asked, admission: Admission): HttpError | null {
  const refusal = hostRefusal(request, admission) ?? originRefusal(request, admission);
  if (refusal !== null || READING.includes(request.method ?? 'GET')) return refusal;
  if (!isSendableByPages(request.headers)) return null;
  return new HttpError(
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    'say what the body is by `content-type`, such as `application/json` or `application/x-ndjson`; forms and plain text are not taken, since any web page can send them',
  );
}

/** The same for a WebSocket: a page needs no leave to open one, so its origin must be known. */
export const upgradeRefusalOf = (request: Asked, admission: Admission): HttpError | null =>
  hostRefusal(request, admission) ?? originRefusal(request, admission);

/** What every answer tells browsers. */
export const SECURITY_HEADERS: OutgoingHttpHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

const MAX_AGE_S = 600;

/** What a page of another origin that was named is told; nothing for all others. */
export function corsHeaders(
  { origin, host }: IncomingHttpHeaders,
  { origins }: Admission,
): OutgoingHttpHeaders {
  if (origins.length === 0) return {};
  if (origin === undefined || isOwnOrigin(origin, host) || !origins.includes(origin.toLowerCase()))
    return { vary: 'origin' };
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers':
      'authorization, content-type, content-encoding, idempotency-key, x-request-id, x-weirgate-client',
    'access-control-expose-headers': 'x-request-id, retry-after',
    'access-control-max-age': String(MAX_AGE_S),
    'cross-origin-resource-policy': 'cross-origin',
  };
}

/** Whether it is a browser that asks before it sends what a page of a named origin wants to send. */
export const isPreflight = ({ method, headers }: Asked): boolean =>
  method === 'OPTIONS' &&
  headers.origin !== undefined &&
  headers['access-control-request-method'] !== undefined;
