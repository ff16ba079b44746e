import { createServer as createHttpServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GraphQLSchema } from 'graphql';
import type { Log } from './database/log.js';
import { apolloServer } from './graphql/apollo.js';
import { DEFAULT_LIMITS, type Limits } from './graphql/check-document.js';
import type { Incoming } from './graphql/incoming.js';
import type { Endpoint } from './graphql/operation.js';
import { graphiqlFiles } from './http-graphiql.js';
import { graphqlRoutes } from './http-graphql.js';
import { createMetrics, type Metrics } from './http-metrics.js';
import { answer, type Route, send, sendJson } from './http-routes.js';
import { acceptWebSockets } from './http-websocket.js';

export type ServerOptions<C> = {
  readonly schema: GraphQLSchema;
  /** Called for every operation; throws ApiError UNAUTHENTICATED to refuse it. */
  readonly contextOf: (incoming: Incoming) => C | Promise<C>;
  /** Routes beside those of this file: ingestion, the console. */
  readonly routes?: readonly Route[];
  /** True when requests can be served, else why not. */
  readonly ready: () => Promise<true | string>;
  readonly log: Log;
  readonly metrics?: Metrics;
  readonly limits?: Partial<ServerLimits>;
};

export type ServerLimits = Limits & {
  /** Bytes of the body of a GraphQL request, after unpacking. */
  readonly body: number;
  /** Milliseconds that an operation has. */
  readonly deadline: number;
  /** Milliseconds that `close` waits for running requests. */
  readonly drain: number;
};

/** 64 MiB holds the inventory of some 5,000 pods in one mutation; larger ones go to `/ingest`. */
const LIMITS: ServerLimits = {
  ...DEFAULT_LIMITS,
  body: 64 * 1024 * 1024,
  deadline: 30_000,
  drain: 10_000,
};

export type RunningServer = {
  /** @returns the URL that it answers at. @throws when the port is taken */
  listen(port: number, host: string): Promise<string>;
  /** Accepts nothing more, waits for running requests (at most `limits.drain`), then ends all. */
  close(): Promise<void>;
};

/** The HTTP server: GraphQL over HTTP and WebSocket, GraphiQL, health, metrics and the given routes. */
export async function createServer<C>(options: ServerOptions<C>): Promise<RunningServer> {
  const { schema, contextOf, log } = options;
  const limits: ServerLimits = { ...LIMITS, ...options.limits };
  const metrics = options.metrics ?? createMetrics();
  const endpoint: Endpoint<C> = { schema, contextOf, limits, log, onError: metrics.failed };
  const apollo = await apolloServer(endpoint);
  const { body: bodyLimit, deadline } = limits;
  const state = { draining: false };
  const routes = [
    ...graphqlRoutes({ apollo, contextOf, bodyLimit, deadline }),
    graphiqlFiles,
    ...healthRoutes(() => (state.draining ? 'the server is shutting down' : readiness(options))),
    metricsRoute(metrics),
    ...(options.routes ?? []),
  ];
  const running = new Set<ServerResponse>();
  const server = createHttpServer((request, response) => {
    if (state.draining) response.setHeader('connection', 'close');
    running.add(response);
    response.once('close', () => running.delete(response));
    void answer({ routes, metrics, log }, request, response);
  });
  // A flow import may stream for hours; heads must still come within Node's 60 s.
  server.requestTimeout = 0;
  const sockets = acceptWebSockets(server, endpoint, { metrics, deadline });
  return {
    listen: (port, host) => listen(server, port, host),
    close: once(async () => {
      state.draining = true;
      const closed = closing(server);
      await Promise.all([sockets.close(limits.drain), settled(running, limits.drain)]);
      server.closeAllConnections();
      await closed;
      await apollo.stop();
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

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const { port: actual } = server.address() as AddressInfo;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actual}`);
    });
  });
}

const closing = (server: Server): Promise<void> =>
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
async function readiness({ ready, log }: Pick<ServerOptions<never>, 'ready' | 'log'>) {
  try {
    return await ready();
  } catch (error) {
    log.error({ err: error }, 'the readiness check failed');
    return 'the readiness check failed';
  }
}

type Readiness = () => Promise<true | string> | string;

const healthRoutes = (ready: Readiness): readonly Route[] => [
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
      else sendJson(response, 503, { status: 'not ready', reason: state });
    },
  },
];

const metricsRoute = ({ registry }: Metrics): Route => ({
  method: 'GET',
  path: '/metrics',
  handle: async (_request, response) =>
    send(response, 200, { 'content-type': registry.contentType }, await registry.metrics()),
});
