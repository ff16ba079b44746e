import type { IncomingMessage } from 'node:http';
import { type UnavailableReason, unavailable } from '../query/unavailable.js';
import type { Metrics } from './metrics.js';
import { type Route, send, sendJson } from './routes.js';

/** True when requests can be served, else why not; warnings where some of them can. */
export type Readiness = true | string | { readonly warnings: readonly string[] };

const livez: Route = {
  method: 'GET',
  path: '/livez',
  handle: async (_request, response) => sendJson(response, 200, { status: 'ok' }),
};

/** Whether the server lives, and whether it is ready. `ready` never throws. */
export const healthRoutes = (ready: () => Promise<Readiness>): readonly Route[] => [
  livez,
  {
    method: 'GET',
    path: '/readyz',
    handle: async (_request, response) => {
      const state = await ready();
      if (state === true) sendJson(response, 200, { status: 'ok' });
      else if (typeof state === 'string')
        sendJson(response, 503, { status: 'not ready', reason: state });
      else sendJson(response, 200, { status: 'ok', ...state });
    },
  },
];

/** Why nothing is answered. */
export type Closed = {
  /** For who asks whether the server is ready. */
  readonly reason: string;
  /** For all others. */
  readonly told: string;
  readonly kind: UnavailableReason;
};

const SHORT_BYTES = 64 * 1024;
const SHORT_WAIT_MS = 200;

/** Reads a short body to its end, for a connection on which something is left unread cannot be kept. */
async function shortBody(request: IncomingMessage): Promise<void> {
  const { 'content-length': length = 0, 'transfer-encoding': coding } = request.headers;
  if (request.complete || coding !== undefined || Number(length) > SHORT_BYTES) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, SHORT_WAIT_MS);
  request.once('close', resolve).resume();
  await promise;
  clearTimeout(timer);
}

/** All that a server answers that is not ready: everything but its health may be asked again. */
export const closedRoutes = (closed: () => Closed): readonly Route[] => [
  ...healthRoutes(async () => closed().reason),
  ...(['GET', 'POST', 'PUT', 'DELETE'] as const).map(method => ({
    method,
    path: '*',
    handle: async (request: IncomingMessage) => {
      await shortBody(request);
      const { kind, told } = closed();
      throw unavailable(kind, told);
    },
  })),
];

export const metricsRoute = ({ registry }: Metrics): Route => ({
  method: 'GET',
  path: '/metrics',
  handle: async (_request, response) =>
    send(response, 200, { 'content-type': registry.contentType }, await registry.metrics()),
});
