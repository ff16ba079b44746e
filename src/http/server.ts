import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Log } from '../database/log.js';
import type { Admission } from './admission.js';
import { settleAddress, type TrustedProxies } from './client-address.js';
import { listening } from './listening.js';
import type { Metrics } from './metrics.js';
import { answer, type ErrorForm, type Route, send, sendJson } from './routes.js';
import type { Tls } from './tls.js';

/** True when requests can be served, else why not; warnings where some of them can. */
export type Readiness = true | string | { readonly warnings: readonly string[] };

export type AnyServer = Server | HttpsServer;

export type HttpServerOptions = {
  readonly routes: readonly Route[];
  /** Takes upgrades of the server; ends them all within `wait` milliseconds. */
  readonly acceptSockets: (server: AnyServer) => { close(wait: number): Promise<void> };
  readonly ready: () => Promise<Readiness>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly admission: Admission;
  readonly errorForm?: ErrorForm;
  /** Milliseconds that `close` waits for running requests. */
  readonly drain: number;
  /** Null: plain HTTP. */
  readonly tls: Tls | null;
  readonly trusted: TrustedProxies;
};

export type RunningServer = {
  /** @returns the URL that it answers at. @throws when the port is taken */
  listen(port: number, host: string): Promise<string>;
  /** Accepts nothing more, waits for running requests (at most `drain`), then ends all. */
  close(): Promise<void>;
};

const HEADERS_TIMEOUT_MS = 20_000;

/** Each holds some 20 kB while it is idle; more are closed at once. */
const MOST_CONNECTIONS = 2_000;

/** An HTTP server with health, metrics and the given routes; it drains when it is closed. */
export function createHttp(options: HttpServerOptions): RunningServer {
  const { log, metrics, drain, admission, errorForm, tls, trusted } = options;
  const form = errorForm === undefined ? {} : { errorForm };
  const state = { draining: false };
  const routes = [
    ...healthRoutes(() => (state.draining ? 'the server is shutting down' : readiness(options))),
    metricsRoute(metrics),
    ...options.routes,
  ];
  const running = new Set<ServerResponse>();
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    settleAddress(request, trusted);
    if (state.draining) response.setHeader('connection', 'close');
    running.add(response);
    response.once('close', () => running.delete(response));
    void answer({ routes, metrics, log, admission, ...form }, request, response);
  };
  const server = tls === null ? createHttpServer(handle) : createHttpsServer(tls.options, handle);
  const unfollow = tls === null ? () => {} : tls.follow(server as HttpsServer);
  server.prependListener('upgrade', request => settleAddress(request, trusted));
  // A flow import may stream for hours: bodies have a clock of their own (`bodyOf`).
  server.requestTimeout = 0;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.maxConnections = MOST_CONNECTIONS;
  server.on('drop', () => metrics.dropped());
  const sockets = options.acceptSockets(server);
  return {
    listen: (port, host) => listen(server, { port, host, scheme: tls === null ? 'http' : 'https' }),
    close: once(async () => {
      state.draining = true;
      log.info({ running: running.size }, 'draining');
      unfollow();
      const closed = closing(server);
      await Promise.all([sockets.close(drain), settled(running, drain)]);
      server.closeAllConnections();
      await closed;
      log.info({}, 'stopped');
    }),
  };
}

/** A second call waits for the first. */
const once = (act: () => Promise<void>): (() => Promise<void>) => {
  let acted: Promise<void> | undefined;
  return () => {
    acted ??= act();
    return acted;
  };
};

type Place = { readonly port: number; readonly host: string; readonly scheme: string };

async function listen(server: AnyServer, { port, host, scheme }: Place): Promise<string> {
  await listening(server, { port, host });
  const { port: actual } = server.address() as AddressInfo;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${actual}`;
}

const closing = (server: AnyServer): Promise<void> =>
  new Promise(resolve => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });

/** Resolves when all are answered, or after `wait` milliseconds. */
async function settled(running: ReadonlySet<ServerResponse>, wait: number): Promise<void> {
  const { promise: bound, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, wait);
  const answered = [...running].map(
    response => new Promise<void>(done => response.once('close', done)),
  );
  await Promise.race([Promise.all(answered), bound]);
  clearTimeout(timer);
}

/** A check that fails is an answer too: whoever asks wants to know that, not why. */
async function readiness({ ready, log }: Pick<HttpServerOptions, 'ready' | 'log'>) {
  try {
    return await ready();
  } catch (error) {
    log.error({ err: error }, 'the readiness check failed');
    return 'the readiness check failed';
  }
}

const healthRoutes = (ready: () => Promise<Readiness> | string): readonly Route[] => [
  {
    method: 'GET',
    path: '/livez',
    handle: async (_request, response) => sendJson(response, 200, { status: 'ok' }),
  },
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

const metricsRoute = ({ registry }: Metrics): Route => ({
  method: 'GET',
  path: '/metrics',
  handle: async (_request, response) =>
    send(response, 200, { 'content-type': registry.contentType }, await registry.metrics()),
});
