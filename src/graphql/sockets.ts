import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionInitMessage } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Admission, upgradeRefusalOf } from '../http/admission.js';
import { addressOf } from '../http/client-address.js';
import type { Upgrades } from '../http/door.js';
import type { Metrics } from '../http/metrics.js';
import { requestIdOf } from '../http/request-id.js';
import { ErrorCode } from '../query/api-error.js';
import { apiErrorIn } from '../query/unavailable.js';
import type { Incoming } from './incoming.js';
import type { Endpoint } from './operation.js';
import { incomingOf } from './route.js';
import { type Connection, websocketOptions } from './websocket.js';

/** Bytes of one message. */
const LARGEST_MESSAGE = 1024 * 1024;

const MOST_SOCKETS = 500;
/** Of one address: somebody else finds a place at once. */
const MOST_OF_ONE = 350;
const FULL = '503 Service Unavailable\r\nretry-after: 5';

/** A connection on which nobody is known is closed after so long, or after the time of an operation. */
const STRANGER_MS = 5_000;
/** As the protocol of graphql-ws has it. */
const FORBIDDEN = 4403;

type SocketOptions = {
  readonly metrics: Metrics;
  /** Milliseconds that an operation has. */
  readonly deadline: number;
  readonly admission: Admission;
};

/** graphql-ws on `/graphql` of the same server. To close them tells every client to go elsewhere. */
export function acceptWebSockets<C>(
  endpoint: Endpoint<C>,
  { metrics, deadline, admission }: SocketOptions,
): Upgrades {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE });
  const askedOn = ({ connectionParams, extra }: Connection, requestId: string): Incoming => {
    const incoming = incomingOf(extra.request, requestId, deadline);
    const authorization =
      connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
    return typeof authorization === 'string' ? { ...incoming, authorization } : incoming;
  };
  const strangerMs = Math.min(STRANGER_MS, deadline);
  const options = websocketOptions(endpoint, askedOn);
  const disposable = useServer<ConnectionInitMessage['payload'], Record<never, never>>(
    {
      ...options,
      onConnect: context => {
        const connection = context as unknown as Connection;
        const isKnown = () => endpoint.contextOf(askedOn(connection, requestIdOf(undefined)));
        closeStranger(
          context.extra.socket as WebSocket,
          strangerMs,
          async () => void (await isKnown()),
        );
      },
    },
    sockets,
  );
  const boundUnsent = unsentBound(sockets.clients);
  const addresses = countedAddresses();
  const take: Upgrades['take'] = (request, socket, head) => {
    const refusal = refusalOf(request, admission);
    if (refusal !== null) return refuse(socket, refusal);
    const address = addressOf(request) ?? '';
    if (sockets.clients.size >= MOST_SOCKETS || addresses.of(address) >= MOST_OF_ONE)
      return refuse(socket, FULL);
    sockets.handleUpgrade(request, socket, head, client => {
      metrics.connected(1);
      // Each operation that runs hears of the end of its connection.
      client.setMaxListeners(0);
      boundUnsent(client);
      addresses.add(address, 1);
      client.once('close', () => {
        addresses.add(address, -1);
        metrics.connected(-1);
      });
      sockets.emit('connection', client, request);
    });
  };
  return {
    take,
    close: async wait => {
      const ended = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, wait);
      await disposable.dispose();
      clearTimeout(ended);
    },
  };
}

/** Looks once whether somebody is known there. */
function closeStranger(
  client: WebSocket,
  milliseconds: number,
  isKnown: () => Promise<void>,
): void {
  const look = async (): Promise<void> => {
    try {
      await isKnown();
    } catch (error) {
      const { code } = apiErrorIn(error) ?? {};
      if (code === ErrorCode.UNAUTHENTICATED) client.close(FORBIDDEN, 'Forbidden');
    }
  };
  const timer = setTimeout(() => void look(), milliseconds);
  timer.unref();
  client.once('close', () => clearTimeout(timer));
}

function countedAddresses() {
  const counts = new Map<string, number>();
  const of = (address: string): number => counts.get(address) ?? 0;
  return {
    of,
    add: (address: string, more: number): void => {
      const count = of(address) + more;
      if (count === 0) counts.delete(address);
      else counts.set(address, count);
    },
  };
}

/** Bytes that wait for a client; whoever does not read is let go. */
const MOST_UNSENT = 16 * 1024 * 1024;

/** The same of all clients together: beyond it, whoever has more than a little waiting is let go. */
const MOST_UNSENT_OF_ALL = 64 * 1024 * 1024;
const LITTLE = 1024 * 1024;

function unsentBound(clients: ReadonlySet<WebSocket>): (client: WebSocket) => void {
  const unsentOfAll = (): number =>
    [...clients].reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0);
  const isTooSlow = ({ bufferedAmount }: WebSocket): boolean =>
    bufferedAmount > MOST_UNSENT || (bufferedAmount > LITTLE && unsentOfAll() > MOST_UNSENT_OF_ALL);
  return client => {
    const send = client.send.bind(client) as (data: unknown, sent: () => void) => void;
    // That a client has left is told by the end of its socket; graphql-ws would write it to standard error for each message.
    const bounded = (data: unknown, ...given: readonly unknown[]): void => {
      const told = given.find(one => typeof one === 'function') as (() => void) | undefined;
      const sent = (): void => told?.();
      if (!isTooSlow(client)) send(data, sent);
      else {
        client.terminate();
        sent();
      }
    };
    Object.assign(client, { send: bounded });
  };
}

const refuse = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
};

/** The status line that refuses an upgrade; null where it is taken. */
function refusalOf(request: IncomingMessage, admission: Admission): string | null {
  const refusal = upgradeRefusalOf(request, admission);
  if (refusal !== null) return `${refusal.status} ${STATUS_CODES[refusal.status]}`;
  return request.url?.split('?', 1)[0] === '/graphql' ? null : '404 Not Found';
}
