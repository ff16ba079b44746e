import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from '../database/log.js';
import { UnavailableReason } from '../query/unavailable.js';
import type { Admission } from './admission.js';
import { settleAddress, type TrustedProxies } from './client-address.js';
import { type Closed, closedRoutes, healthRoutes, metricsRoute, type Readiness } from './health.js';
import { listening } from './listening.js';
import type { Metrics } from './metrics.js';
import { answer, type ErrorForm, type Route } from './routes.js';
import type { Tls } from './tls.js';

/** Upgrades of connections to another protocol. */
export type Upgrades = {
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends them all within `wait` milliseconds. */
  close(wait: number): Promise<void>;
};

/** What answers behind a door that is open. */
export type Inside = {
  readonly routes: readonly Route[];
  readonly upgrades: Upgrades;
  readonly ready: () => Promise<Readiness>;
  readonly metrics: Metrics;
};

/**
 * The one address of a server from its start to its end. While nothing is behind it, it tells that it lives, that it is not ready and why, and
 * to everything else that asking again will help. What is behind it comes and goes without a connection being cut.
 */
export type Door = {
  /** @returns the URL that it answers at, the same each time. @throws Failure when it cannot be listened at */
  listen(port: number, host: string): Promise<string>;
  /** Why nothing is behind it yet. */
  tell(reason: string): void;
  open(inside: Inside): void;
  /** Lets nobody in any more; resolves when all who are in are answered, or after `wait` milliseconds, when it ends them. */
  shut(wait: number): Promise<void>;
  /** Accepts nothing more, and ends all. */
  close(): Promise<void>;
};

export type DoorOptions = {
  readonly log: Log;
  /** Of what is answered before it is open. */
  readonly metrics: Metrics;
  readonly admission: Admission;
  readonly errorForm?: ErrorForm;
  /** Null: plain HTTP. */
  readonly tls: Tls | null;
  readonly trusted: TrustedProxies;
};

const HEADERS_TIMEOUT_MS = 20_000;

/** Each holds some 20 kB while it is idle; more are closed at once. */
const MOST_CONNECTIONS = 2_000;

/** Longer than an answer before the end of a body lingers. */
const LAST_ANSWERS_MS = 3_000;

const STARTING: Closed = {
  reason: 'the database is being opened',
  told: 'the server is starting',
  kind: UnavailableReason.STARTING,
};

const DRAINING: Closed = {
  reason: 'the server is shutting down',
  told: 'the server is shutting down',
  kind: UnavailableReason.DRAINING,
};

/** Who is answered through a door, and by whom. */
type Hall = {
  readonly routes: readonly Route[];
  readonly metrics: Metrics;
  readonly running: Set<ServerResponse>;
  readonly upgrades: Upgrades | null;
};

const hallOf = ({ routes, metrics, upgrades }: Omit<Hall, 'running'>): Hall => ({
  routes: [...routes, metricsRoute(metrics)],
  metrics,
  upgrades,
  running: new Set(),
});

export function createDoor(options: DoorOptions): Door {
  const { log, admission, errorForm, tls } = options;
  const form = errorForm === undefined ? {} : { errorForm };
  let closed = STARTING;
  const waiting = hallOf({
    routes: closedRoutes(() => closed),
    metrics: options.metrics,
    upgrades: null,
  });
  let hall = waiting;
  const { server, end } = serverOf(options, {
    request: (request, response) => {
      const { routes, metrics, running } = hall;
      if (closed === DRAINING) response.setHeader('connection', 'close');
      running.add(response);
      response.once('close', () => running.delete(response));
      void answer({ routes, metrics, log, admission, ...form }, request, response);
    },
    upgrade: (request, socket, head) => {
      if (hall.upgrades === null) refuseUpgrade(socket);
      else hall.upgrades.take(request, socket, head);
    },
    drop: () => hall.metrics.dropped(),
  });
  const shut = async (wait: number): Promise<void> => {
    const { running, upgrades } = hall;
    closed = DRAINING;
    hall = waiting;
    for (const response of running)
      if (!response.headersSent) response.setHeader('connection', 'close');
    await Promise.all([upgrades?.close(wait), settled(running, wait)]);
    for (const response of running) response.destroy();
  };
  const listen = once((port: number, host: string) =>
    listenAt(server, { port, host, scheme: tls === null ? 'http' : 'https' }),
  );
  return {
    listen,
    tell: reason => {
      closed = { ...STARTING, reason, told: `the server is starting: ${reason}` };
    },
    open: ({ ready, ...inside }) => {
      hall = hallOf({ ...inside, routes: [...healthRoutes(ready), ...inside.routes] });
      closed = STARTING;
    },
    shut: async wait => {
      if (hall === waiting) return;
      log.info({ running: hall.running.size }, 'draining');
      await shut(wait);
    },
    close: once(async () => {
      if (hall !== waiting) await shut(0);
      closed = DRAINING;
      await end(waiting.running);
      log.info({}, 'stopped');
    }),
  };
}

type Ears = {
  readonly request: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly drop: () => void;
};

type AnyServer = Server | HttpsServer;

/** The server of a door, and how it is ended. */
function serverOf({ tls, trusted }: DoorOptions, ears: Ears) {
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    settleAddress(request, trusted);
    ears.request(request, response);
  };
  const server = tls === null ? createHttpServer(handle) : createHttpsServer(tls.options, handle);
  const unfollow = tls === null ? () => {} : tls.follow(server as HttpsServer);
  server.on('upgrade', (request, socket, head) => {
    settleAddress(request, trusted);
    ears.upgrade(request, socket, head);
  });
  // A flow import may stream for hours: bodies have a clock of their own (`bodyOf`).
  server.requestTimeout = 0;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.maxConnections = MOST_CONNECTIONS;
  server.on('drop', ears.drop);
  const end = async (running: ReadonlySet<ServerResponse>): Promise<void> => {
    unfollow();
    const closed = closing(server);
    await settled(running, LAST_ANSWERS_MS);
    server.closeAllConnections();
    await closed;
  };
  return { server, end };
}

/** A second call answers what the first did. */
const once = <Given extends readonly unknown[], T>(
  act: (...given: Given) => Promise<T>,
): ((...given: Given) => Promise<T>) => {
  let acted: Promise<T> | undefined;
  return (...given) => {
    acted ??= act(...given);
    return acted;
  };
};

type Place = { readonly port: number; readonly host: string; readonly scheme: string };

async function listenAt(server: AnyServer, { port, host, scheme }: Place): Promise<string> {
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

const refuseUpgrade = (socket: Duplex): void => {
  socket.on('error', () => {});
  socket.end(
    'HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
  );
};
