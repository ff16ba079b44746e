import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Log } from '../database/log.js';
import { spanned } from '../tracing/tracing.js';
import {
  type Admission,
  corsHeaders,
  isPreflight,
  refusalOf,
  SECURITY_HEADERS,
} from './admission.js';
import { isFromProxy } from './client-address.js';
import { type ErrorAnswer, errorAnswer, HttpError } from './error.js';
import type { Metrics } from './metrics.js';
import { requestIdOf } from './request-id.js';

export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The whole path; with `*` at its end every path that begins so. */
  readonly path: string;
  /** Answers, or throws HttpError or ApiError. `x-request-id` of the response is set already. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
};

export function send(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string | Uint8Array,
): void {
  const length = { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...varying(response, headers), ...length });
  response.end(body);
}

/** What an answer varies with, beside what all of them vary with, such as the origin. */
function varying(response: ServerResponse, { vary }: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const before = response.getHeader('vary');
  if (vary === undefined || before === undefined) return {};
  return { vary: `${before}, ${vary}` };
}

const JSON_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
};

export const sendJson = (response: ServerResponse, status: number, value: unknown): void =>
  send(response, status, JSON_HEADERS, JSON.stringify(value));

const covers = (route: Route, path: string): boolean =>
  route.path.endsWith('*') ? path.startsWith(route.path.slice(0, -1)) : route.path === path;

/** An exact path goes before one with `*`, and a longer one before a shorter. */
function routeOf(routes: readonly Route[], method: string, path: string): Route {
  const there = routes
    .filter(route => covers(route, path))
    .toSorted((left, right) => exactness(right) - exactness(left));
  const asked = method === 'HEAD' ? 'GET' : method;
  const [nearest] = there;
  if (nearest === undefined)
    throw new HttpError(404, 'NOT_FOUND', `there is nothing at \`${path}\``);
  const route = there.find(one => one.path === nearest.path && one.method === asked);
  if (route === undefined) throw new MethodError(there, nearest.path);
  return route;
}

const exactness = ({ path }: Route): number => (path.endsWith('*') ? path.length : 1e6);

class MethodError extends HttpError {
  readonly allow: string;

  constructor(routes: readonly Route[], path: string) {
    const methods = routes.filter(one => one.path === path).map(({ method }) => method);
    const allow = [...new Set(methods)].join(', ');
    super(405, 'METHOD_NOT_ALLOWED', `\`${path}\` answers ${allow} only`);
    this.allow = allow;
  }
}

function urlOf(request: IncomingMessage): URL {
  const text = `http://localhost${request.url ?? '/'}`;
  if (request.url?.startsWith('/') && URL.canParse(text)) return new URL(text);
  throw new HttpError(400, 'BAD_URL', 'the request target is not a path');
}

type Service = {
  readonly routes: readonly Route[];
  readonly metrics: Metrics;
  readonly log: Log;
  readonly admission: Admission;
  /** How errors look where a path has a form of its own; null: as of all routes. */
  readonly errorForm?: ErrorForm;
};

/** The body of an error at a path; null: the form of all other routes. */
export type ErrorForm = (path: string, answer: ErrorAnswer) => unknown;

function admit(
  { admission }: Pick<Service, 'admission'>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const refusal = refusalOf(request, admission);
  if (refusal !== null) throw refusal;
  const headers = corsHeaders(request.headers, admission);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
}

/** Asked all the time by who watches the server: they would hide all other spans. */
const WATCHED = ['/livez', '/readyz', '/metrics'];

/** A trace that anybody could begin would let anybody fill it: the header counts from proxies that are trusted. */
function parentOf(request: IncomingMessage): string | null {
  const { traceparent } = request.headers;
  return isFromProxy(request) && typeof traceparent === 'string' ? traceparent : null;
}

/** Answers one request by its route; whatever goes wrong becomes a JSON answer or ends the connection. */
export function answer(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '' } = request;
  if (WATCHED.includes(url)) return answered(service, request, response).then(() => {});
  const attributes = { 'http.request.method': method };
  const facts = { name: method, kind: 'SERVER', attributes, parent: parentOf(request) } as const;
  return spanned(facts, async span => {
    const route = await answered(service, request, response);
    const { statusCode: status } = response;
    span.rename(`${method} ${route}`);
    span.add({ 'http.route': route, 'http.response.status_code': status });
    if (status >= 500) span.failed(String(status));
  });
}

/** @returns the path of the route */
async function answered(
  { routes, metrics, log, admission, errorForm }: Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<string> {
  const started = process.hrtime.bigint();
  const requestId = requestIdOf(request.headers['x-request-id']);
  response.setHeader('x-request-id', requestId);
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    response.setHeader(name, String(value));
  let path = 'none';
  try {
    admit({ admission }, request, response);
    if (isPreflight(request)) {
      send(response, 204, {}, '');
      return path;
    }
    const url = urlOf(request);
    const route = routeOf(routes, request.method ?? 'GET', url.pathname);
    path = route.path;
    await route.handle(request, response, url);
  } catch (error) {
    fail(error, requestId, { response, log, errorForm });
  } finally {
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    const { statusCode: status } = response;
    const { method = 'GET' } = request;
    metrics.finished({ method, route: path, status, seconds });
    log.debug?.({ requestId, method, route: path, status, seconds }, 'answered');
  }
  return path;
}

function fail(
  error: unknown,
  requestId: string,
  {
    response,
    log,
    errorForm,
  }: {
    readonly response: ServerResponse;
    readonly log: Log;
    readonly errorForm: ErrorForm | undefined;
  },
): void {
  if (response.destroyed) {
    log.info({ err: error, requestId }, 'the client went away');
    return;
  }
  const answered = errorAnswer(error, requestId, log);
  const { status, retryAfter } = answered;
  const path = response.req.url?.split('?', 1)[0] ?? '';
  const body = errorForm?.(path, answered) ?? answered.body;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (retryAfter !== null) response.setHeader('retry-after', String(retryAfter));
  if (error instanceof MethodError) response.setHeader('allow', error.allow);
  if (response.req.complete) sendJson(response, status, body);
  else refuseBody(response, status, body);
}

const LINGER_MS = 2_000;

/**
 * Answers a request whose body is not read to its end. The connection is closed, for what is left would be taken for the
 * next request; but only after the sender had time to see the answer, who would otherwise see a broken connection.
 */
function refuseBody(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    ...JSON_HEADERS,
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  });
  response.write(text);
  const { req: request } = response;
  const end = (): void => void response.end();
  const timer = setTimeout(end, LINGER_MS);
  response.once('close', () => clearTimeout(timer));
  request.once('end', end);
  request.on('error', end);
  request.resume();
}

/** The id that `answer` gave to a request. */
export const requestIdFor = (response: ServerResponse): string =>
  String(response.getHeader('x-request-id'));
