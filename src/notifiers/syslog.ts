import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Line } from './message.js';
import { failed, type Outcome } from './outcome.js';
import { addressOf, type Reach } from './reach.js';

const TIMEOUT_MS = 15_000;
const PORTS = { 'tcp:': 601, 'tls:': 6_514 } as const;

async function opened(url: URL, reach: Reach): Promise<Socket> {
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const host = await addressOf(name, reach);
  const isTls = url.protocol === 'tls:';
  const port = Number(url.port) || PORTS[isTls ? 'tls:' : 'tcp:'];
  const socket = isTls
    ? connectTls({ host, port, ...(isIP(name) === 0 && { servername: name }) })
    : connectTcp({ host, port });
  await once(socket, isTls ? 'secureConnect' : 'connect', {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return socket;
}

/** RFC 6587, 3.4.1, and RFC 5425, 4.3: the length in bytes, a space, the message. Syslog gives no receipt. */
export async function sendLine({ url, text }: Line, reach: Reach): Promise<Outcome> {
  let socket: Socket | null = null;
  try {
    socket = await opened(new URL(url), reach);
    const closed = once(socket, 'close', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    socket.end(`${Buffer.byteLength(text)} ${text}`);
    await closed;
    return { sent: true, status: 'written' };
  } catch (error) {
    return failed(error);
  } finally {
    socket?.destroy();
  }
}
