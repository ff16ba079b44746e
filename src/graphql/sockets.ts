import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionInitMessage } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Admission, upgradeRefusalOf } from '../http/admission.js';
import type { Metrics } from '../http/metrics.js';
import type { AnyServer } from '../http/server.js';
import type { Endpoint } from './operation.js';
import { incomingOf } from './route.js';
import { websocketOptions } from './websocket.js';

/** Bytes of one message. */
const LARGEST_MESSAGE = 1024 * 1024;

const MOST_SOCKETS = 500;
const FULL = '503 Service Unavailable\r\nretry-after: 5';

type Sockets = {
  /** Tells every client to go elsewhere and waits until they are gone, or `wait` milliseconds. */
  close(wait: number): Promise<void>;
};

type SocketOptions = {
  readonly metrics: Metrics;
  /** Milliseconds that an operation has. */
  readonly deadline: number;
  readonly admission: Admission;
};

/** graphql-ws on `/graphql` of the same server. */
export function acceptWebSockets<C>(
  server: AnyServer,
  endpoint: Endpoint<C>,
  { metrics, deadline, admission }: SocketOptions,
): Sockets {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE });
  const options = websocketOptions(endpoint, ({ connectionParams, extra }, requestId) => {
    const incoming = incomingOf(extra.request, requestId, deadline);
    const authorization =
      connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
    return typeof authorization === 'string' ? { ...incoming, authorization } : incoming;
  });
  const disposable = useServer<ConnectionInitMessage['payload'], Record<never, never>>(
    options,
    sockets,
  );
  server.on('upgrade', (request, socket, head) => {
    const refusal = refusalOf(request, admission);
    if (refusal !== null) return refuse(socket, refusal);
    if (sockets.clients.size >= MOST_SOCKETS) return refuse(socket, FULL);
    sockets.handleUpgrade(request, socket, head, client => {
      metrics.connected(1);
      // Each operation that runs hears of the end of its connection.
      client.setMaxListeners(0);
      boundUnsent(client);
      client.once('close', () => metrics.connected(-1));
      sockets.emit('connection', client, request);
    });
  });
  return {
    close: async wait => {
      const ended = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, wait);
      await disposable.dispose();
      clearTimeout(ended);
    },
  };
}

/** Bytes that wait for a client; whoever does not read is let go. */
const MOST_UNSENT = 16 * 1024 * 1024;

function boundUnsent(client: WebSocket): void {
  const send = client.send.bind(client) as (...given: unknown[]) => void;
  const bounded = (...given: unknown[]): void => {
    if (client.bufferedAmount > MOST_UNSENT) client.terminate();
    else send(...given);
  };
  Object.assign(client, { send: bounded });
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
